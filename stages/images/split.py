"""Which images train, and which test."""

import math

import numpy as np

from stages.storage.arrays import IntArray
from stages.storage.errors import ParameterError


def split(size: int, test_size: float, seed: int) -> tuple[IntArray, IntArray]:
    """Return the rows of the training set and of the test set, in the notebook's order.

    They are those of scikit-learn's `train_test_split`, which takes a second to load: NumPy's older generator, whose
    numbers are promised to stay, puts the rows in an order, of which the test set takes the first. Raises
    ParameterError where a side is left without images.
    """
    tested = math.ceil(size * test_size)
    if tested >= size:
        raise ParameterError(f"--test_size: {test_size} of {size} images leaves one side without any")
    rows = np.random.RandomState(seed).permutation(size)
    return rows[tested:], rows[:tested]
