"""Damaged results and parameters, and odd names: the reports stay as they are, or end with one line."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from report.answer import found
from report.comparison import Change
from report.dvc_files import PARAMETERS, check
from report.markdown import A_COMMENT, code, cut, fenced, shown
from report.results import text_of
from report.tables import of_parameters
from stages.storage.errors import DamagedError
from tests.helpers import ROOT, commit, finished, refused, run
from tests.report.test_answer import MNIST, OVA, write

CONFLICT = '<<<<<<< HEAD\n{"accuracy": 0.9}\n=======\n{"accuracy": 0.8}\n>>>>>>> other\n'
NUMBERS = ["NaN", "Infinity", "1e999", "1" + "0" * 400, "9" * 5000, '"words"', "null", "true", "-1", "2", "{}", "[0.5]"]
CONTENTS = ["", CONFLICT, "null", "[1]", "5", '"text"', '{"accuracy": ', "[" * 100_000, "{}", "\udcff", "\x00"]
CONTENTS += [f'{{"accuracy": {number}, "accuracy_standard_error": 0.1}}' for number in NUMBERS]
DATA = [f'{{"dataset": "mnist", "test": {number}}}' for number in [*NUMBERS, "0", "0.5"] if number != "2"] + ["{}"]
BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGED = "a: &a {k: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join(['*' + before] * 9)}]}}\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
ODD_YAML = [MERGED, "a: " + "[" * 50_000, "a: " + "[" * 3000 + "]" * 3000, "&a\nx: *a\n", "seed: !!int ''\n"]
ODD_YAML += ["seed: !!bool x", "seed: 2001-99-99", "seed: !!float abc", "seed: " + "9" * 5000, "a: 2001-01-01"]
ODD_YAML += ["a: !!set {a, b}", "? [a, b]\n: c\n", "a: !!binary 'aGVsbG8='", "2001-01-01: x", "- a\nb: c"]
HOSTILE = ["<!--", "@everyone", "![x](http://e.x/y.png)", "a|b", "`x`", "www.e.x", "<img src=x>", "a\n# b", "\x1b[31m"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(tmp_path, "git", "init", "--quiet")
    write(tmp_path, OVA, MNIST)
    commit(tmp_path)
    return tmp_path


def odd(path: Path, content: str) -> None:
    path.write_bytes(content.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(("name", "contents"), [("ova", CONTENTS), ("data", [*CONTENTS[:10], *DATA])])
def test_the_last_words_name_a_file_that_is_odd(
    name: str, contents: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for content in contents:
        odd(folder / f"metrics/{name}.json", content)
        with pytest.raises(DamagedError, match=rf"^metrics/{name}\.json: .*'?dvc repro|expected a whole") as raised:
            found(text_of)
        assert "\n" not in str(raised.value)


def test_the_last_words_of_what_is_half_merged_are_one_line(folder: Path) -> None:
    odd(folder / "metrics/ova.json", CONFLICT)
    refused(finished(folder, "python", "-m", "report.answer", "--made", PYTHONPATH=str(ROOT)), 4, "metrics/ova.json: ")


def test_the_last_words_wait_for_no_pipe_and_need_no_commit(folder: Path) -> None:
    odd(folder / "metrics/ova.json", CONFLICT)
    commit(folder)
    write(folder, OVA, MNIST)
    assert "85.90 %" in run(folder, "python", "-m", "report.answer", "--made", PYTHONPATH=str(ROOT))
    (folder / "metrics/ova.json").unlink()
    os.mkfifo(folder / "metrics/ova.json")
    refused(finished(folder, "python", "-m", "report.answer", "--made", PYTHONPATH=str(ROOT)), 4, "metrics/ova.json: ")


@pytest.fixture
def clone(sample_run: Path, tmp_path: Path) -> Path:
    """Clone the run on the sample, without its data."""
    run(tmp_path, "git", "clone", "--quiet", str(sample_run), "clone")
    return tmp_path / "clone"


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("metrics/ova.json", lambda path: odd(path, CONFLICT)),
        ("metrics/digits.json", lambda path: odd(path, "[" * 100_000)),
        ("metrics/data.json", lambda path: odd(path, '{"test": NaN}')),
        ("metrics/ova.json", piped),
        ("metrics/answers.txt", lambda path: odd(path, "\udcff")),
        ("metrics/answers.txt", lambda path: odd(path, "none")),
        ("params.yaml", lambda path: odd(path, "<<<<<<< HEAD\nseed: 1\n=======\nseed: 2\n>>>>>>> other\n")),
        ("params.yaml", lambda path: odd(path, BOMB)),
        ("params.yaml", lambda path: odd(path, "\udcff")),
        ("params.yaml", lambda path: odd(path, "zz: 2001-01-01\n")),
    ],
)
def test_the_report_names_a_file_that_is_odd(name: str, spoil: Callable[[Path], None], clone: Path) -> None:
    spoil(clone / name)
    refused(finished(clone, "python", "-m", "report.pull_request", "HEAD"), 4, f"{name}: ")


def test_what_the_base_has_that_is_odd_counts_as_none(clone: Path) -> None:
    odd(clone / "metrics/ova.json", "\udcff" + CONFLICT)
    commit(clone)
    run(clone, "git", "checkout", "--quiet", "HEAD~1", "--", "metrics/ova.json")
    assert "| `accuracy` " in run(clone, "python", "-m", "report.pull_request", "HEAD")


@pytest.mark.parametrize("text", ["stages:\n<<<<<<< HEAD\n", "stages: [1", "stages: !!bool x\n", "stages: [1]\n"])
def test_the_last_words_say_what_is_wrong_with_the_pipeline(text: str, clone: Path) -> None:
    odd(clone / "dvc.yaml", text)
    result = finished(clone, "python", "-m", "report.answer")
    assert result.returncode in (3, 4)
    assert result.stderr.count("\n") == 1
    assert "dvc.yaml" in result.stderr


@pytest.mark.parametrize("text", ODD_YAML)
def test_what_dvc_cannot_compare_is_named(text: str) -> None:
    with pytest.raises(DamagedError, match=r"^params\.yaml: ") as raised:
        check(PARAMETERS, text)
    assert "\n" not in str(raised.value)


def test_aliases_are_counted_as_often_as_they_stand_there() -> None:
    check(PARAMETERS, "a: &a {x: 1}\nb: *a\n")
    for text in (BOMB, "a: &a [*a]\n", "a: [" + "1, " * 2000 + "]\n"):
        with pytest.raises(DamagedError, match=r"^params\.yaml: "):
            check(PARAMETERS, text)


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_means_anything_to_markdown(word: str) -> None:
    for text in (shown(word), code(word)):
        assert text.startswith("<code>")
        assert not set(text[6:-7]) - set("&#;0123456789 ") - {c for c in text if c.isalnum()}
    assert of_parameters({word: Change(word, 1)}).count("\n") == 2


def test_what_is_plain_stays_as_it_is() -> None:
    assert [shown(value) for value in (0.03, -1e-5, True, "gradient_descent", 7)] == [
        "0.03", "-1e-05", "True", "gradient_descent", "7"
    ]  # fmt: skip
    assert code("train.alpha") == "`train.alpha`"


def test_long_words_numbers_and_reports_are_cut() -> None:
    assert len(shown("x" * 10**6)) < 150
    assert len(shown(10**400)) < 150
    assert "```" not in fenced("```\n# out of it\n" * 10**4)
    assert len(fenced("x\n" * 10**6)) < 1000
    report = cut("a line\n" * 10**5)
    assert A_COMMENT - 10 < len(report.encode()) < 65_536
    assert "The rest is left out" in report


def test_a_report_of_hostile_parameters_fits_a_comment(clone: Path) -> None:
    many = {f"{word}{at}": word for at in range(80) for word in HOSTILE}
    with (clone / "params.yaml").open("a") as file:
        file.write("".join(f"{json.dumps(name)}: {json.dumps(value)}\n" for name, value in many.items()))
    report = run(clone, "python", "-m", "report.pull_request", "HEAD")
    assert len(report.encode()) < 65_536
    assert [word for word in HOSTILE if word in report and word != "a|b"] == []
