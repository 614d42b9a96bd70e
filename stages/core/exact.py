"""Sums that do not depend on the order of their terms.

A floating-point sum depends on the order of its terms. That order depends on the processor's vectors, the number of
threads, and who sums what. But whole numbers up to 2^53 add up exactly in float64, in any order. So numbers are rounded
to multiples of a power of two, a grid, before they are multiplied by bytes and added. The grid is just coarse enough
that no sum exceeds 2^53 spacings. This rounding is the only error. It is known, and the same on every machine.
"""

import math

import numpy as np

from stages.storage.arrays import FloatArray

LARGEST_BYTE = 255
EXACT_BITS = 52  # float64 holds whole numbers up to 2^53; one bit is left for terms that are rounded up
FINEST = -1000  # the smallest exponent of a spacing, for numbers close to zero
FEWEST = 512  # terms that a weight's grid allows for, so that a weight has at most 35 bits (see `core.limbs`)


def grid(largest: float, terms: int) -> float:
    """Return the spacing on which a sum is exact in any order.

    With largest <= 2^a and terms <= 2^b, a spacing of 2^(a + b - 52) keeps every partial sum within 2^52 spacings.
    Rounding the numbers adds less than 2^52 more. Examples, for MNIST: weights up to 0.15, times pixels up to 255, 784
    terms: 2^(6 + 10 - 52). Residuals divided by standard deviations of 31.8 or more, times pixels, 56,000 terms: 2^(4 +
    16 - 52).

    Parameters
    ----------
    largest : float >= 0, no term is larger; infinity and NaN return 1, because no sum of them is exact.
    terms : int > 0, the number of terms.

    Returns
    -------
    float, a power of two.
    """
    if not math.isfinite(largest):
        return 1.0
    exponent = math.frexp(largest)[1] + math.frexp(terms)[1] - EXACT_BITS
    return math.ldexp(1.0, max(exponent, FINEST))


def to_grid(numbers: FloatArray, spacing: float) -> FloatArray:
    """Return numbers, float64 of any shape, each rounded to the nearest multiple of the spacing."""
    rounded: FloatArray = np.rint(numbers / spacing) * spacing
    return rounded


def weights_on_grid(weights: FloatArray) -> FloatArray:
    """Return weights, (P,) float64, rounded to the grid on which their sums over a row of bytes are exact."""
    return to_grid(weights, grid(LARGEST_BYTE * float(np.abs(weights).max()), max(weights.size, FEWEST)))


def dot(a: FloatArray, b: FloatArray) -> float:
    """Return a'b of (n,) and (n,) float64. The sum is not exact, but always goes from the first term to the last."""
    return float(np.add.accumulate(a * b)[-1])
