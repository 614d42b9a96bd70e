"""The evaluation as a stage: it takes only models of its own images, and writes all that it writes or nothing."""

from pathlib import Path

import numpy as np
import pytest

from stages.models.model_files import OneVsAll, write_ova
from stages.storage.images import NormalisedImages, write_normalised
from tests.helpers import TRAIN_FLAGS, Run, everything, files_of_at_most, flags_of


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
    result = stage("evaluate")
    assert result.returncode == 4
    said = "data/models/digit_0.npy: was trained, as the other nine, on another set than data/train; train again"
    assert result.stderr == f"evaluate: {said}\n"
    write_normalised(evaluated / "data/train", normalised)
    write_ova(evaluated / "data/models/ova.npy", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    result = stage("evaluate")
    assert result.returncode == 4
    assert "data/models/ova.npy: is not made of the ten models beside it" in result.stderr


def test_on_a_full_disk_nothing_new_stands_beside_what_is_old(stage: Run, evaluated: Path) -> None:
    train(stage, *range(10), max_iter="3")
    before = everything(evaluated)
    largest = max((evaluated / "plots").iterdir(), key=lambda path: path.stat().st_size)
    with files_of_at_most(largest.stat().st_size // 2):
        result = stage("evaluate")
    assert result.returncode == 3
    assert result.stderr.startswith("evaluate: plots/")
    assert everything(evaluated) == before
    assert stage("evaluate").returncode == 0
    assert everything(evaluated) != before
