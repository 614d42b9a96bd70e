"""The descent at the edges: images that teach little, first steps that are far off, costs beyond use."""

from concurrent.futures import Executor

import numpy as np
import pytest

from stages.core.blocks import blocks_of
from stages.core.examples import Examples, normalise, select
from stages.core.gradient_descent import DivergenceError, descend
from tests.core.reference import METHODS, SETTINGS, START, TURN_BACK, how, labels_of, matrix, plain_descent
from tests.helpers import sample_images

NEVER = {"rmse_threshold": -1.0}  # good enough


def test_an_image_with_all_pixels_alike_counts_for_the_bias_alone(executor: Executor) -> None:
    images = sample_images(200)
    images.pixels[7] = 99
    constant = normalise(*images)
    y = labels_of(constant)
    found = descend(blocks_of(constant, y), how(**SETTINGS), executor=executor)
    expected = plain_descent(matrix(constant), y, **SETTINGS)
    assert np.abs(found.weights - expected.weights).max() < 1e-12
    assert found.bias == pytest.approx(expected.bias, abs=1e-12)


def test_images_that_are_nearly_blank_stay_exact(executor: Executor) -> None:
    images = sample_images(200)
    images.pixels[7] = 0
    images.pixels[7, 400] = 1  # the smallest standard deviation that bytes can have
    faint = normalise(*images)
    y = labels_of(faint)
    found = descend(blocks_of(faint, y), how(**SETTINGS), executor=executor)
    assert np.abs(found.weights - plain_descent(matrix(faint), y, **SETTINGS).weights).max() < 1e-9


@pytest.mark.parametrize("method", METHODS)
def test_images_that_are_all_constant_teach_the_bias_how_many_are_the_digit(method: str, executor: Executor) -> None:
    flat = normalise(np.full((8, 784), 9, np.uint8), np.array([3, 3, 0, 0, 0, 0, 0, 0], np.uint8))
    settings = SETTINGS | METHODS[method] | NEVER | {"alpha": 1.0}
    found = descend(blocks_of(flat, labels_of(flat)), how(**settings), executor=executor)
    assert not found.weights.any()
    assert found.bias == pytest.approx(np.log(1 / 3), rel=1e-6)
    assert found.ended == ("optimum" if method in TURN_BACK else "max_iter")


@pytest.mark.parametrize("method", TURN_BACK)
def test_where_nothing_is_to_be_learnt_the_start_is_the_optimum(method: str, executor: Executor) -> None:
    alike = normalise(sample_images(1).pixels.repeat(2, axis=0), np.array([3, 0], np.uint8))
    found = descend(blocks_of(alike, labels_of(alike)), how(**SETTINGS | METHODS[method]), executor=executor)
    assert (found.ended, found.kept_at.tolist(), found.cost_history.tolist()) == ("optimum", [1], [START])
    assert not found.weights.any()


@pytest.mark.parametrize("alpha", [0.1, 1e3])
@pytest.mark.parametrize("method", TURN_BACK)
def test_images_that_weights_tell_apart_cost_nothing_in_the_end(method: str, alpha: float, executor: Executor) -> None:
    images = normalise(*sample_images(30))
    settings = SETTINGS | METHODS[method] | NEVER | {"alpha": alpha}
    found = descend(blocks_of(images, labels_of(images)), how(**settings), executor=executor)
    assert found.cost_history[-1] < 1e-9
    assert np.isfinite(found.weights).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("digit", [3, 4])
def test_one_image_is_learnt_at_once(method: str, digit: int, executor: Executor) -> None:
    image = select(normalise(sample_images(1).pixels, np.array([3], np.uint8)), slice(1))
    found = descend(blocks_of(image, labels_of(image, digit)), how(**SETTINGS | METHODS[method]), executor=executor)
    assert (found.ended, found.rmse, found.cost_history.tolist()) == ("converged", 0.0, [START])


@pytest.mark.parametrize("alpha", [1e-300, 1e-20, 1e9, 1e300])
@pytest.mark.parametrize("method", TURN_BACK)
def test_a_first_step_that_is_far_off_harms_nothing(
    method: str, alpha: float, normalised: Examples, executor: Executor
) -> None:
    settings = SETTINGS | METHODS[method] | NEVER | {"alpha": alpha, "max_iter": 40}
    found = descend(blocks_of(normalised, labels_of(normalised)), how(**settings), executor=executor)
    assert (found.ended, len(found.cost_history)) == ("max_iter", 40)
    assert found.cost_history[0] == START
    assert (found.cost_history[-1] < 0.1) == (alpha == 1e9)


def test_divergence_says_where(normalised: Examples, executor: Executor) -> None:
    settings = SETTINGS | {"alpha": 1e6}
    with pytest.raises(DivergenceError, match=r"cost is \S+ at iteration 2$"):
        descend(blocks_of(normalised, labels_of(normalised)), how(**settings), executor=executor)


@pytest.mark.parametrize("huge", [1e9, 1e20, 1e300])
def test_a_cost_beyond_use_is_seen_whatever_comes_first(huge: float, normalised: Examples, executor: Executor) -> None:
    y = labels_of(normalised)
    for order in (np.argsort(y), np.argsort(1 - y)):
        blocks = blocks_of(select(normalised, order), y[order])
        with pytest.raises(DivergenceError, match=r"at iteration 2$"):
            descend(blocks, how(**SETTINGS | {"alpha": huge}), executor=executor)
