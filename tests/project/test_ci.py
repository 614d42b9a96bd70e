"""What guards a pull request: the checks of what was committed, the comment, and the workflows that call them."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import make
from tests.helpers import ROOT, commit, edit, finished, fresh_clone, refused

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
REPOSITORY = "owner/name"
COMMENT = {"PULL_REQUEST": "7", "GITHUB_ACTOR": "who", "GITHUB_REPOSITORY": REPOSITORY, "HEAD_REPOSITORY": REPOSITORY}
COMMENT |= {"RUN": "https://forge.example/run"}


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


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    """Put a program in gh's place that writes down how it is called; return the folder to look for programs in."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gh").write_text('#!/bin/sh\necho "$@" > "$(dirname "$0")/called"\n')
    (folder / "gh").chmod(0o755)
    return folder


def comment(gh: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = COMMENT | {"PATH": f"{gh}:{os.environ['PATH']}"} | changes
    return finished(gh, str(ROOT / ".ci/comment"), "report.md", **environment)


def test_a_report_is_one_comment_that_is_updated(gh: Path) -> None:
    (gh / "report.md").write_text("a report")
    assert comment(gh).returncode == 0
    called = "pr comment 7 --repo owner/name --edit-last --create-if-none --body-file report.md\n"
    assert (gh / "called").read_text() == called
    assert (gh / "report.md").read_text() == "a report"


def test_without_a_report_the_comment_says_so(gh: Path) -> None:
    assert comment(gh).returncode == 0
    assert (gh / "called").exists()
    assert "could not be made anew: [the run](https://forge.example/run)" in (gh / "report.md").read_text()


@pytest.mark.parametrize("change", [{"HEAD_REPOSITORY": "fork/name"}, {"GITHUB_ACTOR": "dependabot[bot]"}])
def test_where_the_token_may_only_read_there_is_no_comment(gh: Path, change: dict[str, str]) -> None:
    result = comment(gh, **change)
    assert result.returncode == 0
    assert result.stdout.startswith("No comment: ")
    assert not (gh / "called").exists()


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(workflow.read_text())["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_step_is_a_make_target_or_a_script_that_also_runs_here(workflow: Path) -> None:
    targets = {target for targets in make.TARGETS.values() for target in targets}
    for step in steps(workflow):
        for line in step.get("run", "").splitlines():
            program, *words = line.partition(">")[0].split()
            if program == "make":
                assert {word for word in words if re.fullmatch("[a-z]+", word)} <= targets
            elif program == "python":
                assert words[0] == "make.py"
                assert words[1] in targets
            else:
                assert program == "cat" or os.access(ROOT / program, os.X_OK)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_nothing_is_permitted_by_default(workflow: Path) -> None:
    text = workflow.read_text()
    actions = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    assert "\npermissions: {}\n" in text
    assert all("permissions" in job for job in yaml.safe_load(text)["jobs"].values())


def test_the_promise_names_each_system_that_is_tested() -> None:
    (workflow,) = (path for path in WORKFLOWS if path.stem == "tests")
    systems = yaml.safe_load(workflow.read_text())["jobs"]["tests"]["strategy"]["matrix"]["system"]
    assert re.findall(r" `([\w.-]+)` \|$", (ROOT / "docs/promise.md").read_text(), re.MULTILINE) == systems
