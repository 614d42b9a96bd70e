"""Splits the rows into the training set, the validation set and the test set."""

import math
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import Array, ByteArray, IntArray
from stages.storage.errors import ParameterError


class Split(NamedTuple):
    """The rows of the three sets, (n,) int64 each. The validation set may be empty."""

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
    """Return the rows of the three sets, each in shuffled order.

    Without stratification and `own_test`, this is scikit-learn's `train_test_split`, whose import takes a second.
    NumPy's older generator, which promises to keep its numbers, shuffles the rows. The test set takes the first rows,
    the validation set the next. So the validation set's size does not change the test set.

    Parameters
    ----------
    labels : (n,) uint8.
    test_size, validation_size : shares of all images, in (0, 1) and [0, 1). With `own_test`, the first is None, and the
        second is a share of the other rows.
    stratified : whether each set gets the same share of each class, to within one image.
    seed : of the shuffle, 0 to 2^32 - 1.
    own_test : (n,) bool, the rows of the data's own test set; None if there is none.

    Raises
    ------
    ParameterError
        if no image is left to train on, or if `test_size` is None without `own_test`, or a share with it.
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
        raise ParameterError(f"{both} of {len(rows)} images leave no image to train on; lower one of them")
    order = balanced_order(labels[rows]) if stratified else np.arange(len(rows))
    test, validation, train = (rows[np.sort(part)] for part in np.split(order, [tested, tested + validated]))
    return Split(train, validation, np.concatenate([own, test]))


def balanced_order(labels: ByteArray) -> IntArray:
    """Return an order of labels, (n,) int64, in which the first rows always have about the same share of each class."""
    share = np.empty(len(labels))
    for label in np.unique(labels):
        (places,) = np.nonzero(labels == label)
        share[places] = (np.arange(len(places)) + 0.5) / len(places)
    return np.argsort(share, kind="stable")
