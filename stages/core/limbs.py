"""The fast sums of a matrix of bytes times numbers. They use short whole numbers, which processors multiply fastest.

Numbers on a grid are whole multiples of its spacing. They are cut into limbs, int16. The limbs' products with bytes are
summed as int32 and combined at the end; `core.exact` explains why nothing is lost. A row of 16 bytes or more is read in
strips of 16. If the last strip would be short, it begins earlier, and bytes seen twice count once.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from stages.core.compiled import compiled
from stages.core.lanes import add_products, add_to, interleaved, prefetch, repeated, shorts, total, widened, zeros
from stages.storage.arrays import ByteArray, FloatArray, ShortArray

STRIP = 16
WEIGHT_BITS, WEIGHT_LIMB, C_LIMB = 35, 2.0**14, 2.0**15
AT_ONCE = 1024  # bytes of a row: the sum of so many products, each at most 2^13 times 255, fits in an int32
ROWS = 512  # the sum of so many products, each at most 2^14 times 255, fits in an int32


class Limbs(NamedTuple):
    """Weights as whole multiples of a power of two, each in three limbs: low + 2^14 (middle + 2^14 high).

    low, middle, high : (16 strips,) int16, at most 2^13 from 0, and 0 where a strip sees a byte again.
    unit : float, the power of two. total : float, the sum of the weights.
    """

    low: ShortArray
    middle: ShortArray
    high: ShortArray
    unit: float
    total: float


@compiled
def to_strips(numbers: FloatArray, columns: int) -> Any:
    """Return numbers, (P,) float64, arranged like a row's strips, (16 strips,); the last strip ends with the row."""
    in_strips = np.zeros((columns + STRIP - 1) // STRIP * STRIP)
    last, shift = in_strips.size - STRIP, in_strips.size - columns
    for j in range(numbers.size):
        in_strips[j if j < last else j + shift] = numbers[j]
    return in_strips


@compiled
def from_strips(in_strips: FloatArray, columns: int) -> Any:
    """Return the numbers of a row's columns, (columns,) float64, from their arrangement in strips."""
    last, shift, numbers = in_strips.size - STRIP, in_strips.size - columns, np.empty(columns)
    for j in range(columns):
        numbers[j] = in_strips[j if j < last else j + shift]
    return numbers


@compiled
def largest_of(numbers: FloatArray) -> Any:
    """Return the largest absolute value of (n,) float64, or NaN if there is one. The bits compare like the numbers."""
    sizes, found = np.abs(numbers).view(np.int64), np.int64(0)
    for i in range(sizes.size):
        found = max(found, sizes[i])
    return np.array([found]).view(np.float64)[0]


@compiled
def take_limb(rest: FloatArray, size: float, limb: ShortArray) -> None:
    """Move the last digit of whole numbers, (n,) float64, in base `size`, to `limb`: at most half a size from 0."""
    for i in range(rest.size):
        above = np.rint(rest[i] / size)
        limb[i] = np.int16(rest[i] - size * above)
        rest[i] = above


@compiled
def to_limbs(weights: FloatArray) -> Any:
    """Return the `Limbs` of weights on the grid of `weights_on_grid`, (16 strips,) float64, arranged in strips.

    The grid's spacing is at least 2^-42 of a power of two above 255 times the largest weight. So all weights are whole
    multiples of 2^-35 of the power above the largest. A weight that is not finite makes all results NaN.
    """
    largest = largest_of(weights)
    unit = math.ldexp(1.0, math.frexp(largest)[1] - WEIGHT_BITS) if math.isfinite(largest) else np.nan
    low, middle, high = np.empty((3, weights.size), np.int16)
    for i in range(weights.size):
        whole = weights[i] / unit
        above = np.rint(whole / WEIGHT_LIMB)
        top = np.rint(above / WEIGHT_LIMB)
        low[i], middle[i], high[i] = whole - WEIGHT_LIMB * above, above - WEIGHT_LIMB * top, top
    return Limbs(low, middle, high, unit, np.sum(weights))


@compiled
def add_strip(sums: Any, row: ByteArray, at: int, weights: Limbs, place: int) -> Any:
    """Return the sums, one for each limb, with the products of the row's strip at byte `at` added."""
    low, middle, high = sums
    strip = widened(row, at)
    return (
        add_products(low, strip, shorts(weights.low, place)),
        add_products(middle, strip, shorts(weights.middle, place)),
        add_products(high, strip, shorts(weights.high, place)),
    )


@compiled
def sums_over_columns(X: ByteArray, weights: Limbs) -> Any:
    """Return X @ weights, the weighted sum of each row's bytes: (n, P) uint8 to (n,) float64, exact."""
    sums, row, columns = np.zeros(len(X)), X.reshape(-1), X.shape[1]
    for i in range(sums.size):
        for first in range(0, weights.low.size, AT_ONCE):
            last = min(first + AT_ONCE, weights.low.size) - STRIP
            limbs = zeros(), zeros(), zeros()
            for place in range(first, last, STRIP):
                limbs = add_strip(limbs, row, i * columns + place, weights, place)
            low, middle, high = add_strip(limbs, row, i * columns + min(last, columns - STRIP), weights, last)
            sums[i] += total(low) + WEIGHT_LIMB * (total(middle) + WEIGHT_LIMB * total(high))
        sums[i] *= weights.unit
    return sums


@compiled
def add_sums_over_rows(in_strips: FloatArray, X: ByteArray, c: FloatArray, spacing: float) -> None:
    """Add c @ X to `in_strips`: for each column the sum of its bytes, each times its row's c.

    Parameters
    ----------
    in_strips : (16 strips,) float64, arranged in strips, changed in place, exact.
    X : (n, P) uint8, contiguous.
    c : (n,) float64, rounded to the grid.
    spacing : float, `grid(255 max |c|, rows in the sums)`.
    """
    for start in range(0, c.size, ROWS):
        rest = np.rint(c[start : start + ROWS] / spacing)
        low, high = np.zeros((2, rest.size + 1), np.int16)  # rows come in pairs; the last may be alone
        for limb in range(2):  # twice: four limbs hold more than a float64
            if rest.any():
                take_limb(rest, C_LIMB, low)
                take_limb(rest, C_LIMB, high)
                add_limbs(in_strips, X[start : start + ROWS], low, high, spacing * C_LIMB ** (2 * limb))


@compiled
def add_limbs(in_strips: FloatArray, X: ByteArray, low: ShortArray, high: ShortArray, spacing: float) -> None:
    """Add the sums over at most ROWS rows, each times low + 2^15 high spacings, one strip of the rows after another.

    Memory is slow and is idle during the sums, so the next rows are fetched into the cache meanwhile.
    """
    row, last, columns = X.reshape(-1), len(X) - 1, X.shape[1]
    for place in range(0, in_strips.size, STRIP):
        start = min(place, columns - STRIP)
        a = b = c = d = zeros()
        for i in range(0, len(X), 2):
            at = i * columns + start
            below = at + columns if i < last else at
            left, right = interleaved(row, at, below), interleaved(row, at + 8, below + 8)
            a = add_products(a, left, repeated(low, i))
            b = add_products(b, left, repeated(high, i))
            c = add_products(c, right, repeated(low, i))
            d = add_products(d, right, repeated(high, i))
            prefetch(row, X.size + place * len(X) + STRIP * i)
        add_to(in_strips, place, a, spacing)
        add_to(in_strips, place, b, spacing * C_LIMB)
        add_to(in_strips, place + 8, c, spacing)
        add_to(in_strips, place + 8, d, spacing * C_LIMB)
