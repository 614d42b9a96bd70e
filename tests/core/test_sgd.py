"""Mini-batches: against gradient descent, against a plain loop, and the same bytes whoever computes."""

import math
import random
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.core import blocks, passes, plain
from stages.core.blocks import blocks_of
from stages.core.epochs import epoch_function
from stages.core.examples import Examples, normalise
from stages.core.fast_epoch import exact_sum
from stages.core.gradient_descent import Descent, DivergenceError, descend
from stages.models.examples import read_examples
from tests.core.reference import SGD, START, cost_and_gradient, digest, how, labels_of, matrix
from tests.helpers import sample_images, write_examples

GOLDEN = [35, 28, 47, 8, 33, 36, 11, 26, 24, 30]  # the first of 50, of seed 42 and digit 3
RNG = np.random.default_rng(7)


@pytest.fixture(scope="module")
def images() -> Examples:
    return normalise(*sample_images(1001))


def trained(images: Examples, executor: Executor, seed: tuple[int, int] = (42, 3), **settings: Any) -> Descent:
    used = SGD | {"max_iter": 3} | settings
    return descend(blocks_of(images, labels_of(images)), how(**used), executor=executor, seed=seed)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("batch", [1001, 10**9])
def test_epochs_of_one_batch_are_steps_of_gradient_descent_bit_for_bit(
    l2: float, momentum: float, batch: int, images: Examples, executor: Executor
) -> None:
    same = {"l2": l2, "momentum": momentum, "max_iter": 5}
    found = trained(images, executor, batch=batch, **same)
    whole = trained(images, executor, method="gradient_descent", batch=0, **same)
    assert digest(found) == digest(whole)


@pytest.mark.parametrize("batch", [1, 64, 100, 1000])
def test_an_epoch_is_a_plain_loop_and_its_mean(batch: int, images: Examples, executor: Executor) -> None:
    X, y, theta, velocity = matrix(images), labels_of(images), np.zeros(785), np.zeros(785)
    draws = np.random.RandomState((42, 3))
    for _ in range(2):
        order, points = draws.permutation(1001), []
        for start in range(0, 1001, batch):
            rows = order[start : start + batch]
            gradient = cost_and_gradient(X[rows], y[rows], theta, 0.01)[1]
            velocity = 0.9 * velocity + gradient
            theta = theta - 0.001 * (gradient + 0.9 * velocity)
            points.append(theta)
    found = trained(images, executor, batch=batch, alpha=0.001, l2=0.01, max_iter=2)
    rounded = 1e-11 * 1001 / batch  # the sums of a batch are rounded as those of all rows are
    assert np.allclose([*found.weights, found.bias], np.mean(points, axis=0), rtol=0, atol=rounded)
    assert found.cost_history[0] == START


@pytest.mark.parametrize("columns", [1, 15, 16, 30, 784, 1025])
def test_the_compiled_epoch_is_the_plain_one_to_the_bit(
    columns: int, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = normalise(RNG.integers(0, 256, (150, columns), dtype=np.uint8), np.zeros(150, np.uint8))
    parts, settings = blocks_of(rows, RNG.integers(0, 2, 150)), how(**SGD, max_iter=3, l2=0.01)
    compiled = descend(parts, settings, executor=executor)
    monkeypatch.setattr(passes, "sums_of", lambda: plain.sums_of)
    assert digest(descend(parts, settings, executor=executor)) == digest(compiled)


def test_the_same_bytes_with_any_threads_blocks_and_from_a_file(
    images: Examples, executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = digest(trained(images, executor))
    write_examples(tmp_path, images)
    monkeypatch.setattr(blocks, "BLOCK", 77)
    monkeypatch.setattr(passes, "KEPT_BYTES", 0)
    with ThreadPoolExecutor(3) as three:
        assert digest(trained(read_examples(tmp_path), three)) == expected


def test_another_seed_or_digit_is_another_path(images: Examples, executor: Executor) -> None:
    assert len({digest(trained(images, executor, seed)) for seed in [(42, 3), (42, 4), (43, 3), (42, 3)]}) == 3


def twisted(rows: int) -> list[int]:
    """Return the order by Python's Mersenne twister: Fisher and Yates, by bits drawn until they fit."""
    draws, order = random.Random(42 + (3 << 32)), list(range(rows))
    for i in range(rows - 1, 0, -1):
        j = rows
        while j > i:
            j = draws.getrandbits(32) & ((1 << i.bit_length()) - 1)
        order[i], order[j] = order[j], order[i]
    return order


def test_the_order_of_the_images_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = []
    monkeypatch.setattr(passes, "sums_of", lambda: plain.sums_of)
    monkeypatch.setattr(plain, "epoch", lambda _, order, *_rest: orders.append(order))
    few = normalise(*sample_images(50))
    epoch = epoch_function(blocks_of(few, labels_of(few)), (42, 3))
    for _ in range(2):
        epoch(np.zeros(785), np.zeros(785), how(**SGD))
    assert orders[0][:10].tolist() == GOLDEN
    assert orders[0].tolist() == twisted(50) != orders[1].tolist()
    assert sorted(orders[1]) == list(range(50))


@pytest.mark.filterwarnings("ignore:overflow|invalid:RuntimeWarning")
@pytest.mark.parametrize("alpha", [1e9, 1e300])
def test_steps_that_are_too_long_end_in_an_error(alpha: float, images: Examples, executor: Executor) -> None:
    with pytest.raises(DivergenceError, match=r"^cost is .* at iteration 2$"):
        trained(images, executor, alpha=alpha)


@pytest.mark.parametrize("size", [1, 784, 3000])
def test_a_sum_is_rounded_once(size: int) -> None:
    sums = RNG.integers(-(2**20), 2**53, size).astype(float) * 2.0**-30
    assert exact_sum(sums, 2.0**-30) == math.fsum(sums)


def test_epochs_come_further_down_than_as_many_steps(images: Examples, executor: Executor) -> None:
    found = trained(images, executor, max_iter=10).cost_history
    whole = trained(images, executor, method="gradient_descent", batch=0, max_iter=10).cost_history
    assert found[-1] < 0.5 * whole[-1]
