"""The answers for each test image, as text small enough for git, so that any clone can compare commits.

The first line names the test images. Two lines follow for each hundred images: their classes, and the predicted
classes, with a dot for a right one. So mistakes stand out, and a diff shows where they changed. A class is written as
its number, from 0; with more than ten classes, in two characters after a space. At the end, a line for each class says
on which images, counted from 0, its model errs at its own task: this class or not. Each line is an item of a YAML list.
DVC reads the file as metrics, and finds no number in a list.
"""

import hashlib
import re
from itertools import chain
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
MODEL_LINE = re.compile(r"model (.+) errs on:((?: [0-9]+)*)")
ONE_PLACE = 10  # classes
ITEM = "- "  # at the start of each line


class Answers(NamedTuple):
    """The classes of n test images, and the answers for them.

    test_set: from `images_in`. labels (n,) uint8 and predicted (n,) int64: classes, from 0. errs (n, K) bool: whether a
    class's model errs. classes: the K names.
    """

    test_set: str
    labels: ByteArray
    predicted: IntArray
    errs: npt.NDArray[np.bool_]
    classes: tuple[str, ...]


def images_in(folder: Path) -> str:
    """Return the sha256, in hexadecimal, that identifies a set's images and labels, whatever features it has.

    It is the digest of their two lines in the set's list.
    """
    lines = read_sums(folder).splitlines(keepends=True)
    return hashlib.sha256("".join(line for line in lines if line.endswith(IMAGES)).encode()).hexdigest()


def to_text(answers: Answers) -> str:
    """Return the answers as text."""
    pairs = [(str(label), str(guess)) for label, guess in zip(answers.labels, answers.predicted, strict=True)]
    labels = [label for label, _ in pairs]
    guesses = [RIGHT if guess == label else guess for label, guess in pairs]
    lines = [HEADING + answers.test_set]
    for start in range(0, len(pairs), A_LINE):
        lines += [joined(row[start : start + A_LINE], len(answers.classes)) for row in (labels, guesses)]
    for name, errs in zip(answers.classes, answers.errs.T, strict=True):
        lines.append(" ".join([f"model {name} errs on:", *map(str, np.flatnonzero(errs))]))
    return "".join(f"{ITEM}{line}\n" for line in lines)


def joined(words: list[str], classes: int) -> str:
    """Return a line of numbers and dots."""
    return "".join(words) if classes <= ONE_PLACE else " ".join(f"{word:>2}" for word in words)


def from_text(text: str) -> Answers:
    """Return the answers that `to_text` wrote. Raise ValueError for any other text."""
    heading, *lines = [line.removeprefix(ITEM) for line in text.split("\n")[:-1]] or [""]
    models = [found for line in lines if (found := MODEL_LINE.fullmatch(line))]
    rows = [list(line) if len(models) <= ONE_PLACE else line.split() for line in lines[: len(lines) - len(models)]]
    labels, guesses = (list(chain.from_iterable(rows[row::2])) for row in (0, 1))
    predicted = [label if guess == RIGHT else guess for label, guess in zip(labels, guesses, strict=True)]
    known = [str(k) for k in range(len(models))]
    errs = np.zeros((len(labels), len(models)), dtype=bool)
    for k, found in enumerate(models):
        errs[:, k] = np.isin(np.arange(len(labels)), [int(image) for image in found[2].split()])
    answers = Answers(
        heading.removeprefix(HEADING),
        np.array([known.index(label) for label in labels], np.uint8),
        np.array([known.index(guess) for guess in predicted], np.int64),
        errs,
        tuple(found[1] for found in models),
    )
    if to_text(answers) != text:
        raise ValueError("expected a test set's sha256, pairs of lines of classes, and a line of images for each class")
    return answers
