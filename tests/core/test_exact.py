"""The sums are exact: equal to Python's whole numbers, in any order."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.exact import (
    EXACT_BITS,
    add_sums_over_images,
    grid,
    in_limbs,
    sum_in_two,
    sums_over_pixels,
    to_grid,
    weights_on_grid,
)
from stages.storage.arrays import ByteArray
from tests.helpers import ROOT, clean_environment

AT_THE_END = """
import ctypes, mmap
import numpy as np
from stages.core.exact import add_sums_over_images, in_limbs, sums_over_pixels
pages = np.frombuffer(mmap.mmap(-1, 2 * mmap.PAGESIZE), np.uint8)
assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(pages.ctypes.data + mmap.PAGESIZE), mmap.PAGESIZE, 0) == 0
images = pages[mmap.PAGESIZE - 3 * 784 : mmap.PAGESIZE].reshape(3, 784)
sums_over_pixels(images, in_limbs(np.ones(784)))
add_sums_over_images(np.zeros(784), images, np.ones(3), 1.0)
"""


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
    assert [Fraction(z) for z in sums_over_pixels(pixels, in_limbs(weights))] == exact
    assert Fraction(in_limbs(weights).total) == sum(map(Fraction, weights))


@pytest.mark.parametrize("sign", [1, -1])
def test_no_sum_of_limbs_passes_int32(sign: int) -> None:
    white = np.full((600, 784), 255, np.uint8)
    w = sign * np.append(np.full(783, ((2**13 - 1) * (1 + 2**14) + 63 * 2**28) * 2.0**-35), 0.5)
    limbs = in_limbs(w)
    assert sums_over_pixels(white, limbs)[0] == 255 * sum(map(Fraction, w))
    assert [abs(int(limb[0])) for limb in limbs[:2]] == [2**13 - 1] * 2
    for c in (16383, 16384, 16385, (2**13 - 1) * 2**15 + 16384):
        g = np.zeros(784)
        add_sums_over_images(g, white, np.full(600, sign * c * 2.0**-30), 2.0**-30)
        assert set(g) == {600 * 255 * sign * c * 2.0**-30}


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_weights_that_are_not_finite_give_no_sums(bad: float) -> None:
    assert np.isnan(sums_over_pixels(bytes_of((2, 784)), in_limbs(np.append(np.ones(783), bad)))).all()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 502, 1025])
def test_weighted_sums_over_images_are_exact(size: int) -> None:
    pixels, spacing = bytes_of((size, 784)), grid(255 / 31, size)
    c = np.random.default_rng(1).uniform(-1 / 31, 1 / 31, size)
    g = np.zeros(784)
    add_sums_over_images(g, pixels, c, spacing)
    on_grid = to_grid(c, spacing)
    exact = [sum(int(r) * Fraction(x) for r, x in zip(column, on_grid, strict=True)) for column in pixels.T]
    assert [Fraction(g_j) for g_j in g] == exact


def test_nothing_is_read_beyond_the_last_image() -> None:
    """As there it may be that the file they are mapped from ends, and with it what may be read."""
    result = subprocess.run([sys.executable, "-c", AT_THE_END], cwd=ROOT, env=clean_environment(), timeout=600)
    assert result.returncode == 0


def test_the_order_of_images_is_irrelevant_to_the_bit() -> None:
    pixels, order = bytes_of((1000, 784)), np.random.default_rng(2).permutation(1000)
    c, spacing = np.random.default_rng(1).standard_normal(1000), grid(255 * 5, 1000)
    one, other = np.zeros(784), np.zeros(784)
    add_sums_over_images(one, pixels, c, spacing)
    add_sums_over_images(other, pixels[order], c[order], spacing)
    assert one.tobytes() == other.tobytes()


def test_a_sum_in_two_parts_is_exact_in_any_order() -> None:
    numbers = np.random.default_rng(1).exponential(size=1000) ** 4
    spacing = grid(numbers.max(), 1000)
    parts = {sum_in_two(np.roll(numbers, by), spacing, grid(spacing / 2, 1000)) for by in range(0, 1000, 50)}
    assert len(parts) == 1
    assert abs(sum(map(Fraction, parts.pop())) - sum(map(Fraction, numbers))) < 2**-60


def test_weights_move_by_half_a_spacing_at_most() -> None:
    weights = np.random.default_rng(1).standard_normal(784)
    assert np.abs(weights_on_grid(weights) - weights).max() <= grid(255 * np.abs(weights).max(), 784) / 2
