"""The stages by hand, on a few images: what each refuses, and that nothing good is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stages import render_video
from stages._command import run
from stages.core import video
from stages.core.images import Images, NormalisedImages, normalise, write_images, write_normalised
from stages.core.models import OneVsAll, write_ova
from tests.conftest import ROOT, TRAIN_FLAGS, Run, clean_environment, everything, flags_of, sample_images

SPLIT_FLAGS = {"seed": "42", "test_size": "0.2"}
VIDEO_FLAGS = {"seed": "42", "examples": "3", "fps": "2"}


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Return a folder with a training and a test set of 400 images each."""
    images = normalise(sample_images(400))
    for part in ("train", "test"):
        write_normalised(tmp_path / "data" / part, images)
    return tmp_path


def test_a_test_size_that_leaves_a_side_empty_is_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", sample_images(20))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS, test_size="0.99"))
    assert result.returncode == 2
    assert result.stderr == "normalize_split: --test_size: 0.99 of 20 images leaves one side without any\n"


def test_constant_images_are_counted(stage: Run, tmp_path: Path) -> None:
    images = sample_images(50)
    images.pixels[3:5] = 8
    write_images(tmp_path / "data/mnist", images)
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.stdout == "40 training and 10 test images, 2 constant -> data/train, data/test\n"
    assert '"constant_images": 2' in (tmp_path / "metrics/data.json").read_text()


def test_labels_beyond_9_are_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", Images(sample_images(20).pixels, np.full(20, 11, np.uint8)))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.returncode == 4
    assert "has the label 11, expected labels from 0 to 9" in result.stderr


def test_a_digit_without_images_cannot_be_trained(stage: Run, prepared: Path) -> None:
    images = normalise(sample_images(400))
    write_normalised(prepared / "data/train", without(images, 7))
    result = stage("train_digit", *flags_of(TRAIN_FLAGS, digit="7"))
    assert (result.returncode, result.stderr) == (5, "train_digit: digit 7 has no training images\n")


def without(images: NormalisedImages, digit: int) -> NormalisedImages:
    return images._replace(labels=np.where(images.labels == digit, 0, images.labels).astype(np.uint8))


def test_divergence_names_digit_iteration_and_alpha_and_keeps_the_old_model(stage: Run, prepared: Path) -> None:
    assert stage("train_digit", *flags_of(TRAIN_FLAGS)).returncode == 0
    before = everything(prepared)
    result = stage("train_digit", *flags_of(TRAIN_FLAGS, alpha="1e9"))
    assert result.returncode == 5
    assert result.stderr.startswith("train_digit: digit 3: cost is ")
    assert result.stderr.endswith(" at iteration 2; lower train.alpha, now 1000000000.0\n")
    assert everything(prepared) == before


@pytest.mark.usefixtures("prepared")
def test_training_says_one_line_and_shows_progress_when_asked(stage: Run) -> None:
    quiet = stage("train_digit", *flags_of(TRAIN_FLAGS))
    assert quiet.stderr == ""
    assert quiet.stdout.startswith("digit 3: 20 iterations, cost 0.")
    assert quiet.stdout.endswith(" -> data/models/digit_3.npz\n")
    assert "20/20" in stage("train_digit", *flags_of(TRAIN_FLAGS), "--progress").stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_an_interrupted_training_leaves_the_old_model(
    stage: Run, prepared: Path, number: signal.Signals, code: int
) -> None:
    assert stage("train_digit", *flags_of(TRAIN_FLAGS)).returncode == 0
    before = everything(prepared)
    command = [
        sys.executable,
        "-m",
        "stages.train_digit",
        *flags_of(TRAIN_FLAGS, alpha="1e-9", max_iter="100000000"),
        "--progress",
    ]
    environment = clean_environment(PYTHONPATH=str(ROOT))
    with subprocess.Popen(command, cwd=prepared, env=environment, stderr=subprocess.PIPE) as process:
        assert process.stderr
        while b"it/s" not in os.read(process.stderr.fileno(), 1000):
            time.sleep(0.01)
        process.send_signal(number)
        process.communicate(timeout=30)
    assert process.returncode == code
    assert everything(prepared) == before
    assert stage("train_digit", *flags_of(TRAIN_FLAGS)).returncode == 0
    assert everything(prepared) == before


def test_a_folder_that_is_not_writable_is_named(stage: Run, prepared: Path) -> None:
    (prepared / "data/models").write_text("a file in the way")
    result = stage("train_digit", *flags_of(TRAIN_FLAGS))
    assert result.returncode == 3
    assert result.stderr.startswith("train_digit: data/models/digit_3.npz: cannot be written (")


def test_a_damaged_model_is_named_and_the_old_video_stays(stage: Run, prepared: Path) -> None:
    write_ova(prepared / "data/models/ova.npz", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    assert stage("render_video", *flags_of(VIDEO_FLAGS)).returncode == 0
    video = (prepared / "plots/predictions.mp4").read_bytes()
    np.savez(prepared / "data/models/ova.npz", weights=np.full((784, 10), np.nan), bias=np.zeros(10))
    result = stage("render_video", *flags_of(VIDEO_FLAGS))
    assert result.returncode == 4
    assert "data/models/ova.npz: weights has values that are not finite" in result.stderr
    assert (prepared / "plots/predictions.mp4").read_bytes() == video


def test_a_failed_encoding_keeps_the_old_video(
    stage: Run, prepared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ova(prepared / "data/models/ova.npz", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    assert stage("render_video", *flags_of(VIDEO_FLAGS)).returncode == 0
    before = everything(prepared)
    monkeypatch.chdir(prepared)
    monkeypatch.setattr(video.iio, "imiter", lambda *_, **__: [])  # as if every frame had been dropped
    with pytest.raises(SystemExit) as ended:
        run(lambda: render_video.main(flags_of(VIDEO_FLAGS, fps="4")))
    assert ended.value.code == 6
    assert "the video has 0 frames, expected 3" in capsys.readouterr().err
    assert everything(prepared) == before


def test_more_examples_than_images_are_refused(stage: Run, prepared: Path) -> None:
    write_ova(prepared / "data/models/ova.npz", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    result = stage("render_video", *flags_of(VIDEO_FLAGS, examples="801"))
    assert result.returncode == 2
    assert result.stderr == "render_video: --examples: must be at most 800, the images there are, got 801\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("delay", [0.3, 0.8, 1.5])
def test_a_signal_while_a_stage_starts_is_one_line(
    prepared: Path, delay: float, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-m", "stages.train_digit", *flags_of(TRAIN_FLAGS, alpha="1e-9", max_iter="100000000")]
    environment = clean_environment(PYTHONPATH=str(ROOT))
    with subprocess.Popen(command, cwd=prepared, env=environment, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(delay)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (code, f"interrupted ({number.name})\n")


def test_a_model_of_other_images_is_refused(stage: Run, prepared: Path) -> None:
    for digit in range(10):
        assert stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), max_iter="2")).returncode == 0
    assert stage("combine_ova").returncode == 0
    assert stage("evaluate").returncode == 0
    images = normalise(sample_images(400))
    write_normalised(prepared / "data/train", images._replace(labels=images.labels[::-1].copy()))
    result = stage("evaluate")
    assert result.returncode == 4
    assert "data/models: the models were trained on another training set" in result.stderr
    write_normalised(prepared / "data/train", images)
    write_ova(prepared / "data/models/ova.npz", OneVsAll(np.zeros((784, 10)), np.zeros(10)))
    result = stage("evaluate")
    assert result.returncode == 4
    assert "data/models/ova.npz: is not made of the ten models beside it" in result.stderr
