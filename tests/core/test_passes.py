"""A pass over the images against the mathematics: plain NumPy, finite differences, scikit-learn."""

from concurrent.futures import Executor
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import check_grad

from stages.core import plain
from stages.core.blocks import Block, Sums, blocks_of, grids_for
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples
from stages.core.logistic import cost
from stages.core.passes import add_up, pass_function
from tests.core.reference import cost_and_gradient, labels_of, matrix

THETA = 0.01 * np.random.default_rng(3).standard_normal(785)


def test_it_is_the_formula(normalised: Examples, executor: Executor) -> None:
    y, X = labels_of(normalised), matrix(normalised)
    point = pass_function(blocks_of(normalised, y), 0.0, executor)(THETA)
    J, gradient = cost_and_gradient(X, y, THETA)
    assert point.cost == pytest.approx(J, rel=1e-10)
    assert np.abs(point.gradient - gradient).max() < 1e-10
    answers = X @ THETA[:-1] + THETA[-1] > 0
    assert point.rmse == pytest.approx(np.sqrt(np.mean(answers != y)), rel=1e-15)


@pytest.mark.parametrize(
    ("images", "sizes"),
    [(1, [1]), (1000, [1000]), (1001, [1000, 1]), (4001, [1001, 1001, 1001, 998]), (28001, [7000] * 4 + [1])],
)
def test_the_blocks_of_a_small_set_are_four_but_none_is_too_small_to_pay(images: int, sizes: list[int]) -> None:
    one = np.ones(images)
    blocks = blocks_of(Examples(np.zeros((images, 784), np.uint8), one.astype(np.uint8), 0 * one, one), one.astype(int))
    assert [len(block.y) for block in blocks] == sizes
    assert {len(part) for block in blocks for part in block} == set(sizes)


def test_zero_weights_cost_log_2(normalised: Examples, executor: Executor) -> None:
    point = pass_function(blocks_of(normalised, labels_of(normalised)), 0.0, executor)(np.zeros(785))
    assert point.cost == pytest.approx(np.log(2), rel=1e-15)


def test_the_gradient_is_that_of_the_cost(normalised: Examples, executor: Executor) -> None:
    pass_at = pass_function(blocks_of(normalised, labels_of(normalised)), 0.0, executor)
    assert check_grad(lambda t: pass_at(t).cost, lambda t: pass_at(t).gradient, THETA) < 2e-5


@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_the_gradient_is_that_of_central_differences(l2: float, normalised: Examples, executor: Executor) -> None:
    pass_at, h = pass_function(blocks_of(normalised, labels_of(normalised)), l2, executor), 1e-4
    gradient = pass_at(THETA).gradient
    for j in (0, 100, 400, 783, 784):
        step = h * np.eye(785)[j]
        up, down = (pass_at(THETA + sign * step).cost for sign in (1, -1))
        assert gradient[j] == pytest.approx((up - down) / (2 * h), abs=1e-7)


@pytest.mark.parametrize(("bytes_more", "released"), [(0, 0), (-1, 2)])
def test_pixels_stay_in_memory_from_pass_to_pass_where_there_is_room_for_all(
    normalised: Examples, executor: Executor, monkeypatch: pytest.MonkeyPatch, bytes_more: int, released: int
) -> None:
    let_go: list[int] = []
    monkeypatch.setattr("stages.core.passes.KEPT_BYTES", normalised.X.nbytes + bytes_more)
    monkeypatch.setattr("stages.core.passes.release", lambda pixels: let_go.append(len(pixels)))
    pass_at = pass_function(blocks_of(normalised, labels_of(normalised)), 0.0, executor)
    pass_at(THETA), pass_at(THETA)
    assert let_go == [len(normalised.labels)] * released


def test_costs_of_blocks_are_added_exactly() -> None:
    costs = [1e16, 1.0, -1e16]  # one by one, the 1 is lost; as Python 3.12 and later sum, it is not
    assert add_up([Sums(cost, 0.0, np.zeros(1), 0.0, 0) for cost in costs]).cost == 1.0


def test_the_costs_of_mnist_lose_no_more_than_is_said() -> None:
    ones = np.ones(7000)
    grids = grids_for([Block(np.zeros((7000, 784), np.uint8), ones, ones, np.zeros(7000, np.uint8))] * 8)
    assert grids.cost_rest / 2 == 2**-66


def test_the_cost_is_the_mean_of_the_images_costs(normalised: Examples, executor: Executor) -> None:
    (block,) = blocks_of(normalised, labels_of(normalised))
    z = plain.scores(block.X, block.mean, block.std, weights_on_grid(THETA[:-1]), THETA[-1])
    exact = sum(map(Fraction, cost(z, block.y))) / len(z)
    assert pass_function([block], 0.0, executor)(THETA).cost == pytest.approx(float(exact), rel=2**-52, abs=0)
