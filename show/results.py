"""The small result files that the page shows. Each is checked; an error of one line names a file that is damaged."""

import json
from pathlib import Path
from typing import Any

from report.dvc_files import PARAMETERS, check_files
from stages.command.paths import METRICS
from stages.models.answers import Answers, from_text
from stages.storage.errors import DamagedError
from stages.storage.files import reading

FILES = ["data.json", "ova.json", "digits.json"]
OF_DATA = ("train", "test")
OF_OVA = ("accuracy",)
OF_A_DIGIT = ("accuracy", "always_no_accuracy", "precision", "recall", "f1", "cost", "iterations")
MOST_BYTES = 16_000_000  # of a file
LARGEST = 1e300  # size of a number
REPAIR = "end a 'git merge' if there is one, then run 'dvc repro'"


def text_of(path: Path) -> str:
    """Return a file's text; raise DamagedError if it is missing, or far larger than any stage writes."""
    with reading(path) as file:
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise damaged(path, f"has more than {MOST_BYTES:,} bytes")
        return content.decode()


def damaged(path: Path, found: str) -> DamagedError:
    """Return the error that says what is wrong with a file and how to repair it."""
    return DamagedError(f"{path}: {found}, expected a file as a stage writes it; {REPAIR}")


def metrics() -> dict[str, dict[str, Any]]:
    """Return the tables in metrics/, by file name; raise DamagedError if a value to show is not a finite number."""
    data, ova, digits = (table_of(METRICS / name) for name in FILES)
    check_numbers(METRICS / "data.json", data, OF_DATA)
    if not isinstance(data.get("dataset"), str):
        raise damaged(METRICS / "data.json", "does not name the data set")
    check_numbers(METRICS / "ova.json", ova, {*OF_OVA, *ova})
    for name, row in digits.items():
        check_numbers(METRICS / "digits.json", row, OF_A_DIGIT, f" of {name}")
    return {"data": data, "ova": ova, "digits": digits}


def table_of(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; raise DamagedError if it holds none."""
    try:
        table = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"is not JSON ({error})") from error
    if not isinstance(table, dict):
        raise damaged(path, "is not a JSON object")
    return table


def check_numbers(path: Path, table: Any, names: Any, whose: str = "") -> None:
    """Raise DamagedError unless a table has a finite number under each name."""
    for name in names:
        value = table.get(name) if isinstance(table, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            raise damaged(path, f"has no finite number for '{name}'{whose}")


def answers(images: int, classes: int) -> Answers:
    """Return the answers to the test images; raise DamagedError if their number or their classes do not fit."""
    path = METRICS / "answers.txt"
    try:
        read = from_text(text_of(path))
    except (ValueError, OverflowError) as error:
        raise damaged(path, f"cannot be read as answers ({error})") from error
    if len(read.labels) != images or max(read.labels.max(), read.predicted.max()) >= classes:
        raise damaged(path, f"has {len(read.labels)} answers that do not fit {images} images of {classes} classes")
    return read


def parameters() -> dict[str, Any]:
    """Return the parameters, by their full names; raise DamagedError if DVC cannot read them."""
    from dvc.api import params_show  # imported here, because it takes half a second
    from dvc.exceptions import DvcException

    check_files()
    try:
        shown: dict[str, Any] = params_show()
    except DvcException as error:
        name = "dvc.yaml" if "validation failed" in str(error) else PARAMETERS
        raise DamagedError(f"{name}: cannot be read ({error}); end a 'git merge' if there is one") from error
    return {
        f"{section}.{key}" if key else section: value
        for section, values in shown.items()
        for key, value in (values.items() if isinstance(values, dict) else [("", values)])
    }
