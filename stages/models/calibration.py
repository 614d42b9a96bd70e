"""Whether the probabilities are true, and what a model gains that says yes more rarely, or more often.

Sums of probabilities are exact before they are rounded once (`math.fsum`), so their order does not matter.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from stages.storage.arrays import ByteArray, FloatArray, IntArray

BINS = 10
POINTS = 100  # of a digit's curve, at most


class Bin(NamedTuple):
    """The answers that are about as sure: how many, how many of them are right, and the sum of their probabilities."""

    images: int
    right: int
    probability: float


def reliability(labels: ByteArray, predicted: IntArray, probabilities: FloatArray) -> list[Bin]:
    """Return the answers by how sure they are, in ten bins.

    labels, predicted (n,): what each image is, and is taken for. probabilities (n, K) float64: of each class, 0 to 1.
    An answer is as sure as the probability of its class. Bin m, from 1, has those above (m - 1) / 10, up to m / 10.
    """
    sure = probabilities[np.arange(len(labels)), predicted]
    places = np.searchsorted(np.arange(1, BINS) / BINS, sure)
    right = labels == predicted
    bins = [places == m for m in range(BINS)]
    return [Bin(int(these.sum()), int((these & right).sum()), math.fsum(sure[these])) for these in bins]


def expected_calibration_error(bins: list[Bin]) -> float:
    """Return how far the share of right answers is from how sure they are: the mean over all answers, bin by bin.

    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks: the sum over the bins of
    |B| / n times |share right - mean probability|, which is |right - sum of probabilities| / n. 0 if there are none.
    """
    gaps = math.fsum(abs(one.right - one.probability) for one in bins)
    return gaps / max(sum(one.images for one in bins), 1)


def precision_recall(positive: npt.NDArray[np.bool_], z: FloatArray) -> list[tuple[float, float]]:
    """Return recall and precision of one model where it says yes to its highest scores alone, fewest yes first.

    positive (n,) bool: whether each image is its digit. z (n,) float64: the scores. A point says yes to every score
    that is no lower than that of one more image of the digit; where these are many, to that of one in each hundredth.
    None if no image is the digit.
    """
    order = np.argsort(-z, kind="stable")
    last = np.append(z[order[1:]] != z[order[:-1]], True)  # of equal scores: all of them are yes, or none
    right = np.cumsum(positive[order])[last]
    answered = np.flatnonzero(last) + 1
    total = int(right[-1])
    wanted = sorted({-(-total * step // POINTS) for step in range(1, POINTS + 1)} - {0})
    places = sorted({int(place) for place in np.searchsorted(right, wanted)})
    return [(int(right[place]) / total, int(right[place]) / int(answered[place])) for place in places]


def precision_recall_table(labels: ByteArray, z: FloatArray, classes: Sequence[str]) -> pd.DataFrame:
    """Return digit, recall, precision: the points of each model's curve, of labels (n,), scores (n, K) and K names."""
    curves = (precision_recall(labels == k, scores) for k, scores in enumerate(z.T))
    points = [(name, *point) for name, curve in zip(classes, curves, strict=True) for point in curve]
    return pd.DataFrame(points, columns=["digit", "recall", "precision"])
