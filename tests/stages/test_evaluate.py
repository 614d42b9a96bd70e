"""The evaluation as a stage: it takes only models of its own images."""

from pathlib import Path

import numpy as np

from stages.models.model_files import OneVsAll, write_ova
from stages.storage.images import NormalisedImages, write_normalised
from tests.helpers import TRAIN_FLAGS, Run, flags_of


def test_a_model_of_other_images_is_refused(stage: Run, prepared: Path, normalised: NormalisedImages) -> None:
    for digit in range(10):
        assert stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), max_iter="2")).returncode == 0
    assert stage("combine_ova").returncode == 0
    assert stage("evaluate").returncode == 0
    write_normalised(prepared / "data/train", normalised._replace(labels=normalised.labels[::-1].copy()))
    result = stage("evaluate")
    assert result.returncode == 4
    said = "data/models/digit_0.npy: was trained, as the other nine, on another set than data/train; train again"
    assert result.stderr == f"evaluate: {said}\n"
    write_normalised(prepared / "data/train", normalised)
    write_ova(prepared / "data/models/ova.npy", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    result = stage("evaluate")
    assert result.returncode == 4
    assert "data/models/ova.npy: is not made of the ten models beside it" in result.stderr
