"""What is printed for a picture: its lines as numbers, its digits one by one, or JSON."""

import json
import os
from collections.abc import Sequence
from itertools import groupby
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from classify.answers import Answer
from classify.pages import Page

BEST = 3
UNSURE = 0.7  # an answer with a lower probability is marked: see docs/classify.md
UNKNOWN = "?"
TURNED = ("", "turned by a quarter to the left", "turned upside down", "turned by a quarter to the right")


def as_numbers(path: Path, page: Page) -> list[str]:
    """Return a text for each line of digits: the number, its probability, and the digits that are not sure."""
    name, note = printable(path), f"  ({TURNED[page.turns]})" if page.turns else ""
    return [
        f"{name}: line {line}: {number_of(answers)}  sure {prod(one.sure for one in answers):.2f}"
        f"{''.join(f', {doubt}' for answer in answers if (doubt := doubt_of(answer)))}{note}"
        for line, answers in lines_of(page.answers)
    ]


def lines_of(answers: Sequence[Answer]) -> list[tuple[int, list[Answer]]]:
    """Return each line's number and its digits."""
    return [(line, list(digits)) for line, digits in groupby(answers, key=lambda answer: answer.found.line)]


def number_of(answers: Sequence[Answer]) -> str:
    """Return a line's digits as a number, with ? where the model does not know."""
    return "".join(said(answer) for answer in answers)


def said(answer: Answer) -> str:
    """Return an answer as it is printed."""
    return UNKNOWN if answer.digit is None else named(answer.digit)


def named(digit: int) -> str:
    """Return what a class is called."""
    return str(digit)


def doubt_of(answer: Answer) -> str:
    """Return a remark on an answer that is not sure; an empty text if it is."""
    which = f"digit {answer.found.place}"
    if answer.alien:
        return f"{which} looks like no digit"
    if answer.digit is not None and answer.sure >= UNSURE:
        return ""
    return f"{which} is {' or '.join(map(named, best_of(answer, 2)))}"


def best_of(answer: Answer, many: int) -> list[int]:
    """Return the `many` likeliest classes."""
    return [int(digit) for digit in np.argsort(-answer.probabilities, kind="stable")[:many]]


def as_digits(path: Path, page: Page) -> list[str]:
    """Return a text for each digit: its place, the answer, and the three likeliest answers."""
    return [line_of(path, answer) for answer in page.answers]


def line_of(path: Path, answer: Answer) -> str:
    """Return what is printed for a digit."""
    found = answer.found
    best = [f"{named(digit)} {100 * answer.probabilities[digit]:.1f} %" for digit in best_of(answer, BEST)]
    left, top, width, height = found.box
    where = f"line {found.line}, digit {found.place}, {width} x {height} at {left}, {top}"
    mark = ", like no digit" if answer.alien else ", unsure" if answer.sure < UNSURE else ""
    return f"{printable(path)}: {where}: {said(answer)} ({', '.join(best)}){mark}"


def as_rows(path: Path, page: Page) -> list[dict[str, Any]]:
    """Return each digit's row for programs, in reading order."""
    return [
        {
            "file": str(path),
            "box": list(answer.found.box),
            "digit": answer.digit,
            "probabilities": answer.probabilities.tolist(),
        }
        for answer in page.answers
    ]


def as_json(rows: list[dict[str, Any]]) -> str:
    """Return rows as JSON, in ASCII."""
    return json.dumps(rows, indent=1) + "\n"


def printable(text: Path | str) -> str:
    """Return a text that any terminal can show: characters that are not printable are escaped."""
    known = os.fsencode(str(text)).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in known)
