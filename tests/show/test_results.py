"""The files that the page shows, damaged as people and merges damage them: one line names the file."""

import os
import shutil
from html import escape
from pathlib import Path

import pytest

from show.__main__ import main
from stages.command.paths import OVA
from stages.models.records import read_ova, write_model
from stages.storage.errors import ParameterError, StageError
from tests.helpers import finished, refused
from tests.report.test_odd import ODD_YAML

CONFLICT = "<<<<<<< HEAD\n{old}\n=======\n{old} \n>>>>>>> theirs\n"
BROKEN = {
    "empty": b"",
    "null": b"null",
    "list": b"[1, 2]",
    "text": b"what?\n",
    "no_text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "number": b"1e400",
    "infinite": b'{"accuracy": Infinity, "train": NaN, "0": {"accuracy": 1e999}}',
    "huge": b'{"accuracy": 1' + 400 * b"0" + b"}",
    "words": b'{"accuracy": "high", "train": "many", "dataset": 7, "0": "good"}',
}
FILES = ["metrics/ova.json", "metrics/data.json", "metrics/digits.json", "metrics/answers.txt", "plots/learning.csv"]


@pytest.fixture
def run_folder(shown: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of a run without its page, in which a page can be written."""
    for name in ("data", "metrics", "plots", "params.yaml", "dvc.yaml", ".dvc/config", ".git"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if (shown / name).is_dir() else shutil.copy)(shown / name, target)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_refused(name: str) -> None:
    with pytest.raises(StageError) as error:
        main([])
    assert str(error.value).startswith(f"{name}: ")
    assert len(str(error.value)) < 500
    assert not Path("show.html").exists()


def test_whole_files_make_the_page(run_folder: Path) -> None:
    main([])
    assert (run_folder / "show.html").exists()


def test_classes_may_have_words_for_names(run_folder: Path) -> None:
    names = [f"twelve<{digit}>{digit:03}" for digit in range(10)]
    write_model(run_folder / OVA, read_ova(run_folder / OVA)._replace(classes=tuple(names)))
    main([])
    html = (run_folder / "show.html").read_text()
    assert "Draw a class" in html
    for name in map(escape, names):
        for place in (f"<b>{name}</b>", f'aria-label="Weights of {name}"', f'<th scope="row">{name}</th>'):
            assert place in html
    assert "twelve<" not in html


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_named(run_folder: Path, name: str) -> None:
    file = run_folder / name
    whole = file.read_bytes()
    for broken in [*BROKEN.values(), CONFLICT.format(old=whole.decode()).encode(), whole[: len(whole) // 2]]:
        file.write_bytes(broken)
        assert_refused(name)
    file.unlink()
    assert_refused(name)
    file.mkdir()
    assert_refused(name)


@pytest.mark.parametrize("value", ["inf", "nan", "-1", "1.5e9", "1e999"])
@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_curve_of_values_that_there_are_not_is_refused(run_folder: Path, column: int, value: str) -> None:
    file = run_folder / "plots/learning.csv"
    first, *rows = file.read_text().splitlines()
    cells = rows[-1].split(",")
    file.write_text("\n".join([first, *rows[:-1], ",".join([*cells[:column], value, *cells[column + 1 :]])]))
    assert_refused("plots/learning.csv")


@pytest.mark.parametrize("kind", ["empty", "null", "list", "text", "no_text"])
def test_parameters_that_are_none_are_named(run_folder: Path, kind: str) -> None:
    (run_folder / "params.yaml").write_bytes(BROKEN[kind])
    assert_refused("params.yaml")


def test_parameters_with_conflict_marks_are_named(run_folder: Path) -> None:
    file = run_folder / "params.yaml"
    file.write_text(CONFLICT.format(old=file.read_text()))
    assert_refused("params.yaml")


@pytest.mark.parametrize("name", ["params.yaml", "dvc.yaml"])
def test_what_dvc_reads_is_named(run_folder: Path, name: str) -> None:
    file = run_folder / name
    whole = file.read_text()
    for text in [*ODD_YAML, whole[: len(whole) // 2] + "\n: ["]:
        file.write_text(text)
        assert_refused(name)
    file.unlink()
    assert_refused(name)
    os.mkfifo(file)
    assert_refused(name)


def test_a_pipeline_that_is_none_is_named(run_folder: Path) -> None:
    for text in ("text\n", "stages: [1]\n", "[1]\n"):
        (run_folder / "dvc.yaml").write_text(text)
        assert_refused("dvc.yaml")


@pytest.mark.parametrize(
    "base", ["nowhere", "HEAD^{tree}", "HEAD:params.yaml", "x" * 3000, "\udcff", "HEAD\n", "\x1b[31m"]
)
@pytest.mark.usefixtures("run_folder")
def test_a_base_that_is_no_commit_is_named(base: str) -> None:
    with pytest.raises(
        ParameterError, match=r"^BASE: .* is not a commit or an experiment here, expected one$"
    ) as raised:
        main([base])
    assert str(raised.value).isprintable()


def test_a_film_too_large_for_a_page_is_named(run_folder: Path) -> None:
    with (run_folder / "plots/predictions.mp4").open("r+b") as file:
        file.truncate(10**12)  # of which the disk holds nothing
    assert_refused("plots/predictions.mp4")


def test_a_film_that_is_none_is_named(run_folder: Path) -> None:
    (run_folder / "plots/predictions.mp4").unlink()
    (run_folder / "plots/predictions.mp4").mkdir()
    assert_refused("plots/predictions.mp4")


def test_a_file_far_too_large_is_not_read(run_folder: Path) -> None:
    with (run_folder / "metrics/ova.json").open("wb") as file:
        file.truncate(10**12)  # of which the disk holds nothing
    assert_refused("metrics/ova.json")


def test_on_the_command_line_it_is_one_line(run_folder: Path, shown: Path) -> None:
    for folder in ("show", "stages", "report"):
        (run_folder / folder).symlink_to(shown / folder)
    (run_folder / "metrics/ova.json").write_text("null")
    refused(finished(run_folder, "python", "-m", "show"), 4, "metrics/ova.json: ")
