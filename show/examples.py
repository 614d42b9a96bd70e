"""Which test images are on the page: some to start a drawing from, and those that are taken for another class."""

import numpy as np

from stages.storage.arrays import ByteArray, IntArray

STARTS = 12  # images of each class to start from
MOST_STARTS = 300  # of all
MISTAKES = 3000  # images at most: 14,000 would make a page that phones load slowly


def starts(labels: ByteArray, classes: int) -> IntArray:
    """Return the rows of the first images of each class, right or wrong, class by class."""
    of_each = min(STARTS, MOST_STARTS // classes)
    return np.concatenate([np.flatnonzero(labels == k)[:of_each] for k in range(classes)])


def mistakes(labels: ByteArray, predicted: IntArray, classes: int) -> IntArray:
    """Return the rows of the images that are taken for another class, in their order.

    Where there are too many, the first of each pair of classes, as many of each as there is room for.
    """
    wrong = np.flatnonzero(labels != predicted)
    pairs = classes * labels[wrong].astype(np.int64) + predicted[wrong]
    place_in_pair = np.array([np.sum(pairs[:i] == pair) for i, pair in enumerate(pairs)], dtype=np.int64)
    return np.sort(wrong[np.argsort(place_in_pair, kind="stable")[:MISTAKES]])
