"""Strokes: against plain Python, on strange images, and on other processors."""

import hashlib
import sys
from concurrent.futures import Executor

import numpy as np
import pytest

from stages.features.directions import directions
from stages.features.kinds import FEATURES, PART, strokes
from stages.features.upright import upright
from stages.storage.arrays import Array, ByteArray
from tests.features import reference
from tests.features.edges import edge_images
from tests.helpers import ROOT, run, sample, sample_images

SAMPLE = "4b68a5cd5d2ca80fefead823162ecc56b72bbb11b3488f1c9da5911ad91fe3a3"
DIGEST = """
import hashlib
from stages.features.kinds import strokes
from stages.sources.archives import from_sample
print(hashlib.sha256(strokes(from_sample().pixels)).hexdigest())
"""


def all_images(size: int) -> ByteArray:
    return np.concatenate([sample_images(size).pixels, *edge_images().values()])


@pytest.mark.parametrize("name", edge_images())
def test_images_that_are_no_digits_give_what_plain_python_gives(name: str) -> None:
    image = edge_images()[name]
    assert strokes(image)[0].tolist() == reference.strokes(image[0].tolist())


def test_digits_give_what_plain_python_gives() -> None:
    images = sample_images(8).pixels
    assert strokes(images).tolist() == [reference.strokes(image.tolist()) for image in images]


def test_no_ink_gives_no_strokes_and_a_dot_stays_where_it_is() -> None:
    images = edge_images()
    assert not strokes(images["blank"]).any()
    for name in ("blank", "dot", "corner"):
        assert np.array_equal(upright(images[name]), images[name])


def test_half_a_turn_puts_each_direction_in_its_opposite_place() -> None:
    images = all_images(50)
    turned = directions(images[:, ::-1]).reshape(-1, 7, 7, 8)[:, ::-1, ::-1]
    assert np.array_equal(np.roll(turned, 4, axis=3), directions(images).reshape(-1, 7, 7, 8))


def difference(a: Array, b: Array) -> float:
    """Return how far rows are apart, as a part of how long they are."""
    a, b = a.astype(float), b.astype(float)
    return float(np.median(np.linalg.norm(a - b, axis=1) / np.linalg.norm(a, axis=1)))


def test_a_digit_that_is_moved_or_slanted_stays_nearly_the_same() -> None:
    images = sample_images(200).pixels.reshape(-1, 28, 28)
    slanted = images.copy()
    for y in range(28):
        slanted[:, y] = np.roll(images[:, y], (14 - y) // 3, axis=1)
    for other in (np.roll(images, (2, -2), axis=(1, 2)), slanted):
        rows, others = images.reshape(-1, 784), other.reshape(-1, 784)
        assert difference(strokes(rows), strokes(others)) < 0.2 < 0.5 < difference(rows, others)


def test_the_sample_has_these_strokes() -> None:
    assert hashlib.sha256(strokes(sample().pixels).tobytes()).hexdigest() == SAMPLE


def test_processors_are_irrelevant_to_the_bit() -> None:
    extensions = " ".join(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))
    assert run(ROOT, sys.executable, "-c", DIGEST, NPY_DISABLE_CPU_FEATURES=extensions).strip() == SAMPLE


def test_parts_and_threads_are_irrelevant(executor: Executor) -> None:
    images = all_images(2 * PART)
    whole = strokes(images)
    assert np.array_equal(strokes(images, executor), whole)
    assert np.array_equal(directions(upright(images)), whole)
    assert np.array_equal(strokes(images[7:8]), whole[7:8])
    assert strokes(images[:0]).shape == (0, 392)


def test_each_kind_gives_bytes_by_row() -> None:
    images = sample_images(3).pixels
    found = {name: feature(images) for name, feature in FEATURES.items()}
    assert {name: (rows.dtype, rows.shape) for name, rows in found.items()} == {
        "pixels": (np.uint8, (3, 784)),
        "strokes": (np.uint8, (3, 392)),
    }
    assert np.array_equal(found["pixels"], images)
