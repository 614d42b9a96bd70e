"""The same bits whatever the order of the images, their blocks, the threads that sum them, and where they are."""

from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from stages.core import blocks, passes
from stages.core.blocks import blocks_of
from stages.core.examples import Examples, normalise, select
from stages.core.gradient_descent import descend
from stages.models.examples import read_examples
from tests.core.reference import METHODS, SETTINGS, digest, how, labels_of
from tests.helpers import sample_images, write_examples

SHORT = SETTINGS | {"max_iter": 20}


@pytest.fixture(scope="module")
def images() -> Examples:
    return normalise(*sample_images(5000))


def trained(images: Examples, executor: Executor, **settings: object) -> str:
    """Return the digest of a descent: weights, costs, and what was kept on the way."""
    return digest(descend(blocks_of(images, labels_of(images)), how(**SHORT | settings), executor=executor))


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_the_images_is_irrelevant_to_the_bit(method: str, images: Examples, executor: Executor) -> None:
    shuffled = select(images, np.random.default_rng(4).permutation(5000))
    assert trained(images, executor, **METHODS[method]) == trained(shuffled, executor, **METHODS[method])


def test_the_order_of_images_that_are_nearly_blank_is_irrelevant_to_the_bit(executor: Executor) -> None:
    pixels = np.zeros((255, 784), np.uint8)
    pixels[:, 400] = np.arange(255) % 27 + 1
    pixels[0, ::2] = 255  # the only one whose deviation is above 1
    faint, rng = normalise(pixels, np.zeros(255, np.uint8)), np.random.default_rng(4)
    shuffled = [select(faint, rng.permutation(255)) for _ in range(20)]
    points = [passes.pass_function(blocks_of(part, labels_of(part)), 0.0, executor)(np.zeros(785)) for part in shuffled]
    assert len({point.gradient.tobytes() for point in points}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_the_size_of_the_blocks_is_irrelevant_to_the_bit(
    method: str, images: Examples, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = set()
    for size in (77, 1000, 5000):
        monkeypatch.setattr(blocks, "BLOCK", size)
        models.add(trained(images, executor, **METHODS[method]))
    assert len(models) == 1


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_number_of_threads_is_irrelevant_to_the_bit(
    threads: int, images: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 500)
    with ThreadPoolExecutor(threads) as several, ThreadPoolExecutor(1) as one:
        assert trained(images, several) == trained(images, one)


def test_images_mapped_from_their_file_are_the_same_to_the_bit(
    images: Examples, executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = trained(images, executor)
    write_examples(tmp_path, images)
    monkeypatch.setattr(passes, "KEPT_BYTES", 0)
    assert trained(read_examples(tmp_path), executor) == held


def test_momentum_0_is_plain_descent_bit_for_bit(images: Examples, executor: Executor) -> None:
    assert trained(images, executor) == trained(images, executor, momentum=0.0)
