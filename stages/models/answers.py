"""Each test image's answers, as text small enough for git: commits can be compared wherever there is a clone.

The first line names the test images. Of each hundred images there are then two lines: their digits, and the digits that
they are taken for, with a dot where that is right. So a mistake is seen, and a change shows where it is. At the end
stands on which images, counted from 0, each digit's model errs at its own task: this digit or not. Each line is an item
of a YAML list: DVC reads the file among the metrics, and finds no number in a list.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stages.storage.arrays import ByteArray, IntArray
from stages.storage.sets import read_sums

A_LINE = 100  # images
IMAGES = ("  pixels.npy\n", "  labels.npy\n")
HEADING = "test set, sha256 "
RIGHT = "."
ITEM = "- "  # what a line begins with
ALONE = "model {} errs on:"


class Answers(NamedTuple):
    """What n test images are, and are taken for.

    test_set: what `images_in` says of them. labels, predicted (n,): digits. errs (n, 10): whether a digit's model errs.
    """

    test_set: str
    labels: ByteArray
    predicted: IntArray
    errs: npt.NDArray[np.bool_]


def images_in(folder: Path) -> str:
    """Return what identifies a set's images and their labels, whatever a model sees of them: a sha256, in hexadecimal.

    It is that of their two lines in the set's list.
    """
    lines = read_sums(folder).splitlines(keepends=True)
    return hashlib.sha256("".join(line for line in lines if line.endswith(IMAGES)).encode()).hexdigest()


def to_text(answers: Answers) -> str:
    """Return the answers as they are written."""
    pairs = [(str(label), str(guess)) for label, guess in zip(answers.labels, answers.predicted, strict=True)]
    digits = "".join(label for label, _ in pairs)
    guesses = "".join(RIGHT if guess == label else guess for label, guess in pairs)
    lines = [HEADING + answers.test_set]
    for start in range(0, len(pairs), A_LINE):
        lines += [row[start : start + A_LINE] for row in (digits, guesses)]
    lines += [" ".join([ALONE.format(k), *map(str, np.flatnonzero(errs))]) for k, errs in enumerate(answers.errs.T)]
    return "".join(f"{ITEM}{line}\n" for line in lines)


def from_text(text: str) -> Answers:
    """Return what `to_text` wrote; raise ValueError for anything else."""
    heading, *lines = [line.removeprefix(ITEM) for line in text.splitlines()] or [""]
    alone = [line for line in lines if line.endswith(":") or ": " in line]
    rows = lines[: len(lines) - len(alone)]
    digits, guesses = ("".join(rows[row::2]) for row in (0, 1))
    labels = np.array([int(digit) for digit in digits], np.uint8)
    predicted = [int(digit if guess == RIGHT else guess) for digit, guess in zip(digits, guesses, strict=True)]
    errs = np.zeros((len(labels), len(alone)), dtype=bool)
    for digit, line in enumerate(alone):
        images = [int(image) for image in line.partition(":")[2].split()]
        errs[:, digit] = np.isin(np.arange(len(labels)), images)
    answers = Answers(heading.removeprefix(HEADING), labels, np.array(predicted, np.int64), errs)
    if to_text(answers) != text:
        raise ValueError("expected a test set's sha256, pairs of lines of digits, and ten lines of images")
    return answers
