"""The methods on functions whose lowest point is known, against their formulas and conjugate directions."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import rosen, rosen_der

from stages.core.methods import METHODS, Points, Settings, barzilai_borwein, check, direction, dot, lbfgs, shorter_step
from stages.storage.arrays import FloatArray
from tests.core.reference import how

Function = Callable[[FloatArray], tuple[float, FloatArray]]

A = np.diag(np.geomspace(1, 50, 12)) + 0.1
LOWEST = np.linspace(-1, 1, 12)
BEYOND_USE = 100


def quadratic(theta: FloatArray) -> tuple[float, FloatArray]:
    off = theta - LOWEST
    return off @ A @ off / 2, A @ off


def follow(points: Points, function: Function, most: int = 200) -> list[tuple[FloatArray, float, FloatArray]]:
    """Return the points of a method until it ends, or so many, with the cost and the gradient at each."""
    found, theta = [], next(points)
    while len(found) < most:
        cost, gradient = function(theta)
        found.append((theta, cost, gradient))
        try:
            theta = points.send((cost if cost < BEYOND_USE else math.inf, gradient))
        except StopIteration:
            break
    return found


def test_a_dot_product_is_summed_from_the_first_to_the_last() -> None:
    numbers = np.array([2.0**53, 1.0, -(2.0**53), 1.0])
    assert dot(numbers, np.ones(4)) == 1.0


def test_barzilai_and_borweins_step_is_the_curvature_of_the_last() -> None:
    points = follow(barzilai_borwein(np.zeros(12), how(alpha=0.01)), quadratic, 20)
    for (before, _, g_before), (at, _, g), (after, _, _) in zip(points, points[1:], points[2:], strict=False):
        s, y = at - before, g - g_before
        assert np.allclose(after, at - (s @ y) / (y @ y) * g, rtol=0, atol=1e-12)
    assert np.allclose(points[1][0], -0.01 * points[0][2])


@pytest.mark.parametrize("method", [barzilai_borwein, lbfgs])
@pytest.mark.parametrize("alpha", [1e-9, 0.01, 1e9])
def test_the_lowest_point_is_found_whatever_the_first_step(
    method: Callable[[FloatArray, Settings], Points], alpha: float
) -> None:
    points = follow(method(np.zeros(12), how(alpha=alpha)), quadratic)
    best, cost, _ = min(points, key=lambda point: point[1])
    assert np.abs(best - LOWEST).max() < 1e-7
    assert cost < 1e-14


@pytest.mark.parametrize("method", ["barzilai_borwein", "lbfgs"])
def test_it_ends_where_there_is_no_slope(method: str) -> None:
    assert len(follow(METHODS[method].points(LOWEST, how()), quadratic)) == 1


def test_lbfgs_ends_where_no_step_descends_in_float64() -> None:
    points = follow(lbfgs(np.zeros(12), how(alpha=0.01)), lambda theta: (1 + quadratic(theta)[0], quadratic(theta)[1]))
    assert len(points) < 100
    assert np.abs(points[-1][2]).max() < 1e-6


@pytest.mark.parametrize(
    ("slope", "rise", "expected"),
    [(-1, 2, 0.5), (-1, 0, 1), (-1, 100, 0.2), (-1, -1.9, 1), (-1, math.inf, 0.2), (-3, 2, 0.75)],
)
def test_a_step_is_shortened_to_the_lowest_point_of_its_parabola(slope: float, rise: float, expected: float) -> None:
    """Of slope t + a t^2 that is at -slope / 2 a; a tenth of the step is the least, a half the most."""
    assert shorter_step(2.0, slope, rise) == pytest.approx(expected)


def test_lbfgs_comes_to_the_lowest_point_in_its_first_direction_at_the_second_try() -> None:
    def flat(theta: FloatArray) -> tuple[float, FloatArray]:
        return quadratic(theta)[0] / 100, quadratic(theta)[1] / 100

    _, gradient = flat(np.zeros(12))
    alpha = 400 * (gradient @ gradient) / (gradient @ A @ gradient)
    start, _, lowest = follow(lbfgs(np.zeros(12), how(alpha=alpha)), flat, 3)
    assert abs(lowest[2] @ start[2]) < 1e-9 * (start[2] @ start[2])


def test_barzilai_and_borwein_go_a_tenth_as_far_where_there_is_no_cost() -> None:
    start, *tries = follow(barzilai_borwein(np.zeros(12), how(alpha=1e9)), quadratic, 5)
    assert [point for point, _, _ in tries] == [pytest.approx(-(10.0**power) * start[2]) for power in (9, 8, 7, 6)]


def test_lbfgs_finds_the_end_of_a_bent_valley() -> None:
    points = follow(lbfgs(np.array([-1.2, 1.0]), how(alpha=0.001)), lambda theta: (rosen(theta), rosen_der(theta)))
    assert np.abs(points[-1][0] - 1).max() < 1e-6


def test_lbfgs_goes_in_conjugate_directions_where_steps_are_the_best() -> None:
    """Nazareth (1979): on a quadratic, with exact line searches, the two methods are one."""
    theta, (_, gradient), pairs = np.zeros(12), quadratic(np.zeros(12)), []
    conjugate = -gradient
    for _ in range(8):
        s = -(conjugate @ gradient) / (conjugate @ A @ conjugate) * conjugate
        theta, before = theta + s, gradient
        gradient = quadratic(theta)[1]
        pairs.append((s, gradient - before, s @ (gradient - before)))
        conjugate = -gradient + (gradient @ gradient) / (before @ before) * conjugate
        d = direction(gradient, pairs[-3:], 0.01)
        assert d @ conjugate == pytest.approx(np.linalg.norm(d) * np.linalg.norm(conjugate), rel=1e-12)


def test_momentum_is_of_gradient_descent_alone() -> None:
    with pytest.raises(ValueError, match=r"^momentum: must be 0 with the method lbfgs, got 0\.9$"):
        check(how(method="lbfgs", momentum=0.9))
