"""The split as a stage: what it refuses, and what it counts."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from stages.images.form import Images, write_images
from stages.images.split import split
from stages.models.examples import features_in, read_examples
from stages.storage.errors import ParameterError
from tests.helpers import SPLIT_FLAGS, Run, everything, flags_of, refused, sample_images

NOTEBOOKS = {"test_size": 0.2, "validation_size": 0.0, "stratified": False, "seed": 42}
LABELS = np.random.default_rng(0).choice(10, 1000, p=np.arange(1, 11) / 55).astype(np.uint8)


@pytest.mark.parametrize("sizes", [{"test_size": "0.99"}, {"validation_size": "0.8"}])
def test_sizes_that_leave_nothing_to_train_on_are_refused(stage: Run, tmp_path: Path, sizes: dict[str, str]) -> None:
    write_images(tmp_path / "data/mnist", sample_images(20))
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS, **sizes)), 2, "--test_size")


@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
@pytest.mark.parametrize("test_size", [1e-9, 0.1, 0.2, 0.29, 1 / 3, 0.7, 0.98])
@pytest.mark.parametrize("size", [50, 70, 997, 70_000])
def test_the_split_is_scikit_learns(size: int, test_size: float, seed: int) -> None:
    train, test = train_test_split(np.arange(size), test_size=test_size, random_state=seed)
    rows = split(np.zeros(size, np.uint8), **NOTEBOOKS | {"test_size": test_size, "seed": seed})
    assert (rows.train.tolist(), rows.test.tolist(), len(rows.validation)) == (train.tolist(), test.tolist(), 0)


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_an_empty_side_is_refused_where_scikit_learn_refuses_it(size: int) -> None:
    labels = np.zeros(size, np.uint8)
    for test_size in (0.01, 0.3, 0.5, 0.6, 0.7, 0.9, 0.95):
        try:
            train_test_split(np.arange(size), test_size=test_size, random_state=0)
        except ValueError:
            with pytest.raises(ParameterError):
                split(labels, **NOTEBOOKS | {"test_size": test_size})
        else:
            found = split(labels, **NOTEBOOKS | {"test_size": test_size})
            assert min(len(found.train), len(found.test)) > 0


@pytest.mark.parametrize("stratified", [False, True])
def test_the_validation_set_is_taken_from_the_training_set_alone(stratified: bool) -> None:
    without, taken = (
        split(LABELS, **NOTEBOOKS | {"validation_size": size, "stratified": stratified}) for size in (0.0, 0.15)
    )
    assert taken.test.tolist() == without.test.tolist()
    assert len(taken.validation) == 150
    assert sorted([*taken.train, *taken.validation]) == sorted(without.train)


def test_stratified_sets_have_each_digits_share_to_one_image() -> None:
    for part in split(LABELS, **NOTEBOOKS | {"validation_size": 0.1, "stratified": True}):
        expected = np.bincount(LABELS) * len(part) / len(LABELS)
        assert np.abs(np.bincount(LABELS[part]) - expected).max() <= 1
        assert (np.diff(LABELS[part].astype(int)) < 0).any()  # shuffled


def test_what_the_models_see_is_beside_the_images_and_no_file_twice(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", sample_images(100))
    for features, validation, names in (
        ("strokes", "0.1", ["labels", "mean", "pixels", "std", "strokes"]),
        ("pixels", "0.0", []),
    ):
        shutil.rmtree(tmp_path / "data/validation", ignore_errors=True)
        flags = flags_of(SPLIT_FLAGS, features=features, validation_size=validation)
        stage("normalize_split", *flags).check_returncode()
        assert sorted(path.stem for path in (tmp_path / "data/validation").glob("*.npy")) == names
        assert features_in(tmp_path / "data/train") == features
        assert read_examples(tmp_path / "data/train").X.shape == (70 if names else 80, 392 if names else 784)


def test_constant_images_are_counted(stage: Run, tmp_path: Path) -> None:
    images = sample_images(100)
    images.pixels[3:5] = 8
    write_images(tmp_path / "data/mnist", images)
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.stdout == "unknown: pixels; train 80, test 20, 2 constant -> data\n"
    assert '"constant_images": 2' in (tmp_path / "metrics/data.json").read_text()


def test_labels_without_a_class_and_classes_without_an_image_are_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", Images(sample_images(20).pixels, np.full(20, 11, np.uint8)))
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS)), 4, "data/mnist/labels.npy: has the label '11'")
    write_images(tmp_path / "data/mnist", sample_images(200))
    eleven = " ".join(map(str, range(11)))
    named = {"labels": eleven, "names": eleven.replace("10", "ten")}
    refused(
        stage("normalize_split", *flags_of(SPLIT_FLAGS, **named)),
        2,
        "--labels: no image in the training set has the label 10 (ten)",
    )


@pytest.mark.parametrize("place", ["metrics/data.json", "data/test/SHA256SUMS"])
def test_where_one_place_cannot_be_written_all_stays_as_it_was(stage: Run, tmp_path: Path, place: str) -> None:
    write_images(tmp_path / "data/mnist", sample_images(100))
    assert stage("normalize_split", *flags_of(SPLIT_FLAGS)).returncode == 0
    blocked, kept = (tmp_path / place).parent, tmp_path / "kept"
    before = everything(tmp_path)
    blocked.rename(kept)
    blocked.write_text("a file in the way")
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS, seed="1")), 3, f"{place}: ")
    blocked.unlink()
    kept.rename(blocked)
    assert everything(tmp_path) == before
