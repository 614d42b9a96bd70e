"""The confusion matrix, as the page shows it."""

from typing import NamedTuple

import numpy as np

from stages.models.counts import confusion
from stages.storage.arrays import ByteArray, FloatArray, IntArray


class Confusion(NamedTuple):
    """Counts of images, (K, K): a row for each true class, a column for each answer; and what is shown of them.

    shades : (K, K), the strength of each cell's colour, 0 to 1. Right and wrong answers have a scale each.
    recall, precision : (K,), the share of each row and of each column that is right; NaN if it has no images.
    """

    counts: IntArray
    shades: FloatArray
    recall: FloatArray
    precision: FloatArray


def confusion_of(labels: ByteArray, predicted: IntArray, classes: int) -> Confusion:
    """Return the confusion matrix of K classes, from (n,) labels and (n,) answers."""
    counts = confusion(labels, predicted, classes)
    right = np.eye(classes, dtype=bool)
    shades = np.sqrt(counts / np.where(right, counts[right].max(), counts[~right].max()).clip(1))
    diagonal = counts.diagonal()
    with np.errstate(invalid="ignore"):
        return Confusion(counts, shades, diagonal / counts.sum(axis=1), diagonal / counts.sum(axis=0))
