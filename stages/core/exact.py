"""Sums that do not depend on the order of their terms.

A floating-point sum depends on its order, and the order on the processor's vectors, on the number of threads, on who
sums what. But whole numbers up to 2^53 add exactly in float64, in any order. So numbers are rounded to multiples of a
power of two, a grid, before they are multiplied by pixels and added: coarse enough that no sum passes 2^53 of them, and
no coarser. The rounding is the only error, it is known, and it is the same everywhere.
"""

import math
from typing import Any

import numpy as np

from stages.core.compiled import compiled
from stages.storage.arrays import ByteArray, FloatArray
from stages.storage.images import LARGEST_PIXEL, PIXELS  # constants, so that the compiled loops leave no remainder

EXACT_BITS = 52  # float64 holds whole numbers up to 2^53; one bit is kept for terms that rounding makes larger
FINEST = -1000  # the spacing's exponent for numbers that are all but zero


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
    exponent = math.frexp(largest)[1] + terms.bit_length() - EXACT_BITS
    return math.ldexp(1.0, max(exponent, FINEST))


@compiled
def to_grid(numbers: FloatArray, spacing: float) -> Any:
    """Return the numbers, float64 of any one shape, each rounded to its nearest multiple of the spacing."""
    return np.rint(numbers / spacing) * spacing


@compiled
def sum_in_two(numbers: FloatArray, spacing: float, finer: float) -> Any:
    """Return the sum of numbers, (n,), in two parts: of them on a grid, and of what that rounded off on a finer one."""
    rounded = to_grid(numbers, spacing)
    return np.sum(rounded), np.sum(to_grid(numbers - rounded, finer))


@compiled(any_order=True)
def weighted_sum(pixels: ByteArray, weights: FloatArray) -> Any:
    """Return the sum over j of pixels[j] * weights[j]; both (P,), the weights on their grid."""
    total = 0.0
    for j in range(PIXELS):
        total += pixels[j] * weights[j]
    return total


@compiled(any_order=True)
def add_four_rows(
    total: FloatArray,
    row_0: ByteArray,
    row_1: ByteArray,
    row_2: ByteArray,
    row_3: ByteArray,
    c: FloatArray,
) -> None:
    """Add c[0] * row_0 + ... + c[3] * row_3 to the total, (P,): four rows at once, for one pass over the total."""
    c_0, c_1, c_2, c_3 = c[0], c[1], c[2], c[3]
    for j in range(PIXELS):
        total[j] += (row_0[j] * c_0 + row_1[j] * c_1) + (row_2[j] * c_2 + row_3[j] * c_3)


def weights_on_grid(weights: FloatArray) -> FloatArray:
    """Return weights, (P,), on the grid that `sums_over_pixels` needs."""
    on_grid: FloatArray = to_grid(weights, grid(LARGEST_PIXEL * float(np.abs(weights).max()), weights.size))
    return on_grid


@compiled
def sums_over_pixels(pixels: ByteArray, weights: FloatArray) -> Any:
    """Return the weighted sum of each image's pixels: the product pixels @ weights.

    Parameters
    ----------
    pixels : (n, P) uint8.
    weights : (P,) float64 on `grid(255 max |weights|, P)`.

    Returns
    -------
    (n,) float64, exact.
    """
    sums = np.empty(len(pixels))
    for i in range(len(pixels)):
        sums[i] = weighted_sum(pixels[i], weights)
    return sums


@compiled
def add_sums_over_images(total: FloatArray, pixels: ByteArray, c: FloatArray) -> None:
    """Add to each pixel's total its weighted sum over the images: the product c @ pixels.

    Parameters
    ----------
    total : (P,) float64, changed in place, exact.
    pixels : (n, P) uint8.
    c : (n,) float64 on `grid(255 max |c|, images in the total)`.
    """
    whole = len(pixels) // 4 * 4
    for i in range(0, whole, 4):
        add_four_rows(total, pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3], c[i : i + 4])
    for i in range(whole, len(pixels)):
        add_four_rows(total, pixels[i], pixels[i], pixels[i], pixels[i], np.array([c[i], 0.0, 0.0, 0.0]))
