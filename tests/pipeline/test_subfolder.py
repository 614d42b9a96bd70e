"""The project as a folder of a bigger repository: there it does what it does at the root."""

import re
import shutil
from pathlib import Path

import pytest

from tests.helpers import ROOT, commit, copy_of, edit, finished, refused, run, stages_run

pytestmark = pytest.mark.slow
FORGE = {"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_REPOSITORY": "owner/name"}


def in_two_commits(before: Path, after: Path, folder: Path) -> Path:
    """Return a folder, of a repository of its own or of a bigger one, with the one's files and then the other's."""
    for source in (before, after):
        for name in run(source, "git", "ls-files").split():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, folder / name)
        commit(folder)
    return folder


@pytest.fixture(scope="module")
def folder(sample_run: Path, faster_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project in a bigger repository, its second commit an experiment, with DVC's cache."""
    bigger = tmp_path_factory.mktemp("bigger")
    run(bigger, "git", "init", "--quiet", "--initial-branch=main")
    (bigger / "metrics").mkdir()
    (bigger / "metrics/ova.json").write_text('{"accuracy": 1.0}')  # another project's
    (bigger / "params.yaml").write_text("alpha: 1")
    folder = in_two_commits(sample_run, faster_run, bigger / "learning/digits")
    for name in ("data", ".dvc/cache", "plots/predictions.mp4"):
        run(bigger, "cp", "--recursive", str(faster_run / name), str((folder / name).parent))
    (bigger / "params.yaml").write_text("alpha: 2")  # what is not committed there is not of this project
    return folder


def test_its_report_is_that_of_the_root(folder: Path, faster_run: Path, tmp_path: Path) -> None:
    root = copy_of(faster_run, tmp_path / "root")
    commit(root)
    at_root, here = (run(place, ".ci/report", "HEAD~", **FORGE) for place in (root, folder))
    assert "**Reproduced:**" in here
    assert "### All digits together" in here

    def unnamed(report: str) -> str:
        return re.sub(r"\b[0-9a-f]{7,40}\b", "COMMIT", report)

    assert unnamed(here).replace("COMMIT/learning/digits/", "COMMIT/") == unnamed(at_root)


def test_its_checks_pass_and_the_pipeline_has_nothing_to_do(folder: Path) -> None:
    assert stages_run(run(folder, "dvc", "repro")) == []
    for check in ("check-lock", "check-results"):
        run(folder, f".ci/{check}")
    assert "One-vs-all accuracy: " in run(folder, "python", "-m", "report.answer")
    assert run(folder, "git", "status", "--porcelain", "--", ".") == ""


def test_its_checks_see_what_is_stale_and_what_is_changed(folder: Path, tmp_path: Path) -> None:
    copy_of(folder.parents[1], tmp_path / "bigger")
    changed = tmp_path / "bigger/learning/digits"
    edit(changed / "metrics/ova.json", '"accuracy": 0.', '"accuracy": 0.9')
    assert finished(changed, ".ci/check-results").returncode == 1
    commit(changed)
    refused(finished(changed, ".ci/check-lock"), 1, "these stages would run: evaluate")
    assert "these stages would run: evaluate" in run(changed, ".ci/report", "HEAD~")


def test_its_page_compares_with_a_commit(folder: Path) -> None:
    run(folder, "python", "-m", "show", "HEAD~")
    page = (folder / "show.html").read_text()
    assert "train.alpha" in page
    assert "with uncommitted changes" not in page


def test_an_experiment_runs_there(folder: Path, tmp_path: Path) -> None:
    copy_of(folder.parents[1], tmp_path / "bigger")
    here = tmp_path / "bigger/learning/digits"
    run(here.parents[1], "git", "restore", ".")
    assert stages_run(run(here, "dvc", "exp", "run", "--name", "shown", "-S", "video.examples=3")) == ["render_video"]
    assert "shown" in run(here, "python", "-m", "report.experiments")
    assert ROOT.name not in run(here, "git", "status", "--porcelain")
