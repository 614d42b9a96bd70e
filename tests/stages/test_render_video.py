"""The film as a stage: what it refuses, and that the old film outlives a failure."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import Examples, normalise
from stages.drawing import film
from stages.models.metrics import learning_table
from stages.models.records import write_model
from stages.render_video import random_rows
from stages.storage.files import write_text
from tests.helpers import VIDEO_FLAGS, Run, everything, flags_of, refused, sample_images
from tests.models.test_records import ten_models


@pytest.fixture
def model(prepared: Path, normalised: Examples) -> Path:
    """Write ten models, and what `evaluate` tells of their learning; return the models' file."""
    path = prepared / "data/models/ova.npy"
    write_model(path, ten_models())
    table = learning_table(ten_models(), normalised, normalised)
    write_text(prepared / "plots/learning.csv", table.to_csv(index=False))
    return path


def test_a_damaged_model_is_named_and_the_old_video_stays(stage: Run, prepared: Path, model: Path) -> None:
    assert stage("render_video", *flags_of(VIDEO_FLAGS)).returncode == 0
    video = (prepared / "plots/predictions.mp4").read_bytes()
    write_model(model, ten_models()._replace(weights=np.full((784, 10), np.nan)))
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
    part = normalise(*sample_images(40))
    drawn = random_rows({"training": part, "test": part}, 41, seed=1)
    assert {name: len(set(rows)) for name, rows in drawn.items()} == {"training": 20, "test": 21}
    assert {name: len(rows) for name, rows in drawn.items()} == {"training": 20, "test": 21}
    other = random_rows({"training": part, "test": part}, 41, seed=2)
    assert not np.array_equal(drawn["test"], other["test"])
    assert list(random_rows({"training": part, "test": part}, 1, seed=1)) == ["test"]


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
