"""Which images train, which choose between models, and which test."""

import math
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import ByteArray, IntArray
from stages.storage.errors import ParameterError


class Split(NamedTuple):
    """The rows of three sets, (n,) int64 each; there may be no validation set."""

    train: IntArray
    validation: IntArray
    test: IntArray


def split(labels: ByteArray, *, test_size: float, validation_size: float, stratified: bool, seed: int) -> Split:
    """Return the rows of the three sets, each in the order of a shuffle.

    Without the last two parameters they are those of scikit-learn's `train_test_split`, which takes a second to load:
    NumPy's older generator, whose numbers are promised to stay, puts the rows in an order, of which the test set takes
    the first. The validation set takes the next, so that the test set is the same with one and without.

    Parameters
    ----------
    labels : (n,) uint8.
    test_size, validation_size : shares of all images, in (0, 1) and [0, 1).
    stratified : whether each set has each class's share, to one image.
    seed : of the shuffle, 0 to 2^32 - 1.

    Raises
    ------
    ParameterError
        where a set that there is to be is left without images.
    """
    tested, validated = math.ceil(len(labels) * test_size), math.ceil(len(labels) * validation_size)
    if tested + validated >= len(labels):
        both = f"--test_size {test_size} and --validation_size {validation_size}"
        raise ParameterError(f"{both} of {len(labels)} images leave none to train on")
    rows = np.random.RandomState(seed).permutation(len(labels))
    order = by_share(labels[rows]) if stratified else np.arange(len(rows))
    test, validation, train = (rows[np.sort(part)] for part in np.split(order, [tested, tested + validated]))
    return Split(train, validation, test)


def by_share(labels: ByteArray) -> IntArray:
    """Return an order of labels, (n,), in which each beginning has about the same share of each class."""
    share = np.empty(len(labels))
    for label in np.unique(labels):
        (places,) = np.nonzero(labels == label)
        share[places] = (np.arange(len(places)) + 0.5) / len(places)
    return np.argsort(share, kind="stable")
