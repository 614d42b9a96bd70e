"""The film as a stage: what it refuses, and that the old film outlives a failure."""

from pathlib import Path

import numpy as np
import pytest

from stages.drawing import film
from stages.models.metrics import learning_table
from stages.models.model_files import OneVsAll, combine, write_digit_model, write_ova
from stages.render_video import draw
from stages.storage.files import write_text
from stages.storage.images import DIGITS, NormalisedImages, normalise
from tests.helpers import VIDEO_FLAGS, Run, everything, flags_of, refused, sample_images
from tests.models.test_model_files import model_of


@pytest.fixture
def model(prepared: Path, normalised: NormalisedImages) -> Path:
    """Write ten models, and what `evaluate` tells of their learning; return the file of the ten together."""
    models = [model_of(digit) for digit in DIGITS]
    for digit_model in models:
        write_digit_model(prepared / "data/models", digit_model)
    table = learning_table(models, normalised, normalised)
    write_text(prepared / "plots/learning.csv", table.to_csv(index=False))
    path = prepared / "data/models/ova.npy"
    write_ova(path, combine(models))
    return path


def test_a_damaged_model_is_named_and_the_old_video_stays(stage: Run, prepared: Path, model: Path) -> None:
    assert stage("render_video", *flags_of(VIDEO_FLAGS)).returncode == 0
    video = (prepared / "plots/predictions.mp4").read_bytes()
    write_ova(model, OneVsAll(np.full((784, 10), np.nan), np.zeros(10)))
    refused(stage("render_video", *flags_of(VIDEO_FLAGS)), 4, "data/models/ova.npy: ")
    assert (prepared / "plots/predictions.mp4").read_bytes() == video


@pytest.mark.usefixtures("model")
def test_a_failed_encoding_keeps_the_old_video(stage: Run, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stage("render_video", *flags_of(VIDEO_FLAGS)).returncode == 0
    before = everything(prepared)
    encode = film.encode
    monkeypatch.setattr(film, "encode", lambda *arguments: encode(*arguments) + 1)  # as if a frame had been dropped
    refused(stage("render_video", *flags_of(VIDEO_FLAGS, fps="4")), 6, "plots/predictions.mp4: ")
    assert everything(prepared) == before


def test_half_of_the_images_are_from_each_set_and_none_is_there_twice() -> None:
    part = normalise(sample_images(40))
    drawn = draw({"training": part, "test": part}, 41, seed=1)
    assert {name: len(images.labels) for name, images in drawn.items()} == {"training": 20, "test": 21}
    assert all(len(np.unique(images.pixels, axis=0)) == len(images.pixels) for images in drawn.values())
    other = draw({"training": part, "test": part}, 41, seed=2)
    assert not np.array_equal(drawn["test"].labels, other["test"].labels)
    assert list(draw({"training": part, "test": part}, 1, seed=1)) == ["test"]


@pytest.mark.usefixtures("model")
def test_a_table_of_other_models_is_refused_before_anything_is_drawn(stage: Run, prepared: Path) -> None:
    table = prepared / "plots/learning.csv"
    write_text(table, table.read_text().replace("\n2,", "\n3,"))
    refused(stage("render_video", *flags_of(VIDEO_FLAGS)), 4, "plots/learning.csv: ")
    assert not (prepared / "plots/predictions.mp4").exists()


@pytest.mark.usefixtures("model")
def test_more_examples_than_images_are_refused(stage: Run) -> None:
    result = stage("render_video", *flags_of(VIDEO_FLAGS, examples="801"))
    assert result.returncode == 2
    assert result.stderr == "render_video: --examples: must be at most 800, half of them from each set, got 801\n"
