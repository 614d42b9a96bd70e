"""Shows whether the probabilities are true, and what a model gains if it says yes less often or more often.

Sums of probabilities are exact and rounded once (`math.fsum`), so their order does not matter.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from stages.storage.arrays import ByteArray, FloatArray, IntArray

BINS = 10
POINTS = 100  # of a class's curve, at most


class Bin(NamedTuple):
    """Answers with similar probabilities: how many, how many are right, and the sum of the probabilities."""

    images: int
    right: int
    probability: float


def reliability(labels: ByteArray, predicted: IntArray, probabilities: FloatArray) -> list[Bin]:
    """Return the answers in ten bins by their probability.

    labels (n,) uint8, predicted (n,) int64: true and predicted classes. probabilities (n, K) float64: of each class, 0
    to 1. An answer has the probability of its class. Bin m, from 1, has those above (m - 1) / 10, up to m / 10.
    """
    sure = probabilities[np.arange(len(labels)), predicted]
    places = np.searchsorted(np.arange(1, BINS) / BINS, sure)
    right = labels == predicted
    bins = [places == m for m in range(BINS)]
    return [Bin(int(these.sum()), int((these & right).sum()), math.fsum(sure[these])) for these in bins]


def expected_calibration_error(bins: list[Bin]) -> float:
    """Return the mean difference between the share of right answers and their probability, bin by bin.

    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks: the sum over the bins of |B| / n
    times |share right - mean probability|, which is |right - sum of probabilities| / n. 0 if there are no answers.
    """
    gaps = math.fsum(abs(one.right - one.probability) for one in bins)
    return gaps / max(sum(one.images for one in bins), 1)


def precision_recall(positive: npt.NDArray[np.bool_], z: FloatArray) -> list[tuple[float, float]]:
    """Return recall and precision of one model if it says yes only to its highest scores, fewest yes first.

    positive (n,) bool: whether each image is the digit. z (n,) float64: the scores. Each point says yes to all scores
    from that of some image of the digit up; of many points, about a hundred remain. Empty if no image is the digit.
    """
    order = np.argsort(-z, kind="stable")
    last = np.append(z[order[1:]] != z[order[:-1]], True)  # of equal scores, which are all yes or all no
    right = np.cumsum(positive[order])[last]
    answered = np.flatnonzero(last) + 1
    total = int(right[-1])
    wanted = sorted({-(-total * step // POINTS) for step in range(1, POINTS + 1)} - {0})
    places = sorted({int(place) for place in np.searchsorted(right, wanted)})
    return [(int(right[place]) / total, int(right[place]) / int(answered[place])) for place in places]


def precision_recall_table(labels: ByteArray, z: FloatArray, classes: Sequence[str]) -> pd.DataFrame:
    """Return digit, recall, precision: each model's curve, of labels (n,) uint8, scores (n, K) float64 and K names."""
    curves = (precision_recall(labels == k, scores) for k, scores in enumerate(z.T))
    points = [(name, *point) for name, curve in zip(classes, curves, strict=True) for point in curve]
    return pd.DataFrame(points, columns=["digit", "recall", "precision"])
