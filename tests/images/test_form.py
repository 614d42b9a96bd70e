"""Image sets: their moments, their names, and what is refused when they are read."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import Examples, normalise, select
from stages.images.digests import MNIST, SAMPLE, dataset_name
from stages.images.form import Images, read_data, write_images
from stages.models.examples import read_examples
from stages.storage.errors import DamagedError
from tests.helpers import sample, write_examples


def test_moments_are_numpys(images: Images) -> None:
    found = normalise(*images)
    assert np.allclose(found.mean, images.pixels.mean(axis=1), rtol=1e-15)
    assert np.allclose(found.std, images.pixels.std(axis=1), rtol=1e-14)


def test_a_constant_image_has_a_deviation_of_exactly_0() -> None:
    found = normalise(np.full((1, 784), 77, dtype=np.uint8), np.zeros(1, dtype=np.uint8))
    assert (found.mean[0], found.std[0]) == (77.0, 0.0)


def test_the_sample_is_known_by_its_bytes(images: Images) -> None:
    assert dataset_name(sample()) == SAMPLE != MNIST
    assert dataset_name(images) == "unknown"


def test_rows_are_selected_from_every_field(normalised: Examples) -> None:
    for found, whole in zip(select(normalised, np.array([5, 2])), normalised, strict=True):
        assert np.array_equal(found, whole[[5, 2]])


def test_what_is_written_is_read(images: Images, tmp_path: Path) -> None:
    write_images(tmp_path / "a", images)
    write_examples(tmp_path / "b", normalise(*images))
    for found, written in (
        (read_data(tmp_path / "a")[:2], images),
        (read_examples(tmp_path / "b"), normalise(*images)),
    ):
        assert all(np.array_equal(one, other) for one, other in zip(found, written, strict=True))


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("images", np.zeros((5, 783), np.uint8), r"uint8 \(5, 783\), expected uint8 \(any, 784\)"),
        ("images", np.zeros((784, 5), np.uint8).T, "in column order"),
        ("images", np.zeros((0, 784), np.uint8), "is empty"),
        ("images", np.zeros((5, 784)), r"float64 \(5, 784\), expected uint8"),
        ("labels", np.zeros(4, np.uint8), r"uint8 \(4,\), expected uint8 \(5,\)"),
        ("labels", np.full(5, 0.5), r"float64 \(5,\), expected uint8"),
        ("labels", np.array([{}] * 5), r"object \(5,\), expected uint8"),
    ],
)
def test_images_of_another_kind_are_refused(name: str, array: np.ndarray, message: str, tmp_path: Path) -> None:
    write_images(tmp_path, Images(np.zeros((5, 784), np.uint8), np.zeros(5, np.uint8)))
    np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(DamagedError, match=message):
        read_data(tmp_path)


@pytest.mark.parametrize(("name", "value"), [("std", -1.0), ("mean", 1e300), ("std", 128.0)])
def test_moments_that_no_image_has_are_refused(normalised: Examples, tmp_path: Path, name: str, value: float) -> None:
    write_examples(tmp_path, normalised._replace(**{name: np.full(400, value)}))
    with pytest.raises(DamagedError, match=rf"{name}\.npy: has values that no row of bytes has, expected 0 to "):
        read_examples(tmp_path)


def test_moments_that_are_not_finite_are_refused(normalised: Examples, tmp_path: Path) -> None:
    write_examples(tmp_path, normalised._replace(mean=np.full(400, np.nan)))
    with pytest.raises(DamagedError, match=r"mean\.npy: array has values that are not finite"):
        read_examples(tmp_path)
