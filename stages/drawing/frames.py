"""Frames of the video: an image, what it is, what the classifier takes it for, and how sure it is."""

from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np

from stages.drawing.text import Colour, write
from stages.images.form import DIGITS, SIDE
from stages.storage.arrays import ByteArray, FloatArray

WIDTH, HEIGHT = 1280, 720
CELL = 26  # a pixel's side: even, so that it stays sharp at half size
MARGIN = (CELL * SIDE - HEIGHT) // 2  # cut off around the image, less than a pixel of it
LEFT, END = 770, 1180  # of the bars
TOP, STEP, BAR = 200, 48, 30
PAPER, INK, QUIET, TRACK = (250, 250, 250), (40, 40, 40), (130, 130, 130), (228, 228, 228)
GREEN, RED, BLUE = (20, 130, 60), (200, 40, 30), (120, 160, 205)
GREYS = [(17 * level,) * 3 for level in range(16)]
SOFT = [(143, 190, 155), (225, 145, 140)]  # the edges of green and red letters
PALETTE = [*GREYS, PAPER, INK, QUIET, TRACK, GREEN, RED, BLUE, *SOFT]


class Example(NamedTuple):
    """An image, pixels (784,) uint8, with its label, the ten probabilities (10,), and the name of its set."""

    pixels: ByteArray
    label: int
    predicted: int
    probabilities: FloatArray
    part: str


def frame(example: Example, note: str) -> ByteArray:
    """Return one frame, (720, 1280, 3) uint8 RGB, with a note at its foot."""
    canvas = background(note).copy()
    image = cv2.resize(example.pixels.reshape(SIDE, SIDE), (CELL * SIDE, CELL * SIDE), interpolation=cv2.INTER_NEAREST)
    canvas[:, :HEIGHT] = image[MARGIN:-MARGIN, MARGIN:-MARGIN, None]
    verdict, word = (GREEN, "right") if example.predicted == example.label else (RED, "wrong")
    said = f"True: {example.label}, Predicted: {example.predicted}"
    write(canvas, said, (LEFT - 20, 82), 38, verdict, bold=True)
    write(canvas, word, (LEFT - 20, 136), 30, verdict, bold=True)
    write(canvas, f"from the {example.part} set", (LEFT + 100, 136), 26, QUIET)
    for digit, percent in zip(DIGITS, percentages(example.probabilities), strict=True):
        draw_bar(canvas, digit, percent, verdict if digit == example.predicted else BLUE)
    return canvas


@cache
def background(note: str) -> ByteArray:
    """Return what all frames have in common: the digits, the empty bars, the note."""
    canvas = np.full((HEIGHT, WIDTH, 3), PAPER, dtype=np.uint8)
    for digit in DIGITS:
        top = TOP + digit * STEP
        write(canvas, str(digit), (LEFT - 20, top + BAR - 5), 27, INK, bold=True)
        cv2.rectangle(canvas, (LEFT + 20, top), (END, top + BAR), TRACK, cv2.FILLED)
    write(canvas, note, (LEFT - 20, HEIGHT - 14), 16, QUIET)
    return canvas


def draw_bar(canvas: ByteArray, digit: int, percent: float, colour: Colour) -> None:
    """Draw a digit's bar and its percentage."""
    top = TOP + digit * STEP
    length = round((END - LEFT - 20) * percent / 100)
    if length:
        cv2.rectangle(canvas, (LEFT + 20, top), (LEFT + 20 + length, top + BAR), colour, cv2.FILLED)
    write(canvas, f"{percent:.1f}%", (END + 12, top + BAR - 8), 21, INK)


def percentages(probabilities: FloatArray) -> Any:
    """Return the probabilities, (10,), as percentages with one decimal that add up to 100.0.

    Each is rounded down to a tenth; the tenths that are missing go to those that lost most.
    """
    tenths = np.floor(probabilities * 1000)
    lost = np.argsort(tenths - probabilities * 1000, kind="stable")
    tenths[lost[: 1000 - int(tenths.sum())]] += 1
    return tenths / 10
