"""The whole pipeline from a fresh clone, without a network: on the bundled sample."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.expected import digests
from tests.helpers import clean_environment, copy_of, edit, finished, run, stages_run

PROMISED = set(digests.read())
IN_GIT = {name for name in PROMISED if name.startswith(("metrics/", "plots/")) and not name.endswith(".mp4")}


@pytest.fixture(scope="module")
def clone(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(sample_run, tmp_path_factory.mktemp("run") / "clone")


def test_it_writes_every_output(clone: Path) -> None:
    empty = [name for name in PROMISED if not (clone / name).stat().st_size]
    assert empty == ["data/validation/SHA256SUMS"]  # there is no such set


def test_what_is_for_git_is_in_git_and_what_is_for_dvc_is_ignored(clone: Path) -> None:
    tracked = set(run(clone, "git", "ls-files", "metrics", "plots", "data").split())
    assert tracked - {"data/README.md"} == IN_GIT
    assert run(clone, "git", "status", "--porcelain", "--untracked-files=all") == ""


def test_it_learns(clone: Path) -> None:
    metrics = json.loads((clone / "metrics/ova.json").read_text())
    data = json.loads((clone / "metrics/data.json").read_text())
    assert data == {"dataset": "mnist-sample", "images": 5000, "train": 4000, "test": 1000, "constant_images": 0}
    assert 0.85 < metrics["accuracy"] < metrics["train_accuracy"] < 1
    assert 0.95 < metrics["mean_digit_accuracy"] < 1


def test_a_second_run_does_nothing(clone: Path) -> None:
    assert stages_run(run(clone, "dvc", "repro")) == []


@pytest.mark.slow
def test_a_forced_run_with_other_threads_gives_the_same_bytes(clone: Path) -> None:
    before = (clone / "dvc.lock").read_bytes()
    printed = run(clone, "dvc", "repro", "--force", OMP_NUM_THREADS="3")
    assert len(stages_run(printed)) == 15
    assert (clone / "dvc.lock").read_bytes() == before
    assert run(clone, "git", "status", "--porcelain") == ""


def test_a_second_run_at_the_same_time_is_told_of_the_first(clone: Path) -> None:
    first = subprocess.Popen(["dvc", "repro", "--force", "-s", "render_video"], cwd=clone, env=clean_environment())
    while not (lock := clone / ".dvc/tmp/rwlock").exists() or "plots/predictions.mp4" not in lock.read_text():
        assert first.poll() is None
        time.sleep(0.05)
    first.send_signal(signal.SIGSTOP)
    second = finished(clone, "dvc", "repro", "--force", "-s", "render_video")
    first.send_signal(signal.SIGCONT)
    assert first.wait() == 0
    assert second.returncode != 0
    assert "lock" in second.stderr or "busy" in second.stderr
    assert run(clone, "git", "status", "--porcelain") == ""


def test_one_digit_alone_can_be_trained(clone: Path) -> None:
    printed = run(clone, "dvc", "repro", "--force", "--single-item", "train_digit@3")
    assert stages_run(printed) == ["train_digit@3"]


@pytest.mark.parametrize(
    ("right", "wrong", "name"),
    [
        ("alpha: 0.01", "alpha: 0", "train_digit: --alpha: "),
        pytest.param("alpha: 0.01", "alfa: 0.01", "train_digit: --alfa: ", marks=pytest.mark.slow),
        pytest.param("max_iter: 100", "max_iter: true", "train_digit: --max_iter: ", marks=pytest.mark.slow),
        pytest.param("alpha: 0.01", "alpha: 0.01\n  alpha: 0.02", "params.yaml", marks=pytest.mark.slow),
        ("train:", "train: [", "params.yaml"),
    ],
)
def test_wrong_parameters_stop_it_and_nothing_is_lost(clone: Path, right: str, wrong: str, name: str) -> None:
    params, before = (clone / "params.yaml").read_text(), (clone / "data/models/digits/0.npy").read_bytes()
    edit(clone / "params.yaml", right, wrong)
    failed = finished(clone, "dvc", "repro")
    (clone / "params.yaml").write_text(params)
    assert failed.returncode != 0
    assert name in failed.stderr
    assert stages_run(run(clone, "dvc", "repro")) == []
    assert (clone / "data/models/digits/0.npy").read_bytes() == before
    assert run(clone, "git", "status", "--porcelain") == ""


def test_images_outlive_a_forced_fetch_that_fails(clone: Path) -> None:
    params, before = (clone / "params.yaml").read_text(), (clone / "data/mnist/images.npy").read_bytes()
    edit(clone / "params.yaml", "offline: sample", "offline: fail")
    failed = finished(clone, "dvc", "repro", "--force", "fetch")
    (clone / "params.yaml").write_text(params)
    assert failed.returncode != 0
    assert "fetch: " in failed.stderr
    assert (clone / "data/mnist/images.npy").read_bytes() == before
    assert stages_run(run(clone, "dvc", "repro")) == []


def test_a_deleted_output_is_restored(clone: Path) -> None:
    before = (clone / "data/models/digits/5.npy").read_bytes()
    (clone / "data/models/digits/5.npy").unlink()
    assert stages_run(run(clone, "dvc", "repro")) == []
    assert (clone / "data/models/digits/5.npy").read_bytes() == before
