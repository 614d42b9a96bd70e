"""The descent against the notebook's and the best there is, and what it keeps."""

from concurrent.futures import Executor

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from stages.core import methods
from stages.core.blocks import blocks_of
from stages.core.examples import Examples, normalise
from stages.core.gradient_descent import descend, is_kept
from stages.core.methods import Epoch, Method, Points, Settings
from stages.core.passes import pass_function
from stages.storage.arrays import FloatArray
from tests.core.reference import (
    METHODS,
    SETTINGS,
    START,
    TURN_BACK,
    cost_and_gradient,
    how,
    labels_of,
    matrix,
    plain_descent,
)

FINE = {"ftol": 1e-16, "gtol": 1e-12, "maxiter": 1000}


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_it_is_the_notebooks_descent(l2: float, normalised: Examples, executor: Executor) -> None:
    y = labels_of(normalised)
    found = descend(blocks_of(normalised, y), how(l2=l2), executor=executor)
    expected = plain_descent(matrix(normalised), y, **SETTINGS | {"l2": l2})
    assert np.abs(found.weights - expected.weights).max() < 1e-12
    assert found.bias == pytest.approx(expected.bias, abs=1e-12)
    assert np.allclose(found.cost_history, expected.cost_history, rtol=1e-12)
    assert (found.rmse, found.ended) == (expected.rmse, expected.ended)


def test_it_stops_where_the_notebook_stops(normalised: Examples, executor: Executor) -> None:
    y = labels_of(normalised)
    settings = SETTINGS | {"rmse_threshold": 0.25}
    found = descend(blocks_of(normalised, y), how(**settings), executor=executor)
    expected = plain_descent(matrix(normalised), y, **settings)
    assert 1 < len(found.cost_history) == len(expected.cost_history) < settings["max_iter"]
    assert found.ended == "converged"
    assert np.abs(found.weights - expected.weights).max() < 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_it_always_takes_one_step(method: str, normalised: Examples, executor: Executor) -> None:
    settings = SETTINGS | METHODS[method] | {"rmse_threshold": 1.0}
    found = descend(blocks_of(normalised, labels_of(normalised)), how(**settings), executor=executor)
    assert len(found.cost_history) == 1
    assert found.weights.any()


def test_flipped_labels_negate_the_model(normalised: Examples, executor: Executor) -> None:
    y = labels_of(normalised)
    one, other = (descend(blocks_of(normalised, t), how(**SETTINGS), executor=executor) for t in (y, 1 - y))
    assert np.abs(one.weights + other.weights).max() < 1e-13
    assert one.bias == pytest.approx(-other.bias, abs=1e-13)


def test_momentum_is_nesterovs(normalised: Examples, executor: Executor) -> None:
    y, X = labels_of(normalised), matrix(normalised)
    theta, velocity = np.zeros(785), np.zeros(785)
    for _ in range(30):  # Sutskever et al. 2013, eq. 3 and 4: the gradient at the look-ahead
        ahead = theta + 0.9 * velocity
        velocity = 0.9 * velocity - 0.01 * cost_and_gradient(X, y, ahead)[1]
        theta = theta + velocity
    ahead = theta + 0.9 * velocity
    settings = SETTINGS | METHODS["nesterov"] | {"max_iter": 30}
    found = descend(blocks_of(normalised, y), how(**settings), executor=executor)
    assert np.abs(found.weights - ahead[:-1]).max() < 1e-11
    assert found.bias == pytest.approx(ahead[-1], abs=1e-11)


@pytest.fixture(scope="module")
def noise() -> Examples:
    """Return images whose digits no weights tell apart, in 40 pixels: the lowest cost is within reach."""
    rng = np.random.default_rng(5)
    pixels = np.zeros((500, 784), np.uint8)
    pixels[:, 300:340] = rng.integers(0, 256, (500, 40))
    return normalise(pixels, rng.integers(0, 10, 500, np.uint8))


def test_the_gradient_is_zero_where_scikit_learn_finds_the_optimum(noise: Examples, executor: Executor) -> None:
    best = LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cg").fit(matrix(noise), labels_of(noise))
    point = pass_function(blocks_of(noise, labels_of(noise)), 0.0, executor)(np.append(best.coef_[0], best.intercept_))
    assert np.abs(point.gradient).max() < 1e-9


@pytest.mark.parametrize("l2", [0.3, 0.01])
def test_with_a_penalty_it_comes_to_scikit_learns_optimum(l2: float, noise: Examples, executor: Executor) -> None:
    y = labels_of(noise)
    best = LogisticRegression(C=1 / (len(y) * l2), tol=1e-10, solver="newton-cg").fit(matrix(noise), y)
    found = descend(blocks_of(noise, y), how(method="lbfgs", rmse_threshold=-1.0, l2=l2), executor=executor)
    assert np.abs(found.weights - best.coef_[0]).max() < 1e-6
    assert found.bias == pytest.approx(best.intercept_[0], abs=1e-5)
    assert found.ended == "optimum"


@pytest.mark.parametrize(
    ("method", "within", "ended"), [("barzilai_borwein", 1e-6, "max_iter"), ("lbfgs", 1e-15, "optimum")]
)
def test_the_cost_falls_to_where_scipys_minimiser_ends(
    method: str, within: float, ended: str, noise: Examples, executor: Executor
) -> None:
    y, X = labels_of(noise), matrix(noise)
    best = minimize(
        lambda theta: cost_and_gradient(X, y, theta), np.zeros(785), jac=True, method="L-BFGS-B", options=FINE
    )
    found = descend(blocks_of(noise, y), how(**SETTINGS | {"method": method}), executor=executor)
    J, gradient = cost_and_gradient(X, y, np.append(found.weights, found.bias))
    assert best.fun - 1e-15 <= J <= best.fun + within
    assert np.linalg.norm(gradient) < within**0.5
    assert found.ended == ended


@pytest.mark.parametrize("method", TURN_BACK)
def test_what_is_kept_never_costs_more(method: str, noise: Examples, executor: Executor) -> None:
    settings = SETTINGS | METHODS[method] | {"alpha": 1e4}
    costs = descend(blocks_of(noise, labels_of(noise)), how(**settings), executor=executor).cost_history
    assert costs[0] == costs[1] == START
    assert (np.diff(costs) <= 0).all()
    assert costs[-1] < 0.3


def test_of_points_that_cost_the_same_the_first_is_kept(
    normalised: Examples, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mirrored(theta: FloatArray, *_: Settings | Epoch) -> Points:
        theta[-1] = 1.0
        yield theta
        yield -theta

    monkeypatch.setitem(methods.METHODS, "mirrored", Method(mirrored, keeps_best=True))
    half = np.arange(len(normalised.labels), dtype=np.uint8) % 2
    found = descend(blocks_of(normalised, half), how(max_iter=1, method="mirrored"), executor=executor)
    assert (found.bias, found.ended) == (1.0, "max_iter")


def test_these_iterations_are_kept() -> None:
    kept = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]
    assert [i for i in range(1001) if is_kept(i)] == kept


@pytest.mark.parametrize("method", METHODS)
def test_what_is_kept_is_what_fewer_iterations_end_with(method: str, normalised: Examples, executor: Executor) -> None:
    blocks = blocks_of(normalised, labels_of(normalised))
    whole = descend(blocks, how(**SETTINGS | METHODS[method] | {"max_iter": 12}), executor=executor)
    assert whole.kept_at.tolist() == [1, 2, 3, 5, 7, 10, 12]
    for i, weights, bias in zip(whole.kept_at, whole.weights_history, whole.bias_history, strict=True):
        part = descend(blocks, how(**SETTINGS | METHODS[method] | {"max_iter": int(i)}), executor=executor)
        assert (part.weights.tobytes(), part.bias) == (weights.tobytes(), bias)
        assert part.kept_at.tolist() == [kept for kept in whole.kept_at if kept <= i]
        assert part.cost_history.tolist() == whole.cost_history[:i].tolist()
