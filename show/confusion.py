"""Which class is taken for which, as the page's table shows it."""

from typing import NamedTuple

import numpy as np

from stages.models.counts import confusion
from stages.storage.arrays import ByteArray, FloatArray, IntArray


class Confusion(NamedTuple):
    """Numbers of images, (K, K), a row for a true class, a column for an answer; what is to be seen of them.

    shades : (K, K), how deep each is coloured, from 0 to 1: right answers, and, on a scale of their own, wrong ones.
    recall, precision : (K,), the share of a row, and of a column, that is right; NaN where there is none.
    """

    counts: IntArray
    shades: FloatArray
    recall: FloatArray
    precision: FloatArray


def confusion_of(labels: ByteArray, predicted: IntArray, classes: int) -> Confusion:
    """Return which of K classes are taken for which."""
    counts = confusion(labels, predicted, classes)
    right = np.eye(classes, dtype=bool)
    shades = np.sqrt(counts / np.where(right, counts[right].max(), counts[~right].max()).clip(1))
    diagonal = counts.diagonal()
    with np.errstate(invalid="ignore"):
        return Confusion(counts, shades, diagonal / counts.sum(axis=1), diagonal / counts.sum(axis=0))
