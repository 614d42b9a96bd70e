"""The house: which room may use which, what counts in one, and what a change in it runs again."""

import ast
import json
from pathlib import Path

import pytest

from tests.helpers import ROOT, copy_of, edit, everything, finished, run, stages_run
from tests.pipeline.imports import ROOMS, imports_of, room_of

ALLOWED = {  # each arrow that there is; none may lead back up
    "storage": set(),
    "command": {"storage"},
    "images": {"storage"},
    "sources": {"images", "storage"},
    "features": {"images", "storage"},
    "core": {"storage"},
    "workers": {"core", "storage"},
    "models": {"core", "storage"},
    "drawing": {"core", "features", "images", "models", "storage"},
}
DIGITS = {f"train_digit@{digit}" for digit in range(10)}
LAST = {"evaluate", "render_video"}
RERUNS = {  # the stages that a change in a room touches
    "storage": {"fetch", "normalize_split", "combine_ova"} | DIGITS | LAST,
    "command": {"fetch", "normalize_split", "combine_ova"} | DIGITS | LAST,
    "images": {"fetch", "normalize_split"} | LAST,
    "sources": {"fetch"},
    "features": {"normalize_split"} | LAST,
    "core": {"normalize_split", "combine_ova"} | DIGITS | LAST,
    "workers": DIGITS,
    "models": {"combine_ova"} | DIGITS | LAST,
    "drawing": LAST,
}
LEFTOVERS = [
    ".#files.py",
    ".files.py.swp",
    "files.py~",
    "#files.py#",
    "4913",
    ".DS_Store",
    "files.py.orig",
    "notes.txt",
]


def files_in(room: str) -> list[Path]:
    return [path.relative_to(ROOT) for path in sorted((ROOT / "stages" / room).glob("*.py"))]


def test_there_are_these_rooms_and_nothing_between_them() -> None:
    assert set(ALLOWED) == set(RERUNS) == set(ROOMS)
    scripts = {"__init__", "fetch", "normalize_split", "train_digit", "combine_ova", "evaluate", "render_video"}
    assert {path.stem for path in (ROOT / "stages").glob("*.py")} == scripts


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_those_that_it_may(room: str) -> None:
    used = {room_of(imported) for file in files_in(room) for imported in imports_of(file)}
    assert used - {room} == ALLOWED[room]


def test_no_way_leads_back() -> None:
    for at, room in enumerate(ALLOWED):
        assert ALLOWED[room] <= set(list(ALLOWED)[:at])


def test_the_descent_knows_arrays_and_nothing_else() -> None:
    used = {imported for file in files_in("core") for imported in imports_of(file) if room_of(imported) != "core"}
    assert used == {Path("stages/storage/arrays.py")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_face_says_what_lives_there_and_holds_nothing_else(room: str) -> None:
    (statement,) = ast.parse((ROOT / "stages" / room / "__init__.py").read_text()).body
    assert isinstance(statement, ast.Expr)
    assert len(ast.unparse(statement).splitlines()) == 1


def test_the_stages_face_only_lets_them_start() -> None:
    """It is no dependency of any stage: no output can depend on it."""
    assert imports_of(Path("stages/__init__.py")) == {Path("stages/command/start.py")}
    *_, condition = ast.parse((ROOT / "stages/__init__.py").read_text()).body
    assert isinstance(condition, ast.If)
    assert [ast.unparse(line) for line in condition.body[1:]] == ["start()"]


@pytest.fixture
def clone(sample_run: Path, tmp_path: Path) -> Path:
    return copy_of(sample_run, tmp_path / "clone")


def stale(clone: Path) -> set[str]:
    """Return the stages that DVC would run for a change of their own dependencies."""
    lines = run(clone, "dvc", "status").splitlines()
    return {line.removesuffix(":") for line in lines if line.endswith(":") and not line.startswith("\t")}


def test_a_change_in_a_room_reruns_the_stages_that_need_it_and_no_others(clone: Path) -> None:
    for room in ROOMS:
        file = clone / files_in(room)[-1]
        before = file.read_text()
        file.write_text(before + "# a comment\n")
        assert stale(clone) == RERUNS[room], room
        file.write_text(before)
    style = clone / "stages/drawing/style.mplstyle"
    style.write_text(style.read_text() + "# a comment\n")
    assert stale(clone) == LAST


@pytest.mark.slow
def test_to_rename_classes_trains_nothing(clone: Path) -> None:
    models = everything(clone / "data/models/digits")
    edit(clone / "params.yaml", "nothing\n  - 0\n  - 1\n", "nothing\n  - zero\n  - it's 1\n")
    assert stages_run(run(clone, "dvc", "repro")) == ["normalize_split", "combine_ova", "evaluate", "render_video"]
    assert everything(clone / "data/models/digits") == models
    assert list(json.loads((clone / "metrics/digits.json").read_text()))[:3] == ["zero", "it's 1", "2"]


@pytest.mark.slow
def test_a_class_taken_out_of_the_list_leaves_no_model_unseen(clone: Path) -> None:
    for _ in ("labels", "names"):
        edit(clone / "params.yaml", "  - 9\n", "")
    checked = finished(clone, ".ci/check-lock")
    assert checked.returncode == 1
    assert "combine_ova" in checked.stderr
    whole = finished(clone, "dvc", "repro")
    assert "data/mnist/labels.npy: has the label '9', expected a class name" in whole.stderr
    assert stages_run(whole.stdout) == ["normalize_split"]
    alone = finished(clone, "dvc", "repro", "--single-item", "combine_ova")
    assert "data/models/digits/9.npy: found an extra model, expected only those of 0, 1, 2" in alone.stderr


def test_what_tools_leave_behind_is_no_change(clone: Path) -> None:
    for room in ROOMS:
        for name in LEFTOVERS:
            (clone / "stages" / room / name).write_text("left")
        (clone / "stages" / room / ".#link.py").symlink_to("somebody@somewhere.1")
        for folder in ("__pycache__", ".idea"):
            (clone / "stages" / room / folder).mkdir(exist_ok=True)
            (clone / "stages" / room / folder / "left.py").touch()
    assert stale(clone) == set()
    assert finished(clone, "python", "-m", "stages.train_digit", "--help").returncode == 0
