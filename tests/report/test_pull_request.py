"""The report on a pull request, compared with numbers computed here from the two revisions' models."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from report import pull_request
from report.comparison import Change
from report.tables import verdict
from stages.models.answers import from_text, to_text
from stages.storage.errors import ParameterError
from tests.helpers import (
    SOMEBODY,
    clean_environment,
    commit,
    copy_of,
    edit,
    environment_becomes,
    finished,
    refused,
    run,
)

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@pytest.fixture(scope="module")
def changed(faster_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the run with the experiment, and commit that on a branch."""
    folder = copy_of(faster_run, tmp_path_factory.mktemp("report") / "changed")
    run(folder, "git", "switch", "--quiet", "--create", "change")
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def report(changed: Path) -> str:
    return run(changed, ".ci/report", "main")


@pytest.fixture
def clone(sample_run: Path, tmp_path: Path) -> Path:
    """Clone the run on the sample, without its data."""
    run(tmp_path, "git", "clone", "--quiet", str(sample_run), "clone")
    return tmp_path / "clone"


@pytest.fixture
def compared(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function that writes a report in this process, without asking DVC whether all is up to date."""
    monkeypatch.chdir(clone)
    environment_becomes(monkeypatch, clean_environment())
    monkeypatch.setattr(pull_request, "everything_is_here", lambda: True)
    return pull_request.report


def rows(report: str, title: str) -> dict[str, list[str]]:
    """Return the rows of the table below a title, by their first cell."""
    section = re.split(r"^### ", report, flags=re.MULTILINE)
    (text,) = [part for part in section if part.startswith(title + "\n")]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return {row[0].lstrip("`").partition("`")[0]: row[1:] for row in cells[2:]}


def models_answers(folder: Path) -> tuple[Mask, Mask]:
    """Return which test images the ten models together get right, (n,), and which each gets right alone, (n, 10)."""
    data = {
        name: np.load(folder / f"data/test/{name}.npy").astype(float) for name in ("pixels", "mean", "std", "labels")
    }
    model = np.load(folder / "data/models/ova.npy")
    X = (data["pixels"] - data["mean"][:, None]) / data["std"][:, None]
    z = X @ model["weights"] + model["bias"]
    return z.argmax(axis=1) == data["labels"], (z > 0) == (data["labels"][:, None] == np.arange(10))


def p_value(before: Mask, after: Mask) -> float:
    """Return McNemar's exact p-value, as a sum of its terms."""
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    n, fewer = gained + lost, min(gained, lost)
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(fewer + 1)) / 2**n)


def words(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def mistake(folder: Path, wrong: dict[tuple[int, int], int]) -> None:
    """Change the answers of some images of a digit from right to another digit."""
    answers = from_text((folder / "metrics/answers.txt").read_text())
    predicted = answers.predicted.copy()
    for (actual, guess), images in wrong.items():
        predicted[np.flatnonzero((answers.labels == actual) & (predicted == actual))[:images]] = guess
    (folder / "metrics/answers.txt").write_text(to_text(answers._replace(predicted=predicted)))
    ova = json.loads((folder / "metrics/ova.json").read_text())
    accuracy = float(np.mean(predicted == answers.labels))
    (folder / "metrics/ova.json").write_text(json.dumps(ova | {"accuracy": accuracy}))


def test_the_parameter_that_changed_and_no_other(report: str) -> None:
    assert rows(report, "Parameters") == {"train.alpha": ["0.01", "0.03"]}


def test_the_accuracy_is_that_of_the_models(report: str, sample_run: Path, changed: Path) -> None:
    (before, _), (after, _) = models_answers(sample_run), models_answers(changed)
    base, now, p = before.mean(), after.mean(), p_value(before, after)
    assert now > base
    assert p < 0.05
    cells = rows(report, "All digits together")["accuracy"]
    assert cells == [f"{base:.5f}", f"{now:.5f}", f"{now - base:+.3g} ↑ better ({words(p)})"]


def test_every_metric_is_there_and_what_cannot_be_judged_is_not(report: str, sample_run: Path, changed: Path) -> None:
    base, now = (json.loads((folder / "metrics/ova.json").read_text()) for folder in (sample_run, changed))
    table = rows(report, "All digits together")
    assert {name: cells[:2] for name, cells in table.items()} == {
        name: [f"{base[name]:.5f}", f"{now[name]:.5f}"] for name in base
    }
    assert "`log_loss` (less is better)" in report
    assert table["log_loss"][2] == f"{now['log_loss'] - base['log_loss']:+.3g} ↓"


def test_the_ten_digits(report: str, sample_run: Path, changed: Path) -> None:
    base, now = (json.loads((folder / "metrics/digits.json").read_text()) for folder in (sample_run, changed))
    (_, before), (_, after) = models_answers(sample_run), models_answers(changed)
    p = np.array([p_value(before[:, digit], after[:, digit]) for digit in range(10)])
    table = rows(report, "Each digit against the rest")
    assert list(table) == list("0123456789")
    for digit, cells in table.items():
        assert [cells[0], cells[1]] == [f"{side[digit]['accuracy']:.5f}" for side in (base, now)]
        assert [cells[3], cells[4]] == [f"{side[digit]['f1']:.5f}" for side in (base, now)]
        adjusted = min(10 * other / (p <= other).sum() for other in p if other >= p[int(digit)])  # Benjamini, Hochberg
        assert cells[2].endswith(f"({words(adjusted)})") or cells[2] == "="
        assert ("within noise" in cells[2]) == (adjusted > 0.05)


def test_a_handful_of_answers_is_noise(clone: Path, compared: Callable[[str], str]) -> None:
    mistake(clone, {(4, 9): 4, (3, 5): 1})
    report = compared("HEAD")
    assert rows(report, "All digits together")["accuracy"][2] == "-0.005 ↓ within noise (p = 0.062)"  # 2 / 2^5
    assert "Of the test images, 0 have the right answer now that had a wrong one at the base, and 5 the" in report
    assert "No pair of classes is confused more or less often than at the base by more than noise." in report


def test_hundreds_of_answers_are_more_than_noise(clone: Path, compared: Callable[[str], str]) -> None:
    before = from_text((clone / "metrics/answers.txt").read_text())
    mistake(clone, {(4, 9): 70, (3, 5): 60, (0, 6): 50, (8, 3): 40, (2, 7): 30, (6, 5): 20, (1, 7): 3})
    report = compared("HEAD")
    assert rows(report, "All digits together")["accuracy"][2] == "-0.273 ↓ worse (p < 0.001)"
    found = rows(report, "Confused more often")
    assert [[digit, *cells[:1], cells[3]] for digit, cells in found.items()] == [
        ["4", "9", "+70"],
        ["3", "5", "+60"],
        ["0", "6", "+50"],
        ["8", "3", "+40"],
        ["2", "7", "+30"],
    ]
    fours_for_nines = int(((before.labels == 4) & (before.predicted == 9)).sum())
    assert found["4"][1:3] == [str(fours_for_nines), str(fours_for_nines + 70)]
    commit(clone)
    run(clone, "git", "checkout", "HEAD~", "--", "metrics")
    report = compared("HEAD")
    assert rows(report, "All digits together")["accuracy"][2] == "+0.273 ↑ better (p < 0.001)"
    assert rows(report, "Confused less often")["4"][3] == "-70"


def test_answers_to_other_images_are_not_compared(clone: Path, compared: Callable[[str], str]) -> None:
    mistake(clone, {(4, 9): 4})
    edit(clone / "metrics/answers.txt", "sha256 ", "sha256 f")
    report = compared("HEAD")
    assert re.search(r"\| -0\.004 ↓ within noise \(-0\.0\d+ to \+0\.0\d+\) \|", report)
    assert "no answers to the same test images" in report
    assert "onfused" not in report


def test_pictures_are_named_or_shown_where_the_place_allows(report: str, changed: Path) -> None:
    assert "plots/confusion_matrix.png" in report
    assert "![" not in report
    forge = {"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_REPOSITORY": "owner/name"}
    shown = run(changed, ".ci/report", "main", **forge)
    for name in ("main", "HEAD"):
        revision = run(changed, "git", "rev-parse", name).strip()
        assert f"(https://forge.example/owner/name/blob/{revision}/plots/confusion_matrix.png?raw=true)" in shown
    assert "samples.png" not in shown  # the same images, whatever alpha is


def test_it_says_that_the_results_are_reproduced(report: str) -> None:
    assert "**Reproduced:**" in report


def test_it_says_that_they_are_not(clone: Path) -> None:
    edit(clone / "metrics/ova.json", '"accuracy": 0.', '"accuracy": 0.9')
    report = run(clone, ".ci/report", "HEAD")
    assert "**Not reproduced:**" in report
    assert " M metrics/ova.json" in report
    commit(clone)
    assert "these stages would run: evaluate" in run(clone, ".ci/report", "HEAD~")


def test_work_that_is_not_committed_is_called_so(clone: Path) -> None:
    edit(clone / "params.yaml", "alpha: 0.01", "alpha: 0.02")
    report = run(clone, ".ci/report", "HEAD")
    assert "The work tree on" in report
    assert "**Uncommitted changes:** params.yaml." in report
    assert "**Still to run:**\n\n```text\ndvc.lock is stale, these stages would run: train_digit@0" in report
    assert "Not reproduced" not in report


def test_a_run_that_is_not_committed_is_called_so_and_is_what_is_shown(changed: Path, tmp_path: Path) -> None:
    folder = copy_of(changed, tmp_path / "at_work")
    run(folder, "git", "reset", "--quiet", "HEAD~")
    report = run(folder, ".ci/report", "HEAD")
    assert "**Uncommitted changes:** params.yaml." in report
    assert "**Up to date:** `dvc repro` has nothing to do." in report
    assert rows(report, "Parameters") == {"train.alpha": ["0.01", "0.03"]}


def test_results_of_other_images_are_no_failure_to_reproduce(clone: Path) -> None:
    edit(clone / "metrics/data.json", "mnist-sample", "mnist-original")
    edit(clone / "metrics/ova.json", '"accuracy": 0.', '"accuracy": 0.9')
    report = run(clone, ".ci/report", "HEAD")
    assert "**Uncommitted changes:** metrics/data.json." in report
    assert "Not reproduced" not in report


def test_nothing_changed_and_data_that_are_gone_are_not_said_to_be_reproduced(clone: Path) -> None:
    report = run(clone, ".ci/report", "main")
    assert "**Not stale:**" in report
    assert "No parameter, metric or picture has changed since the base." in report
    assert "###" not in report


def test_a_metric_that_is_new_and_one_that_is_gone(clone: Path, compared: Callable[[str], str]) -> None:
    ova: dict[str, Any] = json.loads((clone / "metrics/ova.json").read_text())
    value = ova.pop("macro_f1")
    (clone / "metrics/ova.json").write_text(json.dumps(ova | {"kappa": 0.5}))
    table = rows(compared("HEAD"), "All digits together")
    assert table["macro_f1"] == [f"{value:.5f}", "", "gone"]
    assert table["kappa"] == ["", "0.50000", "new"]


def test_with_a_validation_set_its_accuracy_comes_first_and_the_test_set_is_called_what_it_is(
    clone: Path, compared: Callable[[str], str], report: str
) -> None:
    mistake(clone, {(4, 9): 4})
    ova, data = (json.loads((clone / f"metrics/{name}.json").read_text()) for name in ("ova", "data"))
    chosen = {"validation_accuracy": 0.9, "validation_standard_error": 0.013}
    (clone / "metrics/ova.json").write_text(json.dumps(ova | chosen))
    (clone / "metrics/data.json").write_text(json.dumps(data | {"train": 3500, "validation": 500}))
    here = compared("HEAD")
    assert list(rows(here, "All digits together"))[:3] == [*chosen, "accuracy"]
    assert "`accuracy` is that of the test set: for the final report, not for choosing." in here
    assert "not to choose by" not in report
    assert "The test images are the same as at the base; other sets have changed." in here
    commit(clone)
    (clone / "metrics/ova.json").write_text(json.dumps(ova | chosen | {"validation_accuracy": 0.95}))
    cells = rows(compared("HEAD"), "All digits together")["validation_accuracy"]
    assert re.fullmatch(r"\+0\.05 ↑ better \(\+0\.0\d+ to \+0\.0\d+\)", cells[2])


@pytest.mark.parametrize("value", [True, "good | bad"])
def test_a_metric_that_is_no_number(clone: Path, compared: Callable[[str], str], value: Any) -> None:
    ova: dict[str, Any] = json.loads((clone / "metrics/ova.json").read_text())
    (clone / "metrics/ova.json").write_text(json.dumps(ova | {"macro_f1": value}))
    section = compared("HEAD").partition("### All digits together")[2]
    assert re.search(r"`macro_f1` .* changed \|$", section, re.MULTILINE)


def test_whole_numbers_and_others_are_told_apart() -> None:
    assert verdict(Change(70_000, 5_000)) == "-65000 ↓"
    assert verdict(Change(0.9, 0.85)) == "-0.05 ↓"


def test_a_picture_that_is_gone_and_answers_that_the_base_has_not(clone: Path, compared: Callable[[str], str]) -> None:
    whole = (clone / "metrics/answers.txt").read_text()
    (clone / "metrics/answers.txt").write_text("none")
    commit(clone)
    (clone / "metrics/answers.txt").write_text(whole)
    (clone / "plots/cost.png").unlink()
    report = compared("HEAD")
    assert "plots/cost.png (gone)" in report
    assert "onfused" not in report


@pytest.mark.slow
def test_what_changed_at_the_base_since_is_not_reported(clone: Path) -> None:
    run(clone, "git", "switch", "--quiet", "--create", "change")
    edit(clone / "params.yaml", "alpha: 0.01", "alpha: 0.02")
    commit(clone)
    run(clone, "git", "switch", "--quiet", "main")
    edit(clone / "params.yaml", "fps: 2", "fps: 3")
    commit(clone)
    run(clone, "git", "switch", "--quiet", "change")
    assert rows(run(clone, ".ci/report", "main"), "Parameters") == {"train.alpha": ["0.01", "0.02"]}


@pytest.mark.slow
def test_a_base_without_a_pipeline(clone: Path) -> None:
    tree = run(clone, "git", "hash-object", "-t", "tree", "-w", "/dev/null").strip()
    empty = run(clone, "git", *SOMEBODY, "commit-tree", "-m", "nothing", tree).strip()
    report = run(clone, ".ci/report", empty)
    assert rows(report, "Parameters")["seed"] == ["", "42"]
    assert {cells[2] for cells in rows(report, "All digits together").values()} == {"new"}
    assert {cells[2] for cells in rows(report, "Each digit against the rest").values()} == {"new"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["main", "origin/main"])
def test_a_shallow_clone_fetches_its_base(changed: Path, report: str, tmp_path: Path, name: str) -> None:
    run(tmp_path, "git", "clone", "--quiet", "--depth=1", "--branch=change", f"file://{changed}", "shallow")
    shallow = tmp_path / "shallow"
    here = run(shallow, ".ci/report", name)
    assert "**Not stale:**" in here
    assert here.partition("### Parameters")[2] == report.partition("### Parameters")[2]
    assert run(shallow, "git", "rev-list", "--count", "HEAD") == "1\n"


@pytest.mark.parametrize("name", ["nosuch", "", "main:made", "+main:made"])
def test_a_base_that_is_none(name: str, clone: Path, compared: Callable[[str], str]) -> None:
    with pytest.raises(ParameterError, match=f"^'{re.escape(name)}' is not a commit here or at origin, "):
        compared(name)
    assert "made" not in run(clone, "git", "branch")


@pytest.mark.parametrize("name", ["nosuch", "--nosuch"])
def test_a_base_that_is_none_is_one_line(name: str, clone: Path) -> None:
    refused(finished(clone, ".ci/report", name), 2, name)
