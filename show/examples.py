"""Which test images are on the page: some to start a drawing from, and those that are taken for another digit."""

import numpy as np

from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, IntArray

STARTS = 12  # images of each digit to start from
MISTAKES = 3000  # images at most: 14,000 would make a page that phones load slowly


def starts(labels: ByteArray) -> IntArray:
    """Return the rows of the first images of each digit, right or wrong, digit by digit."""
    return np.concatenate([np.flatnonzero(labels == digit)[:STARTS] for digit in DIGITS])


def mistakes(labels: ByteArray, predicted: IntArray) -> IntArray:
    """Return the rows of the images that are taken for another digit, in their order.

    Where there are too many, the first of each pair of digits, as many of each as there is room for.
    """
    wrong = np.flatnonzero(labels != predicted)
    pairs = len(DIGITS) * labels[wrong].astype(np.int64) + predicted[wrong]
    place_in_pair = np.array([np.sum(pairs[:i] == pair) for i, pair in enumerate(pairs)], dtype=np.int64)
    return np.sort(wrong[np.argsort(place_in_pair, kind="stable")[:MISTAKES]])
