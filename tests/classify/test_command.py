"""`python -m classify`: what it prints and draws, how it ends."""

import ast
import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml
from PIL import Image

from stages.models.model_files import write_ova
from tests.classify.pictures import drawn, model
from tests.helpers import ROOT, finished

PAGE = (ROOT / "docs/classify.md").read_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a model, and pictures of two and of three digits."""
    place = tmp_path_factory.mktemp("classify")
    write_ova(place / "data/models/ova.npy", model())
    drawn("26").save(place / "photo.jpg")
    drawn("10", "3").save(place / "scan.png")
    Image.new("RGB", (200, 200), "white").save(place / "empty.png")
    (place / "text.png").write_text("a text")
    return place


def classified(folder: Path, *words: str) -> CompletedProcess[str]:
    return finished(folder, "python", "-m", "classify", *words, PYTHONPATH=str(ROOT))


def test_a_line_is_printed_for_each_digit_and_a_picture_is_drawn(folder: Path) -> None:
    result = classified(folder, "photo.jpg", "--show", "answer.png")
    assert (result.returncode, result.stderr) == (0, "")
    pattern = r"photo\.jpg: line 1, digit (\d), \d+ x \d+ at \d+, \d+: (\d) \((\d) [\d.]+ %, \d [\d.]+ %, \d [\d.]+ %\)"
    lines = [re.fullmatch(pattern, line) for line in result.stdout.splitlines()]
    assert [line and line.group(1) for line in lines] == ["1", "2"]
    assert all(line and line.group(2) == line.group(3) for line in lines)
    with Image.open(folder / "answer.png") as drawing:
        assert drawing.width == 1200


def test_programs_get_a_list_in_reading_order(folder: Path) -> None:
    result = classified(folder, "scan.png", "photo.jpg", "--json")
    rows = json.loads(result.stdout)
    assert [row["file"] for row in rows] == ["scan.png"] * 3 + ["photo.jpg"] * 2
    for row in rows:
        assert list(row) == ["file", "box", "digit", "probabilities"]
        assert len(row["box"]) == 4
        assert row["probabilities"].index(max(row["probabilities"])) == row["digit"]
        assert sum(row["probabilities"]) == pytest.approx(1)
    assert rows[0]["box"][0] < rows[1]["box"][0]
    assert rows[2]["box"][1] > rows[0]["box"][1] + rows[0]["box"][3]


def test_the_good_are_answered_and_the_first_bad_one_gives_the_exit_code(folder: Path) -> None:
    result = classified(folder, "none.png", "text.png", "photo.jpg", "empty.png")
    assert result.returncode == 3
    assert len(result.stdout.splitlines()) == 2
    none, text, empty = result.stderr.splitlines()
    assert none == "classify: none.png: cannot be read (No such file or directory); expected a picture"
    assert text.startswith("classify: text.png: is no picture, ")
    assert empty == "classify: empty.png: found no ink, expected digits, dark on light or light on dark"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: IMAGE"),
        (["a.png", "--show", "a.txt"], "--show: must be a file's name that ends in .png, .jpg, .webp, got a.txt"),
        (["a.png", "--show", "a.png"], "--show: a.png is a picture to classify, expected another file"),
    ],
)
def test_wrong_words_are_one_line(folder: Path, words: list[str], said: str) -> None:
    result = classified(folder, *words)
    assert (result.returncode, result.stderr) == (2, f"classify: {said}\n")


def test_without_a_model_one_line_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    result = classified(tmp_path, str(folder / "photo.jpg"))
    assert result.returncode == 3
    assert result.stderr == "classify: data/models/ova.npy: there is no trained model yet; 'dvc repro' trains it\n"


def test_a_damaged_model_is_named(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "data/models/ova.npy"
    place.parent.mkdir(parents=True)
    place.write_bytes((folder / "data/models/ova.npy").read_bytes()[:-1])
    result = classified(tmp_path, str(folder / "photo.jpg"))
    assert result.returncode == 4
    assert result.stderr.startswith("classify: data/models/ova.npy: has ")
    assert len(result.stderr.splitlines()) == 1


def test_the_pages_commands_run(folder: Path) -> None:
    block = re.search(r"```console\n(.*?)```", PAGE, re.DOTALL)
    assert block
    commands = [line.removeprefix("$ ").partition("  #")[0].split() for line in block.group(1).splitlines()]
    ours = [command for command in commands if command[:3] == ["python", "-m", "classify"]]
    assert len(ours) == 3
    for command in ours:
        assert finished(folder, *command, PYTHONPATH=str(ROOT)).returncode == 0
    made = finished(
        ROOT, "make", "--dry-run", *next(command[1:] for command in commands if "IMAGE=photo.jpg" in command)
    )
    assert "python -m classify photo.jpg --show answer.png" in made.stdout


def test_it_uses_the_models_the_storage_and_the_command_and_no_stage_needs_it() -> None:
    used = set()
    for file in (ROOT / "classify").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("stages"):
                used.add(str(node.module).split(".")[1])
    assert used == {"models", "storage", "command"}
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"].values()
    assert not [dep for stage in stages for dep in stage["deps"] if dep.startswith("classify")]
