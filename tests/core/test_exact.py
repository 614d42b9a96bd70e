"""The sums are exact: equal to Python's whole numbers, in any order."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.exact import (
    EXACT_BITS,
    add_sums_over_images,
    grid,
    sum_in_two,
    sums_over_pixels,
    to_grid,
    weights_on_grid,
)
from stages.storage.arrays import ByteArray


def bytes_of(shape: tuple[int, ...], seed: int = 0) -> ByteArray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@given(st.floats(0, 1e300), st.integers(1, 10**9))
def test_no_sum_passes_what_float64_holds(largest: float, terms: int) -> None:
    spacing = Fraction(grid(largest, terms))
    assert terms * (Fraction(largest) + 255 * spacing / 2) <= spacing * 2**53


@given(st.floats(1e-200, 1e300), st.integers(1, 10**9))
def test_the_grid_is_no_coarser_than_it_must_be(largest: float, terms: int) -> None:
    assert terms * Fraction(largest) >= Fraction(grid(largest, terms)) * 2 ** (EXACT_BITS - 2)


@pytest.mark.parametrize("largest", [np.inf, np.nan])
def test_what_is_not_finite_has_a_grid(largest: float) -> None:
    assert grid(largest, 10) == 1.0


@pytest.mark.parametrize("scale", [1e-12, 0.1, 19.0, 1e6])
def test_weighted_sums_of_pixels_are_exact(scale: float) -> None:
    pixels = bytes_of((50, 784))
    weights = weights_on_grid(scale * np.random.default_rng(1).standard_normal(784))
    exact = [sum(int(r) * Fraction(w) for r, w in zip(row, weights, strict=True)) for row in pixels]
    assert [Fraction(z) for z in sums_over_pixels(pixels, weights)] == exact


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 502])
def test_weighted_sums_over_images_are_exact(size: int) -> None:
    pixels = bytes_of((size, 784))
    c = np.random.default_rng(1).uniform(-1 / 31, 1 / 31, size)
    on_grid = to_grid(c, grid(255 / 31, size))
    total = np.zeros(784)
    add_sums_over_images(total, pixels, on_grid)
    exact = [sum(int(r) * Fraction(x) for r, x in zip(column, on_grid, strict=True)) for column in pixels.T]
    assert [Fraction(g) for g in total] == exact


def test_the_order_of_images_is_irrelevant_to_the_bit() -> None:
    pixels, order = bytes_of((1000, 784)), np.random.default_rng(2).permutation(1000)
    c = to_grid(np.random.default_rng(1).standard_normal(1000), grid(255 * 5, 1000))
    one, other = np.zeros(784), np.zeros(784)
    add_sums_over_images(one, pixels, c)
    add_sums_over_images(other, pixels[order], c[order])
    assert one.tobytes() == other.tobytes()


def test_weights_move_by_half_a_spacing_at_most() -> None:
    weights = np.random.default_rng(1).standard_normal(784)
    assert np.abs(weights_on_grid(weights) - weights).max() <= grid(255 * np.abs(weights).max(), 784) / 2


def test_a_sum_in_two_parts_is_exact_in_any_order() -> None:
    numbers = np.random.default_rng(1).exponential(size=1000) ** 4
    spacing = grid(numbers.max(), 1000)
    parts = {sum_in_two(np.roll(numbers, by), spacing, grid(spacing / 2, 1000)) for by in range(0, 1000, 50)}
    assert len(parts) == 1
    assert abs(sum(map(Fraction, parts.pop())) - sum(map(Fraction, numbers))) < 2**-60
