"""The logistic function and its cost against SciPy, and at the ends of the number range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from stages.core.logistic import ATANH_SERIES, EXP_SERIES, cost, log, sigmoid
from stages.storage.arrays import FloatArray

SCORES = np.concatenate([np.linspace(-50, 50, 20_001), [-745.0, -1e3, -1e20, 745.0, 1e3, 1e20, 1e-20, -1e-300]])


def ulps(found: FloatArray, expected: FloatArray) -> float:
    """Return the largest distance in units in the last place."""
    return float(np.max(np.abs(found - expected) / np.spacing(np.abs(expected))))


def test_sigmoid_is_scipys() -> None:
    normal = SCORES[SCORES > -700]
    assert ulps(sigmoid(normal), expit(normal)) <= 4


@pytest.mark.parametrize(
    ("z", "p"),
    [(0.0, 0.5), (1.0, 0.7310585786300049), (-40.0, 4.248354255291589e-18), (40.0, 1.0), (-1e3, 0.0), (1e20, 1.0)],
)
def test_sigmoid_at_known_points(z: float, p: float) -> None:
    assert sigmoid(np.array([z]))[0] == pytest.approx(p, rel=1e-15, abs=0)


def test_the_series_are_as_long_as_float64_needs() -> None:
    terms = len(EXP_SERIES)
    assert (math.log(2) / 2) ** terms / math.factorial(terms) < 2**-54  # what the next would be, of 1
    assert (1 / 3) ** (2 * len(ATANH_SERIES)) / (2 * len(ATANH_SERIES) + 1) < 2**-54


def test_log_is_numpys() -> None:
    x = np.concatenate([np.linspace(0.4, 3.0, 10_001), np.geomspace(5e-324, 1.7e308, 10_001)])
    assert np.allclose(log(x), np.log(x), rtol=4e-16, atol=4e-16)
    assert log(np.array([1.0]))[0] == 0


def test_cost_is_that_of_the_formula() -> None:
    for y in (0, 1):
        expected = np.logaddexp(0, -SCORES if y else SCORES)
        assert np.allclose(cost(SCORES, np.full(SCORES.size, y, dtype=np.uint8)), expected, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize(
    ("z", "y", "expected"),
    [
        (0.0, 1, np.log(2)),
        (40.0, 0, 40.0),
        (40.0, 1, 4.248354255291589e-18),
        (-1e3, 1, 1e3),
        (-1e3, 0, 0.0),
        (1e20, 0, 1e20),
        (-1e20, 1, 1e20),
    ],
)
def test_cost_at_known_points(z: float, y: int, expected: float) -> None:
    assert cost(np.array([z]), np.array([y], dtype=np.uint8))[0] == pytest.approx(expected, rel=1e-15, abs=0)


def test_cost_of_no_number_is_no_number() -> None:
    assert np.isnan(cost(np.array([np.nan]), np.array([1], dtype=np.uint8))[0])


@given(st.floats(-1e20, 1e20))
def test_sigmoid_is_symmetric(z: float) -> None:
    up, down = sigmoid(np.array([z, -z]))
    assert 0 <= up <= 1
    assert up + down == pytest.approx(1, abs=1e-15)
