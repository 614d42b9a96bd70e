"""The documents: their code computes what they say, their links work, and their commands run."""

import doctest
import re
from pathlib import Path

import pytest

from tests.classify import test_command as classify
from tests.helpers import ROOT, SOMEBODY, commands_of, copy_of, edit, finished, run, tracked_files, with_environment
from tests.pipeline import test_experiments as experiments
from tests.pipeline import test_other_data as other_data
from tests.project import test_team as team

PAGES = sorted((ROOT / "docs").glob("*.md"), key=str)
DOCUMENTS = [path for path in tracked_files() if path.suffix == ".md" and commands_of((ROOT / path).read_text())]
MERGE = commands_of((ROOT / "CONTRIBUTING.md").read_text().partition("## What do I do when `dvc.lock` conflicts?")[2])
CLUSTER = "needs a cluster at this port, and does not end: tests/workers/test_cluster.py starts one at free ports"
STARTED = "takes minutes: tests/benchmarks starts it with little"
NOT_RUN = {  # and why
    "make repro": "installs all packages and trains for minutes: test_install.py runs it where both are small",
    "make test": "is the other half of what runs this",
    "git push --set-upstream origin my-change": "needs a fork on GitHub",
    "make check": "is a part of what runs this",
    "apt-get install chromium chromium-driver npm": "is for root, once for a machine: .ci/browser does it",
    ". .venv/bin/activate": "is done: this runs in an environment",
    "python -m benchmarks.strokes": STARTED,
    "python -m benchmarks.moved": STARTED,
    "dask scheduler --host 127.0.0.1": CLUSTER,
    "dask worker tcp://127.0.0.1:8786": CLUSTER,
    "DASK_SCHEDULER_ADDRESS=tcp://127.0.0.1:8786 dvc repro": CLUSTER,
}
# run by those tests
ELSEWHERE = {*experiments.commands(), *classify.COMMANDS, classify.MAKE, *other_data.COMMANDS, *team.COMMANDS}
IDENTITY = {"GIT_EDITOR": "sed -i 1iwords", "GIT_MERGE_AUTOEDIT": "no"} | {
    f"GIT_{who}_{what}": "n@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture
def clone(faster_run: Path, tmp_path: Path) -> Path:
    """Return a clone with an experiment in its work tree, and all that `make` needs."""
    return with_environment(copy_of(faster_run, tmp_path / "clone"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_examples_give_what_it_says(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", page.read_text()) if not link.startswith("http")]
    assert [link for link in links if not leads_somewhere(page, *link.partition("#")[::2])] == []


def leads_somewhere(page: Path, name: str, heading: str) -> bool:
    """Tell whether a file is there, and has a heading that GitHub gives this name."""
    target = page.parent / name if name else page
    if not heading:
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
    return heading in {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings}


def test_the_pages_with_examples_have_some() -> None:
    assert all(">>> " in (ROOT / f"docs/{name}.md").read_text() for name in ("mathematics", "exact"))


def test_the_readme_names_every_page() -> None:
    assert [page.name for page in PAGES if f"docs/{page.name}" not in (ROOT / "README.md").read_text()] == []


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_its_commands_run(document: Path, clone: Path) -> None:
    commands = commands_of((ROOT / document).read_text())
    for command in commands[: -len(MERGE)] if document.name == "CONTRIBUTING.md" else commands:
        if command not in ELSEWHERE and command not in NOT_RUN:
            run(clone, "bash", "-c", command, **IDENTITY)


def test_no_command_is_excused_that_no_document_has() -> None:
    known = [command for document in DOCUMENTS for command in commands_of((ROOT / document).read_text())]
    assert NOT_RUN.keys() <= set(known)


@pytest.mark.slow
def test_a_lock_that_a_kill_has_torn_is_named_and_mended(clone: Path) -> None:
    """DVC's own message says only that some JSON is corrupted."""
    (clone / ".dvc/tmp/rwlock").write_text('{"')
    failed = finished(clone, "make", "repro")
    assert failed.returncode
    assert "make.py: .dvc/tmp/rwlock is torn" in failed.stderr
    (mend, *_) = [command for command in commands_of((ROOT / "docs/trouble.md").read_text()) if "rwlock" in command]
    run(clone, "bash", "-c", mend)
    assert run(clone, "dvc", "status", "--quiet") == ""


@pytest.mark.slow
def test_a_lock_in_conflict_is_made_again(clone: Path) -> None:
    run(clone, "git", *SOMEBODY, "commit", "--all", "--message=faster")
    run(clone, "git", "switch", "--quiet", "--create", "other", "HEAD~1")
    run(clone, "dvc", "checkout")
    edit(clone / "params.yaml", "examples: 6 ", "examples: 5 ")
    run(clone, "dvc", "repro")
    run(clone, "git", *SOMEBODY, "commit", "--all", "--message=other")
    merged = finished(clone, "git", *SOMEBODY, "merge", "main")
    assert "Merge conflict in dvc.lock" in merged.stdout
    for command in MERGE:
        run(clone, "bash", "-c", command, **IDENTITY)
    assert run(clone, "git", "status", "--porcelain") == ""
    assert run(clone, "dvc", "status", "--quiet") == ""
    changed = run(clone, "dvc", "params", "diff", "HEAD~1")
    assert "train.alpha" in changed
    assert "video.examples" not in changed
