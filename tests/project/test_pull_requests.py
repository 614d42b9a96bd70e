"""Pull requests: their results are reproduced, their report is one comment, and an experiment opens one."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import ROOT, clean_environment, commit, copy_of, edit, finished, fresh_clone, refused, run
from tests.project.test_workflows import WORKFLOWS, steps

REPOSITORY = "owner/name"
COMMENT = {"PULL_REQUEST": "7", "GITHUB_REPOSITORY": REPOSITORY, "HEAD_REPOSITORY": REPOSITORY}
COMMENT |= {"RUN": "https://forge.example/run"}


@pytest.fixture
def upstream(sample_run: Path, tmp_path: Path) -> Path:
    """Return a repository with committed results, in which the bundled sample passes for MNIST."""
    folder = copy_of(sample_run, tmp_path / "upstream")
    edit(folder / "stages/images/digests.py", '"mnist-original"', '"mnist-other"')
    edit(folder / "stages/images/digests.py", '"mnist-sample"', '"mnist-original"')
    run(folder, "dvc", "repro")
    commit(folder)
    return folder


def cached_by_the_report() -> set[str]:
    return {
        step["with"]["path"] for step in steps(WORKFLOWS["report"]) if step.get("uses", "").startswith("actions/cache")
    }


def as_the_workflow_does(repository: Path, cache: Path, place: Path) -> subprocess.CompletedProcess[str]:
    """Reproduce a repository's results in a clone, with what earlier runs left; return the check of the results."""
    run(place.parent, "git", "clone", "--quiet", str(repository), place.name)
    for path in cached_by_the_report():
        if (cache / path).exists():
            shutil.copytree(cache / path, place / path)
    run(place, ".ci/reproduce")
    for path in cached_by_the_report():
        shutil.copytree(place / path, cache / path, dirs_exist_ok=True)
    return finished(place, ".ci/check-results")


FORGERY = """
import sys
from pathlib import Path

path = sys.path
sys.path = [folder for folder in path if folder and Path(folder) != Path(__file__).parent]
del sys.modules["tqdm"]
import tqdm
sys.path = path
if "--method" in sys.argv:
    sys.argv[sys.argv.index("--method") + 1] = "lbfgs"
"""


@pytest.mark.slow
def test_a_pull_request_cannot_forge_its_results_by_what_its_earlier_runs_left(upstream: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(upstream / "data/mnist", cache / "data/mnist")
    forged = copy_of(upstream, tmp_path / "forged")
    (forged / "tqdm.py").write_text(FORGERY)  # which no stage depends on
    edit(forged / "params.yaml", "alpha: 0.01", "alpha: 0.02")
    run(forged, "dvc", "repro")
    commit(forged)
    assert as_the_workflow_does(forged, cache, tmp_path / "first").returncode == 0  # its diff shows how
    (forged / "tqdm.py").unlink()
    commit(forged)
    assert as_the_workflow_does(forged, cache, tmp_path / "second").returncode == 1
    assert "**Not reproduced:**" in run(tmp_path / "second", ".ci/report", "HEAD~2")
    assert cached_by_the_report() == {"data/mnist"}


GH = """#!/bin/bash
cd "$(dirname "$0")"
echo "$@" >> called
[[ $* = *--jq* ]] && jq --raw-output "${@: -1}" comments.json
true
"""


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    """Replace gh by a program that has some comments and records its calls; return its folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    return folder


def comment(gh: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = COMMENT | {"PATH": f"{gh}:{clean_environment()['PATH']}"} | changes
    return finished(gh, str(ROOT / ".ci/comment"), "report.md", **environment)


MARKER = "<!-- what a change does to the model -->"
OTHERS = [
    {"id": 1, "user": {"type": "Bot"}, "body": "another bot's"},
    {"id": 2, "user": {"type": "User"}, "body": f"{MARKER}\na person's"},
    {"id": 3, "user": {"type": "Bot"}, "body": f"a quotation of {MARKER}"},
]


@pytest.mark.parametrize(
    ("more", "called"),
    [
        ([], "--method POST repos/owner/name/issues/7/comments"),
        ([{**OTHERS[0], "id": 4, "body": f"{MARKER}\nolder"}], "--method PATCH repos/owner/name/issues/comments/4"),
    ],
)
def test_a_report_is_one_comment_that_is_updated_and_no_others(
    gh: Path, more: list[dict[str, Any]], called: str
) -> None:
    (gh / "comments.json").write_text(json.dumps([*OTHERS, *more, OTHERS[0]]))
    (gh / "report.md").write_text("a report")
    assert comment(gh).returncode == 0
    listed, written = (gh / "called").read_text().splitlines()
    assert listed.startswith("api --paginate repos/owner/name/issues/7/comments --jq ")
    assert written == f"api --silent {called} --field body=@report.md.marked"
    assert (gh / "report.md.marked").read_text() == f"{MARKER}\na report\n"


def test_without_a_report_the_comment_says_so(gh: Path) -> None:
    (gh / "comments.json").write_text("[]")
    assert comment(gh).returncode == 0
    assert (gh / "called").exists()
    assert "could not be reproduced: [the run](https://forge.example/run)" in (gh / "report.md").read_text()


def test_where_the_token_may_only_read_there_is_no_comment(gh: Path) -> None:
    result = comment(gh, HEAD_REPOSITORY="fork/name")
    assert result.returncode == 0
    assert result.stdout.startswith("No comment: ")
    assert not (gh / "called").exists()


@pytest.mark.slow
def test_an_experiment_by_hand_becomes_a_pull_request_whose_text_is_its_report(
    upstream: Path, gh: Path, tmp_path: Path
) -> None:
    for name in ("run", "open"):
        run(tmp_path, "git", "clone", "--quiet", "--depth=1", f"file://{upstream}", name)
    shutil.copytree(upstream / "data/mnist", tmp_path / "run/data/mnist")
    said, telling = tmp_path / "experiment", {"PATH": f"{gh}:{clean_environment()['PATH']}"}
    run(tmp_path / "run", ".ci/experiment", str(said), SETTINGS=" train.alpha=0.03\ntrain.l2=0.001 ")
    where = {"GITHUB_REPOSITORY": REPOSITORY, "RUN": "5", "BASE": "main"}
    run(tmp_path / "open", ".ci/open", str(said), **telling, **where)
    called = (gh / "called").read_text()
    assert called.startswith("pr create --repo owner/name --base main --head experiment-5 ")
    assert "--title Try train.alpha=0.03 train.l2=0.001 --body-file " in called
    text = (said / "text.md").read_text()
    assert "**Reproduced:**" in text
    assert re.findall(r"^\| `(train\.\w+)`", text, re.MULTILINE) == ["train.alpha", "train.l2"]
    assert run(upstream, "git", "log", "--format=%s", "main..experiment-5") == "Try train.alpha=0.03 train.l2=0.001\n"


@pytest.mark.parametrize("settings", ["", "alpha", "a=$(touch made)", "a=0.1;ls", "--queue", "a=1,2"])
def test_an_experiment_with_other_settings_is_refused(tmp_path: Path, settings: str) -> None:
    clone = fresh_clone(tmp_path / "clone")
    refused(finished(clone, ".ci/experiment", "experiment", SETTINGS=settings), 2, "SETTINGS")
    assert run(clone, "git", "status", "--porcelain") == ""
