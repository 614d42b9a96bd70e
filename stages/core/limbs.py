"""The fast sums: of a matrix of bytes with numbers, in short whole numbers, which processors multiply fastest.

Numbers on a grid are whole numbers of its spacing. They are cut into limbs, int16; the sums of the limbs' products with
bytes are int32, and are put together at the end: `core.exact` says why nothing is lost. A row is read in strips of 16
bytes. Where they do not come out even, the last strip begins earlier, and what it sees twice counts once: so nothing
beyond a row is read. Rows have 16 bytes or more.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from stages.core.compiled import compiled
from stages.core.lanes import add_products, add_to, prefetch, repeated, shorts, total, widened, zeros, zipped
from stages.storage.arrays import ByteArray, FloatArray, ShortArray

STRIP = 16
WEIGHT_BITS, WEIGHT_LIMB, C_LIMB = 35, 2.0**14, 2.0**15
AT_ONCE = 1024  # bytes of a row, whose sums of limbs, at most 2^13 times 255 each, are an int32
ROWS = 512  # whose sums of limbs, at most 2^14 times 255 each, are an int32


class Limbs(NamedTuple):
    """Weights as whole numbers of a power of two, each in three limbs: low + 2^14 (middle + 2^14 high).

    low, middle, high : (16 strips,) int16, at most 2^13 from 0, 0 where a strip sees a byte again.
    unit : float, the power of two. total : float, the sum of the weights.
    """

    low: ShortArray
    middle: ShortArray
    high: ShortArray
    unit: float
    total: float


@compiled
def to_places(numbers: FloatArray, columns: int) -> Any:
    """Return numbers, (P,), in the places of a row's strips, (16 strips,) float64: the last strip ends with the row."""
    placed = np.zeros((columns + STRIP - 1) // STRIP * STRIP)
    last, shift = placed.size - STRIP, placed.size - columns
    for j in range(numbers.size):
        placed[j if j < last else j + shift] = numbers[j]
    return placed


@compiled
def from_places(placed: FloatArray, columns: int) -> Any:
    """Return the numbers of a row's columns, (columns,) float64, from the places of its strips."""
    last, shift, numbers = placed.size - STRIP, placed.size - columns, np.empty(columns)
    for j in range(columns):
        numbers[j] = placed[j if j < last else j + shift]
    return numbers


@compiled
def largest_of(numbers: FloatArray) -> Any:
    """Return the largest size of numbers, (n,), a NaN if there is one: their bits, as whole numbers, compare alike."""
    sizes, found = np.abs(numbers).view(np.int64), np.int64(0)
    for i in range(sizes.size):
        found = max(found, sizes[i])
    return np.array([found]).view(np.float64)[0]


@compiled
def take_limb(rest: FloatArray, size: float, limb: ShortArray) -> None:
    """Move the last digit of whole numbers, (n,), in base `size`, to their limb: half a size from 0 at most."""
    for i in range(rest.size):
        above = np.rint(rest[i] / size)
        limb[i] = np.int16(rest[i] - size * above)
        rest[i] = above


@compiled
def in_limbs(weights: FloatArray) -> Any:
    """Return `Limbs` of weights, (16 strips,) float64 in the strips' places, on the grid of `weights_on_grid`.

    That is 2^-42 of a power of two above 255 times the largest, or coarser: all are whole numbers of 2^-35 of the one
    above the largest. Where one is not finite the unit is NaN, and so is all that comes of it.
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
def with_strip(sums: Any, row: ByteArray, at: int, weights: Limbs, place: int) -> Any:
    """Return the sums, one for each limb, with the products of the strip that begins at a byte of the row."""
    low, middle, high = sums
    strip = widened(row, at)
    return (
        add_products(low, strip, shorts(weights.low, place)),
        add_products(middle, strip, shorts(weights.middle, place)),
        add_products(high, strip, shorts(weights.high, place)),
    )


@compiled
def sums_over_columns(X: ByteArray, weights: Limbs) -> Any:
    """Return the weighted sum of each row's bytes, the product X @ weights: (n, P) uint8 to (n,) float64, exact."""
    sums, row, columns = np.zeros(len(X)), X.reshape(-1), X.shape[1]
    for i in range(sums.size):
        for first in range(0, weights.low.size, AT_ONCE):
            last = min(first + AT_ONCE, weights.low.size) - STRIP
            limbs = zeros(), zeros(), zeros()
            for place in range(first, last, STRIP):
                limbs = with_strip(limbs, row, i * columns + place, weights, place)
            low, middle, high = with_strip(limbs, row, i * columns + min(last, columns - STRIP), weights, last)
            sums[i] += total(low) + WEIGHT_LIMB * (total(middle) + WEIGHT_LIMB * total(high))
        sums[i] *= weights.unit
    return sums


@compiled
def add_sums_over_rows(placed: FloatArray, X: ByteArray, c: FloatArray, spacing: float) -> None:
    """Add to each column's sum that of its bytes, each times its row's c: the product c @ X.

    Parameters
    ----------
    placed : (16 strips,) float64, in the strips' places, changed in place, exact.
    X : (n, P) uint8, contiguous.
    c : (n,) float64, rounded to the grid.
    spacing : float, `grid(255 max |c|, rows in the sums)`.
    """
    for start in range(0, c.size, ROWS):
        rest = np.rint(c[start : start + ROWS] / spacing)
        low, high = np.zeros((2, rest.size + 1), np.int16)  # rows come in pairs; the last may be alone
        for limb in range(2):  # twice, two limbs hold more than float64
            if rest.any():
                take_limb(rest, C_LIMB, low)
                take_limb(rest, C_LIMB, high)
                add_limbs(placed, X[start : start + ROWS], low, high, spacing * C_LIMB ** (2 * limb))


@compiled
def add_limbs(placed: FloatArray, X: ByteArray, low: ShortArray, high: ShortArray, spacing: float) -> None:
    """Add the sums over at most ROWS rows, each times low + 2^15 high spacings: a strip of the rows at a time.

    Memory is slow, and sums leave it idle: it is asked for as many rows that follow these.
    """
    row, last, columns = X.reshape(-1), len(X) - 1, X.shape[1]
    for place in range(0, placed.size, STRIP):
        start = min(place, columns - STRIP)
        a = b = c = d = zeros()
        for i in range(0, len(X), 2):
            at = i * columns + start
            below = at + columns if i < last else at
            left, right = zipped(row, at, below), zipped(row, at + 8, below + 8)
            a = add_products(a, left, repeated(low, i))
            b = add_products(b, left, repeated(high, i))
            c = add_products(c, right, repeated(low, i))
            d = add_products(d, right, repeated(high, i))
            prefetch(row, X.size + place * len(X) + STRIP * i)
        add_to(placed, place, a, spacing)
        add_to(placed, place, b, spacing * C_LIMB)
        add_to(placed, place + 8, c, spacing)
        add_to(placed, place + 8, d, spacing * C_LIMB)
