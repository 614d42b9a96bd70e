"""Columns of numbers as bytes: how far a number is from its column's mean, in the column's deviations.

Both are those of the training set, and stay with it and with the models: whatever comes later is made bytes by them.
"""

import math

import numpy as np

from stages.storage.arrays import Array, ByteArray, FloatArray

COLUMNS = "columns"  # what such features are called
MIDDLE = 127.5  # of a byte, which stands for the mean
STEPS = 42.5  # of a byte to a deviation: three of these on each side


def scale_of(values: FloatArray) -> FloatArray:
    """Return each column's mean and its population's deviation, (P, 2), of (n, P) float64, finite, up to 1e100.

    The sums are exact before they are rounded once, so that the order of rows does not matter. A column that is
    constant has the deviation 0.
    """
    return np.array([moments_of(column) for column in values.T])


def moments_of(column: FloatArray) -> tuple[float, float]:
    """Return the mean and the deviation of numbers, (n,)."""
    mean = math.fsum(column) / len(column)
    variance = math.fsum(np.square(column - mean)) / len(column)
    return mean, math.sqrt(variance) if column.min() < column.max() else 0.0


def as_bytes(values: FloatArray, scale: FloatArray) -> ByteArray:
    """Return (n, P) float64 as (n, 2P) uint8: b = round(127.5 + 42.5 (x - mean) / deviation), 0 to 255, then 255 - b.

    The second half adds nothing that is new. But with it the mean of each row is 127.5, so that rows need not be
    normalised, as images are: what all columns have in common would be lost.
    """
    mean, deviation = scale.T
    with np.errstate(all="ignore"):  # beyond float64 is beyond a byte, too
        away = np.divide(values - mean, deviation, out=np.zeros_like(values), where=deviation > 0)
        bytes_: Array = np.clip(np.floor(MIDDLE + STEPS * away + 0.5), 0, 255)
    first = bytes_.astype(np.uint8)
    return np.concatenate([first, 255 - first], axis=1)
