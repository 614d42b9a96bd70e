"""Which images train, which choose between models, and which test."""

import math
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import Array, ByteArray, IntArray
from stages.storage.errors import ParameterError


class Split(NamedTuple):
    """The rows of three sets, (n,) int64 each; there may be no validation set."""

    train: IntArray
    validation: IntArray
    test: IntArray


def split(
    labels: ByteArray,
    *,
    test_size: float | None,
    validation_size: float,
    stratified: bool,
    seed: int,
    own_test: Array | None = None,
) -> Split:
    """Return the rows of the three sets, each in the order of a shuffle.

    Without the last two parameters they are those of scikit-learn's `train_test_split`, which takes a second to load:
    NumPy's older generator, whose numbers are promised to stay, puts the rows in an order, of which the test set takes
    the first. The validation set takes the next, so that the test set is the same with one and without.

    Parameters
    ----------
    labels : (n,) uint8.
    test_size, validation_size : shares of all images, in (0, 1) and [0, 1). Where the first is None, the data's own
        test set is the test set, and the second is a share of the others.
    stratified : whether each set has each class's share, to one image.
    seed : of the shuffle, 0 to 2^32 - 1.
    own_test : (n,) bool, which rows are the data's own test set; None where it has none.

    Raises
    ------
    ParameterError
        where a set that there is to be is left without images, or `test_size` is None without a test set, or else.
    """
    if (test_size is None) != (own_test is not None):
        has, wanted = ("no", "a share") if own_test is None else ("a", "'own'")
        raise ParameterError(f"--test_size: must be {wanted}, as the data have {has} test set of their own")
    rows = np.random.RandomState(seed).permutation(len(labels))
    apart = np.zeros(len(rows), bool) if own_test is None else own_test[rows]
    own, rows = rows[apart], rows[~apart]
    tested, validated = (math.ceil(len(rows) * size) for size in (test_size or 0, validation_size))
    if tested + validated >= len(rows):
        both = f"--test_size {test_size or 'own'} and --validation_size {validation_size}"
        raise ParameterError(f"{both} of {len(rows)} images leave none to train on")
    order = by_share(labels[rows]) if stratified else np.arange(len(rows))
    test, validation, train = (rows[np.sort(part)] for part in np.split(order, [tested, tested + validated]))
    return Split(train, validation, np.concatenate([own, test]))


def by_share(labels: ByteArray) -> IntArray:
    """Return an order of labels, (n,), in which each beginning has about the same share of each class."""
    share = np.empty(len(labels))
    for label in np.unique(labels):
        (places,) = np.nonzero(labels == label)
        share[places] = (np.arange(len(places)) + 0.5) / len(places)
    return np.argsort(share, kind="stable")
