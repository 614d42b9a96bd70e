"""The test images on the page: some to start a drawing from, and those that the models get wrong."""

import numpy as np

from stages.storage.arrays import ByteArray, IntArray

STARTS = 12  # images of each class to start from
MOST_STARTS = 300  # of all classes together
MISTAKES = 3000  # images at most: with 14,000, phones would load the page slowly


def starts(labels: ByteArray, classes: int) -> IntArray:
    """Return the row numbers of the first images of each class, class by class, whatever their answers."""
    of_each = min(STARTS, MOST_STARTS // classes)
    return np.concatenate([np.flatnonzero(labels == k)[:of_each] for k in range(classes)])


def mistakes(labels: ByteArray, predicted: IntArray, classes: int) -> IntArray:
    """Return the row numbers of the images with a wrong answer, in ascending order.

    If there are more than MISTAKES, each pair of true class and answer keeps its first images, all pairs alike.
    """
    wrong = np.flatnonzero(labels != predicted)
    pairs = classes * labels[wrong].astype(np.int64) + predicted[wrong]
    place_in_pair = np.array([np.sum(pairs[:i] == pair) for i, pair in enumerate(pairs)], dtype=np.int64)
    return np.sort(wrong[np.argsort(place_in_pair, kind="stable")[:MISTAKES]])
