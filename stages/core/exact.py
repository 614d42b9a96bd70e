"""Sums that do not depend on the order of their terms.

A floating-point sum depends on its order, and the order on the processor's vectors, on the number of threads, on who
sums what. But whole numbers up to 2^53 add exactly in float64, in any order. So numbers are rounded to multiples of a
power of two, a grid, before they are multiplied by bytes and added: coarse enough that no sum passes 2^53 of them, and
no coarser. The rounding is the only error, it is known, and it is the same everywhere.
"""

import math

import numpy as np

from stages.storage.arrays import FloatArray

LARGEST_BYTE = 255
EXACT_BITS = 52  # float64 holds whole numbers up to 2^53; one bit is kept for terms that rounding makes larger
FINEST = -1000  # the spacing's exponent for numbers that are all but zero
FEWEST = 512  # terms that a weight's grid is made for: so a weight has at most 35 bits (see `core.limbs`)


def grid(largest: float, terms: int) -> float:
    """Return the spacing on which a sum is exact in any order.

    With largest <= 2^a and terms <= 2^b, a spacing of 2^(a + b - 52) leaves every partial sum at most 2^52 spacings,
    and the rounding of each number adds less than as much again. Examples, for MNIST: weights up to 0.15, times pixels
    up to 255, 784 terms: 2^(6 + 10 - 52). Residuals over standard deviations of 31.8 or more, times pixels, 56,000
    terms: 2^(4 + 16 - 52).

    Parameters
    ----------
    largest : float >= 0, a bound of the terms' sizes; infinity and NaN give 1, as nothing is exact there.
    terms : int > 0, how many there are.

    Returns
    -------
    float, a power of two.
    """
    if not math.isfinite(largest):
        return 1.0
    exponent = math.frexp(largest)[1] + math.frexp(terms)[1] - EXACT_BITS
    return math.ldexp(1.0, max(exponent, FINEST))


def to_grid(numbers: FloatArray, spacing: float) -> FloatArray:
    """Return the numbers, float64 of any shape, each rounded to its nearest multiple of the spacing."""
    rounded: FloatArray = np.rint(numbers / spacing) * spacing
    return rounded


def weights_on_grid(weights: FloatArray) -> FloatArray:
    """Return weights, (P,) float64, on the grid on which their sums over a row of bytes are exact."""
    return to_grid(weights, grid(LARGEST_BYTE * float(np.abs(weights).max()), max(weights.size, FEWEST)))


def dot(a: FloatArray, b: FloatArray) -> float:
    """Return a'b, for (n,) and (n,), no exact sum but one in a fixed order: from the first to the last."""
    return float(np.add.accumulate(a * b)[-1])
