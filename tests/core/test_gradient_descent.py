"""The descent against the mathematics: plain NumPy, finite differences, scikit-learn; and the same bits everywhere."""

import hashlib
from concurrent.futures import Executor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad
from sklearn.linear_model import LogisticRegression

from stages.core import gradient_descent
from stages.core.exact import weights_on_grid
from stages.core.gradient_descent import (
    Descent,
    DivergenceError,
    Sums,
    add_up,
    blocks_of,
    cost_of,
    descend,
    forward,
    forward_and_backward,
    gradient_of,
    grids_for,
)
from stages.core.logistic import cost
from stages.storage.arrays import ByteArray, FloatArray
from stages.storage.images import Images, NormalisedImages, normalise, read_normalised, select, write_normalised
from tests.helpers import sample_images

SETTINGS = {"alpha": 0.01, "max_iter": 100, "rmse_threshold": 1e-5}


def matrix(images: NormalisedImages) -> FloatArray:
    """Return X, normalised in the plain way."""
    deviation = np.where(images.std > 0, images.std, 1)
    centred = images.pixels - images.mean[:, None]
    return centred / deviation[:, None]


def plain_descent(X: FloatArray, y: ByteArray, alpha: float, max_iter: int, rmse_threshold: float) -> Descent:
    """Train as the notebook does: two forward passes and a backward pass an iteration."""
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_iter):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        history.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
        w, b = w - alpha * X.T @ (p - y) / len(y), b - alpha * np.mean(p - y)
        rmse = float(np.sqrt(np.mean((np.round(1 / (1 + np.exp(-(X @ w + b)))) - y) ** 2)))
        if rmse <= rmse_threshold:
            break
    return Descent(w, float(b), np.array(history), rmse, rmse <= rmse_threshold)


def labels_of(images: NormalisedImages, digit: int = 3) -> ByteArray:
    return (images.labels == digit).astype(np.uint8)


def cost_and_gradient(images: NormalisedImages, y: ByteArray, theta: FloatArray) -> tuple[float, FloatArray]:
    """Return J and its gradient at w and b together."""
    blocks = blocks_of(images, y)
    w = weights_on_grid(theta[:-1])
    sums = add_up([Sums(*forward_and_backward(block, w, theta[-1], grids_for(blocks))) for block in blocks])
    return cost_of(sums, len(y)), gradient_of(sums, len(y))


def test_it_is_the_notebooks_descent(normalised: NormalisedImages, executor: Executor) -> None:
    y = labels_of(normalised)
    found = descend(blocks_of(normalised, y), **SETTINGS, executor=executor)
    expected = plain_descent(matrix(normalised), y, **SETTINGS)
    assert np.abs(found.weights - expected.weights).max() < 1e-12
    assert found.bias == pytest.approx(expected.bias, abs=1e-12)
    assert np.allclose(found.cost_history, expected.cost_history, rtol=1e-12)
    assert (found.rmse, found.converged) == (expected.rmse, expected.converged)


def test_it_stops_where_the_notebook_stops(normalised: NormalisedImages, executor: Executor) -> None:
    y = labels_of(normalised)
    settings = SETTINGS | {"rmse_threshold": 0.25}
    found = descend(blocks_of(normalised, y), **settings, executor=executor)
    expected = plain_descent(matrix(normalised), y, **settings)
    assert 1 < len(found.cost_history) == len(expected.cost_history) < settings["max_iter"]
    assert found.converged
    assert np.abs(found.weights - expected.weights).max() < 1e-12


def test_it_always_takes_one_step(normalised: NormalisedImages, executor: Executor) -> None:
    found = descend(
        blocks_of(normalised, labels_of(normalised)), **SETTINGS | {"rmse_threshold": 1.0}, executor=executor
    )
    assert len(found.cost_history) == 1
    assert found.weights.any()


def test_zero_weights_cost_log_2(normalised: NormalisedImages) -> None:
    J, _ = cost_and_gradient(normalised, labels_of(normalised), np.zeros(785))
    assert pytest.approx(np.log(2), rel=1e-15) == J


def test_the_gradient_is_that_of_the_cost(normalised: NormalisedImages) -> None:
    y = labels_of(normalised)
    theta = 0.01 * np.random.default_rng(3).standard_normal(785)
    error = check_grad(
        lambda t: cost_and_gradient(normalised, y, t)[0], lambda t: cost_and_gradient(normalised, y, t)[1], theta
    )
    assert error < 2e-5


def test_the_gradient_is_that_of_central_differences(normalised: NormalisedImages) -> None:
    y, h = labels_of(normalised), 1e-4
    theta = 0.01 * np.random.default_rng(3).standard_normal(785)
    gradient = cost_and_gradient(normalised, y, theta)[1]
    for j in (0, 100, 400, 783, 784):
        step = h * np.eye(785)[j]
        up, down = (cost_and_gradient(normalised, y, theta + sign * step)[0] for sign in (1, -1))
        assert gradient[j] == pytest.approx((up - down) / (2 * h), abs=1e-7)


def test_the_gradient_is_zero_where_scikit_learn_finds_the_optimum() -> None:
    rng = np.random.default_rng(5)
    noise = [rng.integers(0, most, shape, dtype=np.uint8) for most, shape in ((256, (3000, 784)), (10, 3000))]
    images = normalise(Images(*noise))
    y = labels_of(images)
    best = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(matrix(images), y)
    _, gradient = cost_and_gradient(images, y, np.append(best.coef_[0], best.intercept_))
    assert np.abs(gradient).max() < 1e-6


def test_flipped_labels_negate_the_model(normalised: NormalisedImages, executor: Executor) -> None:
    y = labels_of(normalised)
    one, other = (descend(blocks_of(normalised, t), **SETTINGS, executor=executor) for t in (y, 1 - y))
    assert np.abs(one.weights + other.weights).max() < 1e-13
    assert one.bias == pytest.approx(-other.bias, abs=1e-13)


def test_the_order_of_the_images_is_irrelevant_to_the_bit(executor: Executor) -> None:
    images = sample_images(5000)
    order = np.random.default_rng(4).permutation(5000)
    shuffled = Images(images.pixels[order], images.labels[order])
    models = [
        descend(blocks_of(part, labels_of(part)), **SETTINGS | {"max_iter": 20}, executor=executor)
        for part in map(normalise, (images, shuffled))
    ]
    assert digest(models[0]) == digest(models[1])


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_number_of_threads_is_irrelevant_to_the_bit(threads: int) -> None:
    images = normalise(sample_images(5000))
    with ThreadPoolExecutor(threads) as several, ThreadPoolExecutor(1) as one:
        models = [
            descend(blocks_of(images, labels_of(images)), **SETTINGS | {"max_iter": 20}, executor=executor)
            for executor in (several, one)
        ]
    assert digest(models[0]) == digest(models[1])


def test_the_size_of_the_blocks_is_irrelevant_to_the_bit(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    images = normalise(sample_images(3000))
    y = labels_of(images)
    models = []
    for size in (7, 1000, 3000):
        monkeypatch.setattr(gradient_descent, "BLOCK", size)
        models.append(descend(blocks_of(images, y), **SETTINGS | {"max_iter": 20}, executor=executor))
    assert len({digest(model) for model in models}) == 1


def test_images_mapped_from_their_file_are_the_same_to_the_bit(
    normalised: NormalisedImages, executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    y = labels_of(normalised)
    held = descend(blocks_of(normalised, y), **SETTINGS, executor=executor)
    write_normalised(tmp_path, normalised)
    monkeypatch.setattr(gradient_descent, "KEPT_BYTES", 0)
    mapped = descend(blocks_of(read_normalised(tmp_path), y), **SETTINGS, executor=executor)
    assert digest(held) == digest(mapped)


def test_momentum_0_is_plain_descent_bit_for_bit(normalised: NormalisedImages, executor: Executor) -> None:
    blocks = blocks_of(normalised, labels_of(normalised))
    plain = descend(blocks, **SETTINGS, executor=executor)
    assert digest(plain) == digest(descend(blocks, **SETTINGS, momentum=0.0, executor=executor))


def test_momentum_is_nesterovs(normalised: NormalisedImages, executor: Executor) -> None:
    y, X = labels_of(normalised), matrix(normalised)
    theta, velocity = np.zeros(785), np.zeros(785)
    for _ in range(30):  # Sutskever et al. 2013, eq. 3 and 4: the gradient at the look-ahead
        ahead = theta + 0.9 * velocity
        p = 1 / (1 + np.exp(-(X @ ahead[:-1] + ahead[-1])))
        velocity = 0.9 * velocity - 0.01 * np.append(X.T @ (p - y), np.sum(p - y)) / len(y)
        theta = theta + velocity
    ahead = theta + 0.9 * velocity
    found = descend(
        blocks_of(normalised, y), alpha=0.01, max_iter=30, rmse_threshold=0.0, momentum=0.9, executor=executor
    )
    assert np.abs(found.weights - ahead[:-1]).max() < 1e-11
    assert found.bias == pytest.approx(ahead[-1], abs=1e-11)


def test_an_image_with_all_pixels_alike_counts_for_the_bias_alone(executor: Executor) -> None:
    images = sample_images(200)
    images.pixels[7] = 99
    constant = normalise(images)
    y = labels_of(constant)
    found = descend(blocks_of(constant, y), **SETTINGS, executor=executor)
    expected = plain_descent(matrix(constant), y, **SETTINGS)
    assert np.abs(found.weights - expected.weights).max() < 1e-12
    assert found.bias == pytest.approx(expected.bias, abs=1e-12)


def test_images_that_are_nearly_blank_stay_exact(executor: Executor) -> None:
    images = sample_images(200)
    images.pixels[7] = 0
    images.pixels[7, 400] = 1  # the smallest standard deviation that bytes can have
    faint = normalise(images)
    y = labels_of(faint)
    found = descend(blocks_of(faint, y), **SETTINGS, executor=executor)
    assert np.abs(found.weights - plain_descent(matrix(faint), y, **SETTINGS).weights).max() < 1e-9


def test_costs_of_blocks_are_added_exactly() -> None:
    costs = [1e16, 1.0, -1e16]  # one by one, the 1 is lost; as Python 3.12 and later sum, it is not
    assert add_up([Sums(cost, 0.0, np.zeros(1), 0.0, 0) for cost in costs]).cost == 1.0


def test_the_cost_is_the_mean_of_the_images_costs(normalised: NormalisedImages) -> None:
    y = labels_of(normalised)
    theta = 0.1 * np.random.default_rng(3).standard_normal(785)
    block = blocks_of(normalised, y)[0]
    z = forward(block.pixels, block.mean, block.std, weights_on_grid(theta[:-1]), theta[-1])
    exact = sum(map(Fraction, cost(z, y))) / len(y)
    assert cost_and_gradient(normalised, y, theta)[0] == pytest.approx(float(exact), rel=2**-52, abs=0)


@pytest.mark.parametrize("huge", [1e9, 1e20, 1e300])
def test_a_cost_beyond_use_is_seen_whatever_comes_first(
    huge: float, normalised: NormalisedImages, executor: Executor
) -> None:
    y = labels_of(normalised)
    for order in (np.argsort(y), np.argsort(1 - y)):
        blocks = blocks_of(select(normalised, order), y[order])
        with pytest.raises(DivergenceError, match=r"at iteration 2$"):
            descend(blocks, **SETTINGS | {"alpha": huge}, executor=executor)


def test_divergence_says_where(normalised: NormalisedImages, executor: Executor) -> None:
    settings = SETTINGS | {"alpha": 1e6}
    with pytest.raises(DivergenceError, match=r"cost is \S+ at iteration 2$"):
        descend(blocks_of(normalised, labels_of(normalised)), **settings, executor=executor)


def digest(model: Descent) -> str:
    return hashlib.sha256(
        model.weights.tobytes() + model.cost_history.tobytes() + repr(model.bias).encode()
    ).hexdigest()
