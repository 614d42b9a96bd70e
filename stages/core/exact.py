"""Sums that do not depend on the order of their terms.

A floating-point sum depends on its order, and the order on the processor's vectors, on the number of threads, on who
sums what. But whole numbers up to 2^53 add exactly in float64, in any order. So numbers are rounded to multiples of a
power of two, a grid, before they are multiplied by pixels and added: coarse enough that no sum passes 2^53 of them, and
no coarser. The rounding is the only error, it is known, and it is the same everywhere.

Of whole numbers, short ones are the quickest to multiply. So weights, of 35 bits with their sign, and what the images
are multiplied by are cut into limbs, int16, and the sums of the limbs' products are put together at the end.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from stages.core.compiled import compiled
from stages.core.lanes import add_products, add_to, prefetch, repeated, shorts, total, widened, zeros, zipped
from stages.storage.arrays import ByteArray, FloatArray, ShortArray
from stages.storage.images import LARGEST_PIXEL, PIXELS  # constants, so that the compiled loops leave no remainder

EXACT_BITS = 52  # float64 holds whole numbers up to 2^53; one bit is kept for terms that rounding makes larger
FINEST = -1000  # the spacing's exponent for numbers that are all but zero
WEIGHT_BITS, WEIGHT_LIMB, C_LIMB = 35, 2.0**14, 2.0**15
ROWS = 512  # images whose sums of limbs, at most 2^14 times 255 each, are int32


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


def weights_on_grid(weights: FloatArray) -> FloatArray:
    """Return weights, (P,), on the grid on which their sums over pixels are exact."""
    on_grid: FloatArray = to_grid(weights, grid(LARGEST_PIXEL * float(np.abs(weights).max()), weights.size))
    return on_grid


class Limbs(NamedTuple):
    """Weights as whole numbers of a power of two, each in three limbs: low + 2^14 (middle + 2^14 high).

    low, middle, high : (P,) int16, at most 2^13 from 0: times 255, the sum of P is an int32.
    unit : float, the power of two. total : float, the sum of the weights.
    """

    low: ShortArray
    middle: ShortArray
    high: ShortArray
    unit: float
    total: float


@compiled
def take_limb(rest: FloatArray, size: float, limb: ShortArray) -> None:
    """Move the last digit of whole numbers, (n,), in base `size`, to their limb: half a size from 0 at most."""
    for i in range(rest.size):
        above = np.rint(rest[i] / size)
        limb[i] = np.int16(rest[i] - size * above)
        rest[i] = above


@compiled
def in_limbs(weights: FloatArray) -> Any:
    """Return `Limbs` of weights, (P,) float64 on the grid of `weights_on_grid`.

    That is 2^-42 of a power of two above 255 times the largest, or coarser: all are whole numbers of 2^-35 of the one
    above the largest. Where one is not finite the unit is NaN, and so is all that comes of it.
    """
    largest = np.max(np.abs(weights))
    unit = math.ldexp(1.0, math.frexp(largest)[1] - WEIGHT_BITS) if np.isfinite(weights).all() else np.nan
    rest, limbs = weights / unit, np.empty((3, weights.size), np.int16)
    for limb in limbs:
        take_limb(rest, WEIGHT_LIMB, limb)
    return Limbs(limbs[0], limbs[1], limbs[2], unit, np.sum(weights))


@compiled
def sums_over_pixels(pixels: ByteArray, weights: Limbs) -> Any:
    """Return the weighted sum of each image's pixels: the product pixels @ weights.

    Parameters
    ----------
    pixels : (n, P) uint8, contiguous.
    weights : in limbs.

    Returns
    -------
    (n,) float64, exact.
    """
    sums = np.empty(len(pixels))
    row = pixels.reshape(-1)
    for i in range(sums.size):
        low = middle = high = zeros()
        for j in range(0, PIXELS, 16):
            sixteen = widened(row, i * PIXELS + j)
            low = add_products(low, sixteen, shorts(weights.low, j))
            middle = add_products(middle, sixteen, shorts(weights.middle, j))
            high = add_products(high, sixteen, shorts(weights.high, j))
        sums[i] = weights.unit * (total(low) + WEIGHT_LIMB * (total(middle) + WEIGHT_LIMB * total(high)))
    return sums


@compiled
def add_sums_over_images(g: FloatArray, pixels: ByteArray, c: FloatArray, spacing: float) -> None:
    """Add to each pixel's sum that of its values in the images, each times the image's c: the product c @ pixels.

    Parameters
    ----------
    g : (P,) float64, changed in place, exact.
    pixels : (n, P) uint8, contiguous.
    c : (n,) float64, rounded to the grid.
    spacing : float, `grid(255 max |c|, images in the sums)`.
    """
    for start in range(0, c.size, ROWS):
        rest = np.rint(c[start : start + ROWS] / spacing)
        low, high = np.zeros((2, rest.size + 1), np.int16)  # images come in pairs; the last may be alone
        for limb in range(2):  # twice, two limbs hold more than float64
            if rest.any():
                take_limb(rest, C_LIMB, low)
                take_limb(rest, C_LIMB, high)
                add_limbs(g, pixels[start : start + ROWS], low, high, spacing * C_LIMB ** (2 * limb))


@compiled
def add_limbs(g: FloatArray, pixels: ByteArray, low: ShortArray, high: ShortArray, spacing: float) -> None:
    """Add the sums over at most ROWS images, each times low + 2^15 high spacings: a strip of the images at a time.

    Memory is slow, and sums leave it idle: it is asked for as many images that follow these.
    """
    row, last = pixels.reshape(-1), len(pixels) - 1
    for j in range(0, PIXELS, 16):
        a = b = c = d = zeros()
        for i in range(0, len(pixels), 2):
            at = i * PIXELS + j
            below = at + PIXELS if i < last else at
            left, right = zipped(row, at, below), zipped(row, at + 8, below + 8)
            a = add_products(a, left, repeated(low, i))
            b = add_products(b, left, repeated(high, i))
            c = add_products(c, right, repeated(low, i))
            d = add_products(d, right, repeated(high, i))
            prefetch(row, pixels.size + j * len(pixels) + 16 * i)
        add_to(g, j, a, spacing)
        add_to(g, j, b, spacing * C_LIMB)
        add_to(g, j + 8, c, spacing)
        add_to(g, j + 8, d, spacing * C_LIMB)
