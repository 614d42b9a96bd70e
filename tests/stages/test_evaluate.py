"""The evaluation as a stage: it takes only models of its own images, and writes all that it writes or nothing."""

from pathlib import Path

import numpy as np
import pytest

from stages.models.model_files import OneVsAll, write_ova
from stages.storage.images import NormalisedImages, write_normalised
from tests.helpers import TRAIN_FLAGS, Run, everything, files_of_at_most, flags_of, refused


def train(stage: Run, *digits: int, max_iter: str) -> None:
    for digit in digits:
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), max_iter=max_iter)).check_returncode()
    stage("combine_ova").check_returncode()


@pytest.fixture
def evaluated(stage: Run, prepared: Path) -> Path:
    """Return a folder with what the stage writes."""
    train(stage, *range(10), max_iter="2")
    stage("evaluate").check_returncode()
    return prepared


def test_a_model_of_other_images_is_refused(stage: Run, evaluated: Path, normalised: NormalisedImages) -> None:
    write_normalised(evaluated / "data/train", normalised._replace(labels=normalised.labels[::-1].copy()))
    refused(stage("evaluate"), 4, "data/models/digit_0.npy: ")
    write_normalised(evaluated / "data/train", normalised)
    write_ova(evaluated / "data/models/ova.npy", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    refused(stage("evaluate"), 4, "data/models/ova.npy: ")


def test_on_a_full_disk_nothing_new_stands_beside_what_is_old(stage: Run, evaluated: Path) -> None:
    train(stage, *range(10), max_iter="3")
    before = everything(evaluated)
    largest = max((evaluated / "plots").iterdir(), key=lambda path: path.stat().st_size)
    with files_of_at_most(largest.stat().st_size // 2):
        refused(stage("evaluate"), 3, "plots/")
    assert everything(evaluated) == before
    assert stage("evaluate").returncode == 0
    assert everything(evaluated) != before
