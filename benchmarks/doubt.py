"""Measure how often a model answers, how often its answers are right, and how often it refuses what is not a digit."""

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.handwriting import Read
from benchmarks.measure import table
from classify.answers import Answer, Found, answers_of, ask
from classify.pictures import Picture
from stages.core.examples import Examples
from stages.models.records import OneVsAll
from stages.storage.arrays import Array
from stages.storage.errors import DamagedError

SURES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
LETTERS = "ACEFHJKLMNPRTUVWXYadefhkmnrtuvwxy"  # without those that look like a digit: O, I, S, Z, B, G, b, g, q
FONTS = range(8)  # of OpenCV
SIDE, INK, PAPER = 200, 30, 240


def letters() -> list[Array]:
    """Return pictures of letters, each in each font."""
    return [letter(text, font) for text in LETTERS for font in FONTS]


def letter(text: str, font: int) -> Array:
    """Return a picture of a letter."""
    image = np.full((SIDE, SIDE), PAPER, np.uint8)
    return cv2.putText(image, text, (60, 140), font, 3.5, INK, 6, cv2.LINE_AA)


def scribble(rng: Generator) -> Array:
    """Return a picture of a curve through random points."""
    points = rng.uniform(30, 170, (int(rng.integers(6, 14)), 2))
    steps = np.linspace(0, len(points) - 1, 400)
    rough = [np.interp(steps, range(len(points)), points[:, axis]) for axis in (0, 1)]
    curve = np.stack([np.convolve(line, np.ones(25) / 25, "valid") for line in rough], axis=1)
    image = np.full((SIDE, SIDE), PAPER, np.uint8)
    return cv2.polylines(image, [np.rint(curve).astype(np.int32)], False, INK, int(rng.integers(3, 9)), cv2.LINE_AA)


def answers_to(images: list[Array], model: OneVsAll) -> list[Answer]:
    """Return a model's answers to those of some pictures in which it finds exactly one digit."""
    found = []
    for image in images:
        pixels = np.repeat(image[:, :, None], 3, axis=2)
        try:
            answers = answers_of(Picture(pixels, 1, (SIDE, SIDE)), model)
        except DamagedError:
            continue
        found += answers if len(answers) == 1 else []
    return found


def doubt_table(test: Examples, reads: list[Read], model: OneVsAll, scribbles: int) -> str:
    """Return the table: for each value of --sure, the shares that are answered, right, and refused."""
    rng = np.random.default_rng(0)
    images = ask([Found(1, 1, (0, 0, 0, 0), pixels) for pixels in test.X], model, 0)
    known = [
        [(answer, int(label)) for answer, label in zip(images, test.labels, strict=True)],
        [
            (answer, int(label))
            for one in reads
            if one.counted
            for answer, label in zip(one.answers, one.label, strict=True)
        ],
    ]
    strange = answers_to(letters(), model), answers_to([scribble(rng) for _ in range(scribbles)], model)
    header = ["`--sure`", f"{len(images):,} test images: answered", "of these right"]
    header += [f"{len(known[1]):,} digits of pictures: answered", "of these right"]
    header += [f"{len(strange[0])} letters: refused", f"{len(strange[1])} scribbles: refused"]
    rows = [[f"{sure:g}" if sure else "not given", *shares(known, strange, sure)] for sure in SURES]
    return table(header, rows)


def shares(known: list[list[tuple[Answer, int]]], strange: tuple[list[Answer], ...], sure: float) -> list[str]:
    """Return, for a value of --sure, the share of digits answered, of these right, and the share of others refused."""
    found = []
    for some in known:
        said = [answer.likeliest == label for answer, label in some if knows(answer, sure)]
        found += [f"{len(said) / max(len(some), 1):.1%}", f"{sum(said) / max(len(said), 1):.2%}"]
    return found + [f"{sum(not knows(one, sure) for one in some) / max(len(some), 1):.0%}" for some in strange]


def knows(answer: Answer, sure: float) -> bool:
    """Tell whether an answer is given at a value of --sure."""
    return answer.digit is not None and answer.sure >= sure
