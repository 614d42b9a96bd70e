"""The small files that the page shows, each checked: what is none of a stage's is named in one line."""

import json
from pathlib import Path
from typing import Any

from stages.command.paths import METRICS
from stages.models.answers import Answers, from_text
from stages.storage.errors import DamagedError
from stages.storage.files import reading

PARAMETERS = Path("params.yaml")
FILES = ["data.json", "ova.json", "digits.json"]
OF_DATA = ("train", "test")
OF_OVA = ("accuracy",)
OF_A_DIGIT = ("accuracy", "always_no_accuracy", "precision", "recall", "f1", "cost", "iterations")
MOST_BYTES = 16_000_000  # of a file
LARGEST = 1e300  # number
REPAIR = "end a 'git merge' if there is one, then run 'dvc repro'"


def text_of(path: Path) -> str:
    """Return what a file says; raise DamagedError where there is none, or far more than a stage writes."""
    with reading(path) as file:
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise damaged(path, f"has more than {MOST_BYTES:,} bytes")
        return content.decode()


def damaged(path: Path, found: str) -> DamagedError:
    """Return the error that says what was found in a file, and what to do."""
    return DamagedError(f"{path}: {found}, expected what a stage writes; {REPAIR}")


def metrics() -> dict[str, dict[str, Any]]:
    """Return the tables of metrics/, by their files' names; raise DamagedError unless their numbers are numbers."""
    data, ova, digits = (table_of(METRICS / name) for name in FILES)
    check_numbers(METRICS / "data.json", data, OF_DATA)
    if not isinstance(data.get("dataset"), str):
        raise damaged(METRICS / "data.json", "names no data set")
    check_numbers(METRICS / "ova.json", ova, {*OF_OVA, *ova})
    for name, row in digits.items():
        check_numbers(METRICS / "digits.json", row, OF_A_DIGIT, f" of {name}")
    return {"data": data, "ova": ova, "digits": digits}


def table_of(path: Path) -> dict[str, Any]:
    """Return the table that a JSON file holds; raise DamagedError where it holds none."""
    try:
        table = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"is no JSON ({error})") from error
    if not isinstance(table, dict):
        raise damaged(path, "holds no table")
    return table


def check_numbers(path: Path, table: Any, names: Any, whose: str = "") -> None:
    """Raise DamagedError unless a table has finite numbers of such names."""
    for name in names:
        value = table.get(name) if isinstance(table, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            raise damaged(path, f"has no finite number for '{name}'{whose}")


def answers(images: int, classes: int) -> Answers:
    """Return what so many test images are taken for; raise DamagedError for those of other images or classes."""
    path = METRICS / "answers.txt"
    try:
        read = from_text(text_of(path))
    except (ValueError, OverflowError) as error:
        raise damaged(path, f"holds no answers ({error})") from error
    if len(read.labels) != images or max(read.labels.max(), read.predicted.max()) >= classes:
        raise damaged(path, f"has {len(read.labels)} answers, not those of {images} images of {classes} classes")
    return read


def parameters() -> dict[str, Any]:
    """Return the parameters, by their full names; raise DamagedError where DVC cannot read them."""
    from dvc.api import params_show  # half a second
    from dvc.exceptions import DvcException

    try:
        shown: dict[str, Any] = params_show()
    except DvcException as error:
        raise DamagedError(f"{PARAMETERS}: cannot be read ({error}); end a 'git merge' if there is one") from error
    return {
        f"{section}.{key}" if key else section: value
        for section, values in shown.items()
        for key, value in (values.items() if isinstance(values, dict) else [("", values)])
    }
