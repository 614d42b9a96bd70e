"""The sums are exact: equal to Python's whole numbers, in any order."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.exact import EXACT_BITS, grid, to_grid, weights_on_grid
from stages.core.limbs import add_sums_over_rows, sums_over_columns, to_limbs
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


@pytest.mark.parametrize("scale", [0.0, 1e-320, 1e-300, 1e-12, 0.1, 19.0, 1e6, 1e300])
def test_weighted_sums_of_pixels_are_exact(scale: float) -> None:
    pixels = bytes_of((50, 784))
    pixels[0] = 255
    weights = weights_on_grid(scale * np.random.default_rng(1).standard_normal(784))
    exact = [sum(int(r) * Fraction(w) for r, w in zip(row, weights, strict=True)) for row in pixels]
    assert [Fraction(z) for z in sums_over_columns(pixels, to_limbs(weights))] == exact
    assert Fraction(to_limbs(weights).total) == sum(map(Fraction, weights))


@pytest.mark.parametrize("sign", [1, -1])
def test_no_sum_of_limbs_passes_int32(sign: int) -> None:
    white = np.full((600, 784), 255, np.uint8)
    w = sign * np.append(np.full(783, ((2**13 - 1) * (1 + 2**14) + 63 * 2**28) * 2.0**-35), 0.5)
    limbs = to_limbs(w)
    assert sums_over_columns(white, limbs)[0] == 255 * sum(map(Fraction, w))
    assert [abs(int(limb[0])) for limb in limbs[:2]] == [2**13 - 1] * 2
    for c in (16383, 16384, 16385, (2**13 - 1) * 2**15 + 16384):
        g = np.zeros(784)
        add_sums_over_rows(g, white, np.full(600, sign * c * 2.0**-30), 2.0**-30)
        assert set(g) == {600 * 255 * sign * c * 2.0**-30}


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_weights_that_are_not_finite_give_no_sums(bad: float) -> None:
    assert np.isnan(sums_over_columns(bytes_of((2, 784)), to_limbs(np.append(np.ones(783), bad)))).all()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 502, 1025])
def test_weighted_sums_over_images_are_exact(size: int) -> None:
    pixels, spacing = bytes_of((size, 784)), grid(255 / 31, size)
    c = np.random.default_rng(1).uniform(-1 / 31, 1 / 31, size)
    g = np.zeros(784)
    add_sums_over_rows(g, pixels, c, spacing)
    on_grid = to_grid(c, spacing)
    exact = [sum(int(r) * Fraction(x) for r, x in zip(column, on_grid, strict=True)) for column in pixels.T]
    assert [Fraction(g_j) for g_j in g] == exact


def test_the_order_of_images_is_irrelevant_to_the_bit() -> None:
    pixels, order = bytes_of((1000, 784)), np.random.default_rng(2).permutation(1000)
    c, spacing = np.random.default_rng(1).standard_normal(1000), grid(255 * 5, 1000)
    one, other = np.zeros(784), np.zeros(784)
    add_sums_over_rows(one, pixels, c, spacing)
    add_sums_over_rows(other, pixels[order], c[order], spacing)
    assert one.tobytes() == other.tobytes()


def test_weights_move_by_half_a_spacing_at_most() -> None:
    weights = np.random.default_rng(1).standard_normal(784)
    assert np.abs(weights_on_grid(weights) - weights).max() <= grid(255 * np.abs(weights).max(), 784) / 2
