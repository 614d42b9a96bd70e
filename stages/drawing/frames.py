"""Frames of the video: an image, its class, the classifier's answer, and the probabilities."""

from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np

from stages.drawing.names import fitting, width
from stages.drawing.pictures import fitted
from stages.drawing.text import Colour, write
from stages.images.form import SIDE, image_of
from stages.storage.arrays import ByteArray, FloatArray

WIDTH, HEIGHT = 1280, 720
CELL = 26  # pixels for a pixel of the image: an even number stays sharp at half size
MARGIN = (CELL * SIDE - HEIGHT) // 2  # cut off around the image, less than one of its pixels
LEFT, TOP = 750, 200  # of the bars
ROOM, STEP, BAR, PERCENT = 480, 48, 30, 100  # pixels: height of all bars, of a row, of a bar; width of a percentage
MANY_ROWS, MOST_COLUMNS = 16, 3
PAPER, INK, QUIET, TRACK = (250, 250, 250), (40, 40, 40), (130, 130, 130), (228, 228, 228)
GREEN, RED, BLUE = (20, 130, 60), (200, 40, 30), (120, 160, 205)
GREYS = [(17 * level,) * 3 for level in range(16)]
SOFT = [(143, 190, 155), (225, 145, 140)]  # the edges of green and red letters
PALETTE = [*GREYS, PAPER, INK, QUIET, TRACK, GREEN, RED, BLUE, *SOFT]


class Example(NamedTuple):
    """An image, (784,) or (height, width) uint8, its label, the answer, the K probabilities, the name of its set."""

    pixels: ByteArray
    label: int
    predicted: int
    probabilities: FloatArray
    part: str


class Bars(NamedTuple):
    """The layout of the bars: number of rows, a row's height, a column's width, a name's width and size, in pixels."""

    rows: int
    step: int
    width: int
    room: int
    size: int

    def place(self, k: int) -> tuple[int, int]:
        """Return the upper left corner of a class's name and bar."""
        column, row = divmod(k, self.rows)
        return LEFT + column * self.width, TOP + row * self.step

    @property
    def height(self) -> int:
        """Return a bar's height."""
        return self.step * BAR // STEP

    @property
    def end(self) -> int:
        """Return how far to the right of the name's corner a full bar ends."""
        return self.width - PERCENT * self.step // STEP


@cache
def bars_of(classes: tuple[str, ...]) -> Bars:
    """Return the layout of the bars for these classes."""
    columns = min(-(-len(classes) // MANY_ROWS), MOST_COLUMNS)
    rows = -(-len(classes) // columns)
    step, across = min(STEP, ROOM // rows), (WIDTH - LEFT) // columns
    size = max(int(fitting(classes, across * 2 // 5, step * 27 // STEP, bold=True)), 1)
    room = max(40 * step // STEP, 12 + round(max(width(name, size, bold=True) for name in classes)))
    return Bars(rows, step, across, room, size)


def frame(example: Example, classes: tuple[str, ...], note: str) -> ByteArray:
    """Return one frame, (720, 1280, 3) uint8 RGB, with a note at its foot."""
    canvas = background(classes, note).copy()
    image = fitted(image_of(example.pixels), CELL * SIDE, 0)
    canvas[:, :HEIGHT] = image[MARGIN:-MARGIN, MARGIN:-MARGIN, None]
    verdict, word = (GREEN, "right") if example.predicted == example.label else (RED, "wrong")
    write_answer(canvas, classes[example.label], classes[example.predicted], verdict)
    write(canvas, word, (LEFT, 136), 30, verdict, bold=True)
    write(canvas, f"from the {example.part} set", (LEFT + 120, 136), 26, QUIET)
    for k, percent in enumerate(percentages(example.probabilities)):
        draw_bar(canvas, bars_of(classes), k, percent, verdict if k == example.predicted else BLUE)
    return canvas


def write_answer(canvas: ByteArray, true: str, predicted: str, colour: Colour) -> None:
    """Write an image's class and the answer, in two lines if the names are long."""
    said = f"True: {true}, Predicted: {predicted}"
    if width(said, 38, bold=True) < WIDTH - LEFT:
        write(canvas, said, (LEFT, 82), 38, colour, bold=True)
        return
    lines = [f"True: {true}", f"Predicted: {predicted}"]
    size = int(fitting(lines, WIDTH - LEFT - 20, 34, bold=True))
    for line, y in zip(lines, (48, 92), strict=True):
        write(canvas, line, (LEFT, y), size, colour, bold=True)


@cache
def background(classes: tuple[str, ...], note: str) -> ByteArray:
    """Return what all frames have in common: names, empty bars, the note."""
    canvas, bars = np.full((HEIGHT, WIDTH, 3), PAPER, dtype=np.uint8), bars_of(classes)
    for k, name in enumerate(classes):
        left, top = bars.place(k)
        foot = top + bars.height
        write(canvas, name, (left, foot - bars.height // 6), bars.size, INK, bold=True)
        cv2.rectangle(canvas, (left + bars.room, top), (left + bars.end, foot), TRACK, cv2.FILLED)
    write(canvas, note, (LEFT, HEIGHT - 14), 16, QUIET)
    return canvas


def draw_bar(canvas: ByteArray, bars: Bars, k: int, percent: float, colour: Colour) -> None:
    """Draw a class's bar and its percentage."""
    left, top = bars.place(k)
    start, foot = left + bars.room, top + bars.height
    length = round((bars.end - bars.room) * percent / 100)
    if length:
        cv2.rectangle(canvas, (start, top), (start + length, foot), colour, cv2.FILLED)
    size = max(21 * bars.step // STEP, 1)
    write(
        canvas, f"{percent:.1f}%", (left + bars.end + 12 * bars.step // STEP, foot - bars.height * 8 // BAR), size, INK
    )


def percentages(probabilities: FloatArray) -> Any:
    """Return probabilities, (K,) float64, as percentages with one decimal that add up to 100.0.

    Each is rounded down to a tenth. The missing tenths go to those that lost most.
    """
    tenths = np.floor(probabilities * 1000)
    lost = np.argsort(tenths - probabilities * 1000, kind="stable")
    tenths[lost[: 1000 - int(tenths.sum())]] += 1
    return tenths / 10
