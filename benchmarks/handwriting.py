"""Measure how well the pictures in a folder are read. Its labels.csv has a row for each picture.

The columns are file; label, the digits with / between lines; kind, in words; and is_28x28, yes or no.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import table
from classify.answers import Answer
from classify.pages import classify
from stages.models.records import OneVsAll
from stages.storage.errors import StageError

HEADER = ["pictures", "how many", "number of digits right", "digits read right", "entirely right"]
GROUPS = ("one digit, larger", "one digit, 28x28", "several digits")


class Read(NamedTuple):
    """A picture that was read: its kind, its label without /, the answers, and how many of them are right."""

    kind: str
    label: str
    answers: list[Answer]
    right: int

    @property
    def counted(self) -> bool:
        """Tell whether the right number of digits was found."""
        return len(self.answers) == len(self.label)

    @property
    def entirely(self) -> bool:
        """Tell whether all digits are right."""
        return self.counted and self.right == len(self.label)


def read_folder(folder: Path, model: OneVsAll) -> list[Read]:
    """Return how each picture of a folder is read."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        return [read(folder / row["file"], row, model) for row in csv.DictReader(file)]


def read(path: Path, row: dict[str, str], model: OneVsAll) -> Read:
    """Return how a picture is read."""
    try:
        answers = classify(path, model).answers
    except StageError:
        answers = []
    return read_of(answers, row["label"].replace("/", ""), row["kind"], row["is_28x28"] == "yes")


def read_of(answers: list[Answer], label: str, kind: str, is_28x28: bool) -> Read:
    """Return how a picture was read, by its answers and its label."""
    group = "several digits" if len(label) > 1 else "one digit, 28x28" if is_28x28 else "one digit, larger"
    return Read(f"{group}: {kind}", label, answers, in_order(label, text_of(answers)))


def text_of(answers: Iterable[Answer]) -> str:
    """Return answers as a text of digits, with ? where the model does not know."""
    return "".join("?" if answer.digit is None else str(answer.digit) for answer in answers)


def in_order(label: str, said: str) -> int:
    """Return how many digits are right: the length of the longest common subsequence of label and answers."""
    before = [0] * (len(said) + 1)
    for digit in label:
        now = [0]
        for i, other in enumerate(said):
            now.append(before[i] + 1 if digit == other else max(before[i + 1], now[i]))
        before = now
    return before[-1]


def goals_table(reads: list[Read]) -> str:
    """Return the table: for each kind, the number of pictures and the shares of pictures and digits that are right."""
    kinds = sorted({one.kind for one in reads})
    rows = []
    for group in GROUPS:
        some = [kind for kind in kinds if kind.startswith(group)]
        if some:
            rows.append(row_of(f"**{group}**", [one for one in reads if one.kind in some]))
        rows += [row_of(kind, [one for one in reads if one.kind == kind]) for kind in some]
    return table(HEADER, rows)


def row_of(name: str, reads: list[Read]) -> list[str]:
    """Return a row of the table."""
    n, digits = max(len(reads), 1), max(sum(len(one.label) for one in reads), 1)
    counted, entirely = sum(one.counted for one in reads), sum(one.entirely for one in reads)
    right = sum(one.right for one in reads)
    return [name, f"{len(reads):,}", f"{counted / n:.1%}", f"{right / digits:.1%}", f"{entirely / n:.1%}"]
