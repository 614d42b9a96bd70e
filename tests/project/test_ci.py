"""The checks of the committed results."""

import re
from pathlib import Path

import pytest

from tests.helpers import commit, edit, finished, fresh_clone, refused


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return fresh_clone(tmp_path / "clone")


def test_what_is_committed_is_not_stale(clone: Path) -> None:
    assert finished(clone, ".ci/check-lock").returncode == 0
    assert finished(clone, ".ci/check-results").returncode == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "stage"),
    [
        ("metrics/ova.json", '"accuracy": 0.', '"accuracy": 0.9', "evaluate"),
        ("params.yaml", "alpha: 0.01", "alpha: 0.02", "train_digit@0"),
        ("params.yaml", "test_size: 0.2", "test_size: 0.3", "normalize_split"),
        ("stages/fetch.py", '"""', '"""Now, ', "fetch"),
        ("dvc.lock", "md5: ", "md5: 0", "fetch"),
    ],
)
def test_the_lock_check_names_the_stage_that_is_stale(clone: Path, file: str, old: str, new: str, stage: str) -> None:
    edit(clone / file, old, new)
    commit(clone)
    result = finished(clone, ".ci/check-lock")
    assert result.returncode == 1
    said = f"dvc.lock is stale, these stages would run: {stage}. Run 'dvc repro', and commit what it changes.\n"
    assert result.stderr == said


@pytest.mark.parametrize(
    ("file", "named"),
    [(name, name) for name in ("metrics/digits.json", "plots/cost.png", "stages/fetch.py")]
    + [("stages/models/records.py", "train_digit@0")],
)
def test_the_lock_check_names_a_file_that_is_gone_or_a_stage_that_needs_it(clone: Path, file: str, named: str) -> None:
    (clone / file).unlink()
    commit(clone)
    refused(finished(clone, ".ci/check-lock"), 1, f"{named}.")


def test_the_lock_check_passes_on_what_dvc_says_of_a_broken_pipeline(clone: Path) -> None:
    edit(clone / "dvc.yaml", "stages:", "stages: [")
    result = finished(clone, ".ci/check-lock")
    assert result.returncode == 1
    assert "dvc.yaml" in result.stderr


@pytest.mark.parametrize(("file", "old"), [("metrics/ova.json", '"accuracy": 0.'), ("dvc.lock", "md5: ")])
def test_the_results_check_shows_what_differs_and_says_what_to_do(clone: Path, file: str, old: str) -> None:
    edit(clone / file, old, f"{old}9")
    result = finished(clone, ".ci/check-results")
    assert result.returncode == 1
    assert re.search(rf"^\+.*{old}9", result.stdout, re.MULTILINE)
    assert result.stderr.splitlines()[-1].endswith("and commit dvc.lock, metrics and plots.")


def test_the_results_check_sees_a_metric_that_was_never_committed(clone: Path) -> None:
    (clone / "metrics/new.json").write_text("{}")
    assert finished(clone, ".ci/check-results").returncode == 1


def test_results_are_not_made_anew_over_uncommitted_changes(clone: Path) -> None:
    edit(clone / "metrics/ova.json", '"accuracy": 0.', '"accuracy": 0.9')
    result = finished(clone, ".ci/reproduce")
    assert result.returncode == 1
    assert "commit or stash" in result.stderr
    assert (clone / "metrics/ova.json").exists()


@pytest.mark.slow
def test_results_are_not_made_from_the_sample(clone: Path) -> None:
    result = finished(clone, ".ci/reproduce")
    assert result.returncode != 0
    assert "fetch: " in result.stderr
    assert finished(clone, "git", "status", "--porcelain").stdout == ""
