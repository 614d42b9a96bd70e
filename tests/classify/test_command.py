"""`python -m classify`: what it prints and draws, its errors and exit codes, and its memory."""

import json
import os
import re
import sys
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from PIL import Image

from stages.models.records import write_model
from tests.classify.pictures import digit_image, drawn, model
from tests.helpers import ROOT, commands_of, finished, refused

PAGE = commands_of((ROOT / "docs/classify.md").read_text())
COMMANDS = [command for command in PAGE if command.startswith("python -m classify ")]
(MAKE,) = [command for command in PAGE if command.startswith("make classify ")]  # test_install.py runs it
SIDE = 10_000  # of a hundred megapixels
PEAK = """import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)  # kilobytes
sys.exit(ended)"""


def deep(image: Image.Image) -> Image.Image:
    """Return a picture with sixteen bits a pixel."""
    return Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a model, and pictures of two and of three digits."""
    place = tmp_path_factory.mktemp("classify")
    write_model(place / "data/models/ova.npy", model())
    drawn("26").save(place / "photo.jpg")
    drawn("10", "3").save(place / "scan.png")
    Image.new("RGB", (200, 200), "white").save(place / "empty.png")
    (place / "text.png").write_text("a text")
    return place


def classified(folder: Path, *words: str) -> CompletedProcess[str]:
    return finished(folder, "python", "-m", "classify", *words, PYTHONPATH=str(ROOT))


def test_a_line_is_printed_for_each_line_of_digits(folder: Path) -> None:
    result = classified(folder, "scan.png", "photo.jpg")
    assert (result.returncode, result.stderr) == (0, "")
    pattern = r"(scan\.png: line 1: \d\d|scan\.png: line 2: \d|photo\.jpg: line 1: \d\d)  sure [01]\.\d\d.*"
    assert [bool(re.fullmatch(pattern, line)) for line in result.stdout.splitlines()] == [True] * 3


def test_a_line_is_printed_for_each_digit_and_a_picture_is_drawn(folder: Path) -> None:
    result = classified(folder, "photo.jpg", "--digits", "--show", "answer.png")
    assert (result.returncode, result.stderr) == (0, "")
    place, best = r"line 1, digit (\d), \d+ x \d+ at \d+, \d+", r"(\d) [\d.]+ %, \d [\d.]+ %, \d [\d.]+ %"
    pattern = rf"photo\.jpg: {place}: (\d) \({best}\)(?:, unsure)?"
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
    assert len(result.stdout.splitlines()) == 1
    none, text, empty = result.stderr.splitlines()
    assert none.startswith("classify: none.png: ")
    assert text.startswith("classify: text.png: ")
    assert empty == "classify: empty.png: found no ink, expected digits, dark on light or light on dark"


def test_more_than_two_hundred_digits_and_half_a_file_are_one_line_each(folder: Path) -> None:
    Image.fromarray(255 - np.tile(digit_image(3), (15, 20))).save(folder / "many.png")
    (folder / "half.jpg").write_bytes((folder / "photo.jpg").read_bytes()[:3000])
    result = classified(folder, "many.png", "half.jpg")
    assert (result.returncode, result.stdout) == (4, "")
    many, half = result.stderr.splitlines()
    assert many == "classify: many.png: found 300 digits, expected 200 at most; cut it into several pictures"
    assert half.startswith("classify: half.jpg: cannot be read (")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["large.png", "large.webp"])
def test_a_hundred_megapixels_are_read_within_a_gigabyte(folder: Path, name: str) -> None:
    sheet = Image.new("L", (SIDE, SIDE), 235)
    sheet.paste(drawn("26").convert("L").resize((3600, 2200)), (4000, 5000))
    if name == "large.png":  # what takes most
        deep(sheet).save(folder / name, compress_level=1)
    else:
        sheet.save(folder / name, quality=50, method=0)
    measured = [sys.executable, "-c", PEAK, sys.executable, "-m", "classify", name, "--json"]
    result = finished(folder, *measured, PYTHONPATH=str(ROOT))
    rows = json.loads(result.stdout)
    assert len(rows) == 2
    assert all(3500 < row["box"][0] + row["box"][2] < SIDE - 2000 and row["box"][1] > 5000 for row in rows)
    assert int(result.stderr) * 1024 < 1e9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: IMAGE"),
        (["a.png", "--show", "a.txt"], "--show: must be a file's name that ends in .png, .jpg, .webp, got a.txt"),
        (["a.png", "--show", "a.png"], "--show: a.png is a picture to classify, expected another file"),
        (["a.png", "--sure", "1.5"], "--sure: must be a number from 0 to 1, got 1.5"),
    ],
)
def test_wrong_words_are_one_line(folder: Path, words: list[str], said: str) -> None:
    result = classified(folder, *words)
    assert (result.returncode, result.stderr) == (2, f"classify: {said}\n")


def test_its_help_says_how_it_is_called(folder: Path) -> None:
    assert classified(folder, "--help").stdout.startswith("usage: python -m classify [-h]")


def test_without_a_model_one_line_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    result = classified(tmp_path, str(folder / "photo.jpg"))
    assert result.returncode == 3
    assert result.stderr == "classify: data/models/ova.npy: there is no trained model yet; 'dvc repro' trains it\n"


def test_a_damaged_model_is_named(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "data/models/ova.npy"
    place.parent.mkdir(parents=True)
    place.write_bytes((folder / "data/models/ova.npy").read_bytes()[:-1])
    refused(classified(tmp_path, str(folder / "photo.jpg")), 4, "data/models/ova.npy: ")


def test_the_pages_commands_run(folder: Path) -> None:
    assert len(COMMANDS) == 5
    for command in COMMANDS:
        assert finished(folder, *command.split(), PYTHONPATH=str(ROOT)).returncode == 0


def test_below_so_sure_programs_get_null_with_the_probabilities(folder: Path) -> None:
    rows = json.loads(classified(folder, "scan.png", "--json", "--sure", "1").stdout)
    assert [row["digit"] for row in rows] == [None] * 3
    assert all(sum(row["probabilities"]) == pytest.approx(1) for row in rows)
    assert re.search(r"line 1: \?\?  sure", classified(folder, "scan.png", "--sure", "1").stdout)


def show_itself(folder: Path, show: str, *images: str) -> None:
    """Try to draw over a picture that is to be read, and check that the picture stays."""
    kept = (folder / "own.png").read_bytes()
    refused(classified(folder, *images, "--show", show), 2, "--show: ")
    assert (folder / "own.png").read_bytes() == kept


@pytest.mark.parametrize(
    "show", ["./own.png", "sub/../own.png", "{folder}/own.png", "link.png", "hard.png", "sub/own.png"]
)
def test_the_same_file_by_another_name_is_not_drawn_over(folder: Path, show: str) -> None:
    drawn("26").save(folder / "own.png")
    (folder / "sub").mkdir(exist_ok=True)
    for link, target in [("link.png", "own.png"), ("sub/own.png", "../own.png")]:
        (folder / link).unlink(missing_ok=True)
        (folder / link).symlink_to(target)
    (folder / "hard.png").unlink(missing_ok=True)
    (folder / "hard.png").hardlink_to(folder / "own.png")
    show_itself(folder, show.format(folder=folder), "own.png")
    show_itself(folder, "own.png", show.format(folder=folder))


def test_a_further_page_is_not_drawn_over_a_picture(folder: Path) -> None:
    drawn("26").save(folder / "own.png")
    drawn("26").save(folder / "page-2.png")
    refused(classified(folder, "own.png", "page-2.png", "--show", "page.png"), 2, "page-2.png")


def test_a_further_page_is_not_drawn_over_what_a_link_leads_to(folder: Path) -> None:
    drawn("26").save(folder / "sheet-2.png")
    (folder / "alias.png").symlink_to("sheet-2.png")
    refused(classified(folder, "alias.png", "--show", "sheet.png"), 2, "alias.png")


def test_a_variable_of_a_decoder_changes_no_answer(folder: Path) -> None:
    drawn("26").resize((3000, 2000)).save(folder / "large.jpg", progressive=True)
    words, said = ("python", "-m", "classify", "large.jpg"), classified(folder, "large.jpg")
    assert (said.returncode, said.stderr) == (0, "")
    assert finished(folder, *words, PYTHONPATH=str(ROOT), JPEGMEM="1").stdout == said.stdout


@pytest.mark.parametrize("name", [b"caf\xe9.png", b"a\nb.png", b"a\x1b[2J.png", b"--.png"])
@pytest.mark.parametrize("flags", [[], ["--json"], ["--digits"]])
def test_any_name_is_printed_in_one_line(folder: Path, name: bytes, flags: list[str]) -> None:
    path = folder / os.fsdecode(name)
    for content in (drawn("2"), None):
        if content:
            content.save(path)
        else:
            path.write_bytes(b"no picture")
        result = classified(folder, *flags, "photo.jpg", f"./{path.name}")
        assert result.returncode == (0 if content else 4)
        assert len(result.stderr.splitlines()) == (0 if content else 1)
        assert all(line.isprintable() for line in [*result.stdout.splitlines(), *result.stderr.splitlines()])
        assert "photo.jpg" in result.stdout


@pytest.mark.slow
def test_a_hundred_pictures_take_no_more_memory_than_ten(folder: Path) -> None:
    sheet = np.full((1500, 1500), 235, np.uint8)
    sheet[200:420, 100:460] = np.asarray(drawn("26").convert("L"))[:220, :360]
    Image.fromarray(sheet).save(folder / "page.jpg")
    for i in range(100):
        (folder / f"copy{i}.jpg").unlink(missing_ok=True)
        (folder / f"copy{i}.jpg").hardlink_to(folder / "page.jpg")
    peaks = []
    for many in (10, 100):
        names = [f"copy{i}.jpg" for i in range(many)]
        result = finished(
            folder, sys.executable, "-c", PEAK, sys.executable, "-m", "classify", *names, PYTHONPATH=str(ROOT)
        )
        assert len(result.stdout.splitlines()) == many
        peaks.append(int(result.stderr))
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of open files")
def test_too_few_open_files_are_no_damage(folder: Path) -> None:
    limited = (
        "import resource, sys; from stages.command.process import run; import classify.__main__ as c;"
        "sys.argv[:] = ['classify', 'photo.jpg']; read = c.trained_model;"
        "c.trained_model = lambda: [read(), resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))][0]; run(c.main)"
    )
    refused(
        finished(folder, sys.executable, "-c", limited, PYTHONPATH=str(ROOT)), 3, "photo.jpg: cannot be read (Too many"
    )


def test_the_numbers_of_the_page_are_measured() -> None:
    page, measured = (
        re.findall(r"[\d.]+%", (ROOT / name).read_text()) for name in ("docs/classify.md", "benchmarks/classify.md")
    )
    assert len(page) > 40
    assert set(page) <= set(measured)
