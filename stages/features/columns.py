"""Columns of numbers as bytes: how many standard deviations a number is from its column's mean.

The means and deviations are the training set's. They are stored with it and with the models, for all later numbers.
"""

import math

import numpy as np

from stages.storage.arrays import Array, ByteArray, FloatArray

COLUMNS = "columns"  # the name of this kind of features
MIDDLE = 127.5  # the byte value of a column's mean
STEPS = 42.5  # byte values for a deviation: three deviations fit on each side


def scale_of(values: FloatArray) -> FloatArray:
    """Return each column's mean and population standard deviation, (P, 2) float64, of (n, P) float64.

    The numbers are finite, up to 1e100. The sums are exact and rounded once, so the order of rows does not matter. A
    constant column has the deviation 0.
    """
    return np.array([moments_of(column) for column in values.T])


def moments_of(column: FloatArray) -> tuple[float, float]:
    """Return the mean and the standard deviation of numbers, (n,) float64."""
    mean = math.fsum(column) / len(column)
    variance = math.fsum(np.square(column - mean)) / len(column)
    return mean, math.sqrt(variance) if column.min() < column.max() else 0.0


def as_bytes(values: FloatArray, scale: FloatArray) -> ByteArray:
    """Return (n, P) float64 as (n, 2P) uint8: b = round(127.5 + 42.5 (x - mean) / deviation), 0 to 255, then 255 - b.

    The second half adds no information. But the mean of each row becomes 127.5, so rows need no normalisation. For
    columns, that would lose what all numbers of a row have in common.
    """
    mean, deviation = scale.T
    with np.errstate(all="ignore"):  # what overflows float64 also overflows a byte, and is clipped
        away = np.divide(values - mean, deviation, out=np.zeros_like(values), where=deviation > 0)
        bytes_: Array = np.clip(np.floor(MIDDLE + STEPS * away + 0.5), 0, 255)
    first = bytes_.astype(np.uint8)
    return np.concatenate([first, 255 - first], axis=1)
