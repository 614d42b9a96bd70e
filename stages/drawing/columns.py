"""Pictures for columns of numbers: their weights, and a note where images would be."""

from collections.abc import Sequence

import numpy as np

from stages.drawing import frames
from stages.drawing.figures import Figure
from stages.drawing.names import fitting
from stages.drawing.pictures import PAPER
from stages.drawing.sheets import PIXELS, draw_scale
from stages.drawing.style import blank, write
from stages.drawing.text import write as write_on
from stages.drawing.weights import around_zero
from stages.storage.arrays import ByteArray, FloatArray

MOST = 40  # columns drawn
LEFT, ACROSS, TALLEST = 420, 1300, 60  # pixels, of the squares
FEW = 12  # classes; up to so many, names are horizontal
FOR_IMAGES = "is for images: these data are columns of numbers."


def columns_sheet(weights: FloatArray, columns: Sequence[str], classes: Sequence[str]) -> Figure:
    """Draw weights, (P, K) float64, as squares on one scale around zero: a row for each column, with a square a class.

    Of more than forty columns, those with the largest weights are drawn, in their order.
    """
    shown = np.sort(np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:MOST])
    down, right, flat = min(TALLEST, 1300 // len(shown)), ACROSS // len(classes), len(classes) <= FEW
    top = 130 + down * len(shown)
    figure = blank(top + (170 if flat else 310), "What each model looks for: its weights, column by column")
    colours = around_zero(weights[shown] / (np.abs(weights).max() or 1.0))
    names = [columns[row] for row in shown]
    size = fitting(names, (LEFT - 60) / PIXELS, min(12, (down - 8) / PIXELS))
    for row, name in enumerate(names):
        y = top - down * (row + 1)
        write(figure, LEFT - 20, y + down // 2, name, size=size, ha="right", va="center")
        squares = colours[row][None].repeat(down - 3, axis=0).repeat(right, axis=1)
        squares[:, ::right] = PAPER
        figure.figimage(squares, LEFT, y)
    size = fitting(classes, (right - 10 if flat else 180) / PIXELS, 12 if flat else min(12, right / PIXELS), bold=True)
    for k, name in enumerate(classes):
        x, turned = LEFT + right * k + right // 2, 0 if flat else 90
        write(figure, x, top + 10, name, size=size, weight="bold", ha="center", va="bottom", rotation=turned)
    draw_scale(figure, "more of it says “no”")
    return figure


def note_sheet(what: str) -> Figure:
    """Draw a note that this picture is only for images."""
    return blank(160, f"{what} {FOR_IMAGES}")


def note_frame() -> ByteArray:
    """Return a frame of the film, (720, 1280, 3) uint8, with a note that it is only for images."""
    canvas = np.full((frames.HEIGHT, frames.WIDTH, 3), frames.PAPER, np.uint8)
    said = f"This film {FOR_IMAGES}"
    size = int(fitting([said], frames.WIDTH - 160, 38, bold=True))
    write_on(canvas, said, (80, 340), size, frames.INK, bold=True)
    write_on(
        canvas, "plots/weights.png and plots/learning.gif show what the models look for.", (80, 400), 26, frames.QUIET
    )
    return canvas
