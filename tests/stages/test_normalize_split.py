"""The split as a stage: what it refuses, and what it counts."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from stages.images.form import Images, write_images
from stages.normalize_split import split
from stages.storage.errors import ParameterError
from tests.helpers import SPLIT_FLAGS, Run, everything, flags_of, refused, sample_images


def test_a_test_size_that_leaves_a_side_empty_is_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", sample_images(20))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS, test_size="0.99"))
    assert result.returncode == 2
    assert result.stderr == "normalize_split: --test_size: 0.99 of 20 images leaves one side without any\n"


@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
@pytest.mark.parametrize("test_size", [1e-9, 0.1, 0.2, 0.29, 1 / 3, 0.7, 0.98])
@pytest.mark.parametrize("size", [50, 70, 997, 70_000])
def test_the_split_is_scikit_learns(size: int, test_size: float, seed: int) -> None:
    train, test = train_test_split(np.arange(size), test_size=test_size, random_state=seed)
    rows = split(size, test_size, seed)
    assert (rows[0].tolist(), rows[1].tolist()) == (train.tolist(), test.tolist())


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_an_empty_side_is_refused_where_scikit_learn_refuses_it(size: int) -> None:
    for test_size in (0.01, 0.3, 0.5, 0.6, 0.7, 0.9, 0.95):
        try:
            train_test_split(np.arange(size), test_size=test_size, random_state=0)
        except ValueError:
            with pytest.raises(ParameterError):
                split(size, test_size, 0)
        else:
            assert all(map(len, split(size, test_size, 0)))


def test_constant_images_are_counted(stage: Run, tmp_path: Path) -> None:
    images = sample_images(50)
    images.pixels[3:5] = 8
    write_images(tmp_path / "data/mnist", images)
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.stdout == "unknown: 40 training and 10 test images, 2 constant -> data/train, data/test\n"
    assert '"constant_images": 2' in (tmp_path / "metrics/data.json").read_text()


def test_labels_beyond_9_are_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", Images(sample_images(20).pixels, np.full(20, 11, np.uint8)))
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS)), 4, "data/mnist")


@pytest.mark.parametrize("place", ["metrics/data.json", "data/test/SHA256SUMS"])
def test_where_one_place_cannot_be_written_all_stays_as_it_was(stage: Run, tmp_path: Path, place: str) -> None:
    write_images(tmp_path / "data/mnist", sample_images(50))
    assert stage("normalize_split", *flags_of(SPLIT_FLAGS)).returncode == 0
    blocked, kept = (tmp_path / place).parent, tmp_path / "kept"
    before = everything(tmp_path)
    blocked.rename(kept)
    blocked.write_text("a file in the way")
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS, seed="1")), 3, f"{place}: ")
    blocked.unlink()
    kept.rename(blocked)
    assert everything(tmp_path) == before
