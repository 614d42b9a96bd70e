"""Training as a stage: what it refuses, what it says, and that the old model outlives a failure."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import Examples
from tests.helpers import (
    ENDLESS,
    ROOT,
    TRAIN_FLAGS,
    Run,
    clean_environment,
    everything,
    flags_of,
    refused,
    write_examples,
)


def without(images: Examples, digit: int) -> Examples:
    return images._replace(labels=np.where(images.labels == digit, 0, images.labels).astype(np.uint8))


def test_a_digit_without_images_cannot_be_trained(stage: Run, prepared: Path, normalised: Examples) -> None:
    write_examples(prepared / "data/train", without(normalised, 7))
    result = stage("train_digit", *flags_of(TRAIN_FLAGS, digit="7"))
    assert (result.returncode, result.stderr) == (5, "train_digit: digit 7 has no training images in data/train\n")


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
    assert quiet.stdout.endswith(" -> data/models/digits/3.npy\n")
    assert "20/20" in stage("train_digit", *flags_of(TRAIN_FLAGS), "--progress").stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_an_interrupted_training_leaves_the_old_model(
    stage: Run, prepared: Path, number: signal.Signals, code: int
) -> None:
    assert stage("train_digit", *flags_of(TRAIN_FLAGS)).returncode == 0
    before = everything(prepared)
    command = [sys.executable, "-m", "stages.train_digit", *flags_of(ENDLESS), "--progress"]
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
    refused(stage("train_digit", *flags_of(TRAIN_FLAGS)), 3, "data/models/digits/3.npy: ")
