"""The evaluation as a stage: it takes only models of its own images, and writes all that it writes or nothing."""

from pathlib import Path

import pytest

from stages.command.paths import OVA
from stages.core.examples import Examples, normalise
from stages.models.records import read_ova, write_model
from tests.helpers import (
    COMBINE_FLAGS,
    TRAIN_FLAGS,
    Run,
    classes_flags,
    everything,
    files_of_at_most,
    flags_of,
    refused,
    write_examples,
)


def train(stage: Run, *digits: int, max_iter: str) -> None:
    for digit in digits:
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), max_iter=max_iter)).check_returncode()
    stage("combine_ova", *COMBINE_FLAGS).check_returncode()


@pytest.fixture
def evaluated(stage: Run, prepared: Path) -> Path:
    """Return a folder with what the stage writes."""
    train(stage, *range(10), max_iter="2")
    stage("evaluate").check_returncode()
    return prepared


def test_a_model_of_other_images_is_refused(stage: Run, evaluated: Path, normalised: Examples) -> None:
    write_examples(evaluated / "data/train", normalised._replace(labels=normalised.labels[::-1].copy()))
    refused(stage("evaluate"), 4, "data/models/ova.npy: ")


def test_images_of_another_size_or_with_more_digits_than_models_are_refused(
    stage: Run, evaluated: Path, normalised: Examples
) -> None:
    write_examples(evaluated / "data/test", normalise(normalised.X[:, :700], normalised.labels))
    refused(stage("evaluate"), 4, "data/test: ")
    write_examples(evaluated / "data/test", normalised)
    (evaluated / "data/models/digits/9.npy").unlink()
    stage("combine_ova", *classes_flags("012345678")).check_returncode()
    refused(stage("evaluate"), 4, "data/train: ")


def test_a_model_of_other_features_is_refused_by_its_name(stage: Run, evaluated: Path) -> None:
    model = read_ova(evaluated / OVA)
    write_model(evaluated / OVA, model._replace(features="strokes"))
    refused(stage("evaluate"), 4, f"like {OVA}")


def test_on_a_full_disk_nothing_new_stands_beside_what_is_old(stage: Run, evaluated: Path) -> None:
    train(stage, *range(10), max_iter="3")
    before = everything(evaluated)
    largest = max((evaluated / "plots").iterdir(), key=lambda path: path.stat().st_size)
    with files_of_at_most(largest.stat().st_size // 2):
        refused(stage("evaluate"), 3, "plots/")
    assert everything(evaluated) == before
    assert stage("evaluate").returncode == 0
    assert everything(evaluated) != before
