"""Sheets of images: training images, weights, answers, and the worst mistakes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from stages.drawing.figures import Figure
from stages.drawing.grid import grid_for
from stages.drawing.names import fitting, noun, width
from stages.drawing.pictures import Look, fitted
from stages.drawing.style import DPI, RIGHT, WRONG, blank, write
from stages.drawing.weights import UNUSED, around_zero, colours_of, used_columns
from stages.images.form import LARGEST_PIXEL, SIDE, Images, image_of
from stages.models.ova import predict
from stages.storage.arrays import ByteArray, FloatArray

Place = tuple[int, int]  # of an image's lower left corner
COLUMNS = 10
MOST_ROWS = 10  # of classes in one column
PIXELS = DPI / 72  # pixels for each point
LONG = 1  # in units of the text's size: wider names are long, as two digits are


def places(rows: int, columns: int, first: Place, step: Place) -> list[Place]:
    """Return the lower left corners of images, row by row from the first one, to the right and down."""
    return [(first[0] + step[0] * column, first[1] - step[1] * row) for row in range(rows) for column in range(columns)]


def paste(figure: Figure, pixels: ByteArray, place: Place, cell: int) -> None:
    """Draw an image, (784,) or (height, width) uint8, as dark ink on white paper, as large as 28x28 cells."""
    greys = LARGEST_PIXEL - fitted(image_of(pixels), SIDE * cell, 0)
    figure.figimage(np.repeat(greys[..., None], 3, axis=2), *place)


def samples_sheet(images: Images, classes: Sequence[str]) -> Figure:
    """Draw the first ten images of each class in a row; many classes take two columns. The split has shuffled them."""
    many = len(classes) > MOST_ROWS
    rows, cell, step = (-(-len(classes) // 2), 2, 62) if many else (len(classes), 5, 143)
    figure = blank(130 + step * rows, f"Ten images of each {noun(classes)}, from the training set")
    size = fitting(classes, 150 / PIXELS, 20, bold=True)
    for k, name in enumerate(classes):
        left, y = 860 * (k // rows), step * (rows - 1 - k % rows) + 23
        row = places(1, COLUMNS, (left + 170 - 10 * (not many), y), (66 if many else 160, 0))
        write(figure, left + 90, y + SIDE * cell // 2, name, size=size, weight="bold", ha="center", va="center")
        for i, place in zip(np.flatnonzero(images.labels == k), row, strict=False):
            paste(figure, images.pixels[i], place, cell)
    return figure


def weights_sheet(weights: FloatArray, X: ByteArray, look: Look, classes: Sequence[str]) -> Figure:
    """Draw weights, (P, K) float64, as K pictures on one scale around 0, grey where X, (n, P), has hardly any ink."""
    what = look.features[:-1]
    figure = blank(1000, f"What each model looks for: its weights, {what} by {what}")
    colours = colours_of(weights.T, used_columns(X))
    grid = grid_for(len(classes), (1700, 770), (32, 45), look.unit)
    size = fitting(classes, (grid.across - 12) / PIXELS, 12, bold=True)
    for k, name in enumerate(classes):
        right, down = grid.place(k)
        x, y = 65 + right, 864 - down - grid.side
        figure.figimage(look.picture(colours[k], grid.side), x, y)
        write(figure, x + grid.side // 2, y + grid.side + 8, name, size=size, weight="bold", ha="center")
    draw_scale(figure, f"{look.ink} here says “no”")
    figure.figimage(np.full((26, 26, 3), UNUSED, dtype=np.uint8), 980, 60)
    write(figure, 1025, 62, f"fewer than 1 % of the images have {look.ink} here")
    return figure


def draw_scale(figure: Figure, meaning: str) -> None:
    """Draw the colours from no to yes at the foot of a sheet, and the meaning of their left end."""
    scale = np.repeat(around_zero(np.arange(-200, 201) / 200)[None], 26, axis=0)
    write(figure, 370, 62, meaning, ha="right")
    figure.figimage(scale, 390, 60)
    write(figure, 810, 62, "“yes”")


def predictions_sheet(images: Images, z: FloatArray, classes: Sequence[str]) -> Figure:
    """Draw the first forty images, which the split has shuffled, with the true and the predicted class."""
    figure = blank(920, "Forty test images and their one-vs-all answers")
    corners = places(4, COLUMNS, (45, 640), (175, 200))
    draw_checked(figure, images, z, list(zip(range(len(z)), corners, strict=False)), 5, classes)
    return figure


def mistakes_sheet(images: Images, z: FloatArray, classes: Sequence[str]) -> Figure:
    """Draw the wrong answers whose score, of (n, K) float64, is furthest above that of the true class."""
    figure = blank(1130, f"The worst mistakes: the wrong {noun(classes)} scores furthest above the right one")
    predicted, rows = predict(z), np.arange(len(z))
    margin = z[rows, predicted] - z[rows, images.labels]
    worst = np.argsort(-margin, kind="stable")[: np.count_nonzero(margin)]
    shown = list(zip(worst, places(3, 7, (60, 790), (250, 340)), strict=False))
    draw_checked(figure, images, z, shown, 7, classes)
    of = "" if are_long(classes) else "score of "
    for i, (x, y) in shown:
        scores = "\n".join(f"{of}{classes[k]}: {z[i, k]:+.1f}" for k in (predicted[i], images.labels[i]))
        write(figure, x + 98, y - 10, scores, size=fitting([scores], 236 / PIXELS, 7.5), ha="center", va="top")
    return figure


def draw_checked(
    figure: Figure, images: Images, z: FloatArray, shown: list[tuple[Any, Place]], cell: int, classes: Sequence[str]
) -> None:
    """Draw images, each with its class, and with the answer if that is wrong."""
    taken = "\n→ " if are_long(classes) else ", taken for "
    for i, (x, y) in shown:
        paste(figure, images.pixels[i], (x, y), cell)
        true, guess = classes[images.labels[i]], classes[predict(z[i : i + 1])[0]]
        text, colour = (f"{true} ✓", RIGHT) if guess == true else (f"{true}{taken}{guess}", WRONG)
        size = fitting([text], (SIDE * cell + 30) / PIXELS, 8)
        write(figure, x + SIDE * cell // 2, y + SIDE * cell + 10, text, size=size, color=colour, ha="center")


def are_long(classes: Sequence[str]) -> bool:
    """Tell whether two names leave no space for words beside them."""
    return max(width(name, 1) for name in classes) > LONG
