"""Sheets of images: what the models learn from, what they learned, where they are right and wrong."""

from typing import Any

import numpy as np

from stages.drawing.figures import Figure
from stages.drawing.strokes import PICTURES, pixels_picture
from stages.drawing.style import RIGHT, WRONG, blank, write
from stages.drawing.weights import UNSEEN, around_zero, colours_of, seen
from stages.images.form import DIGITS, LARGEST_PIXEL, SIDE, Images
from stages.models.ova import predict
from stages.storage.arrays import ByteArray, FloatArray

Place = tuple[int, int]  # of an image's left lower corner
COLUMNS = 10
WEIGHTS_SIDE = 308  # pixels


def places(rows: int, columns: int, first: Place, step: Place) -> list[Place]:
    """Return places row by row, from the first to the right and down."""
    return [(first[0] + step[0] * column, first[1] - step[1] * row) for row in range(rows) for column in range(columns)]


def paste(figure: Figure, pixels: ByteArray, place: Place, cell: int) -> None:
    """Draw an image, (784,), as ink on paper, at its place, a pixel as a square with sides of `cell` pixels."""
    greys = np.repeat(LARGEST_PIXEL - pixels[:, None], 3, axis=1)
    figure.figimage(pixels_picture(greys, SIDE * cell), *place)


def samples_sheet(images: Images) -> Figure:
    """Draw the first ten images of each digit, a digit a row; the split has shuffled them."""
    figure = blank(1560, "Ten images of each digit, from the training set")
    for digit in DIGITS:
        row = places(1, COLUMNS, (160, 1310 - 143 * digit), (160, 0))
        write(figure, 90, row[0][1] + 70, str(digit), size=20, weight="bold", ha="center", va="center")
        for i, place in zip(np.flatnonzero(images.labels == digit), row, strict=False):
            paste(figure, images.pixels[i], place, cell=5)
    return figure


def weights_sheet(weights: FloatArray, X: ByteArray, features: str) -> Figure:
    """Draw the weights, (P, 10), as ten pictures on one scale around zero, grey where X, (n, P), has hardly any ink."""
    figure = blank(1000, f"What each model looks for: its weights, {features[:-1]} by {features[:-1]}")
    colours = colours_of(weights.T, seen(X))
    for digit, (x, y) in zip(DIGITS, places(2, 5, (65, 540), (340, 385)), strict=True):
        figure.figimage(PICTURES[features](colours[digit], WEIGHTS_SIDE), x, y)
        write(figure, x + 154, y + 316, str(digit), size=12, weight="bold", ha="center")
    scale = np.repeat(around_zero(np.arange(-200, 201) / 200)[None], 26, axis=0)
    write(figure, 370, 62, "ink here says “no”", ha="right")
    figure.figimage(scale, 390, 60)
    write(figure, 810, 62, "“yes”")
    figure.figimage(np.full((26, 26, 3), UNSEEN, dtype=np.uint8), 980, 60)
    write(figure, 1025, 62, "fewer than 1 % of the images have ink here")
    return figure


def predictions_sheet(images: Images, z: FloatArray) -> Figure:
    """Draw the first forty images, which the split has shuffled, with the true and the predicted digit."""
    figure = blank(920, "Forty test images and what one-vs-all takes them for")
    corners = places(4, COLUMNS, (45, 640), (175, 200))
    draw_checked(figure, images, z, list(zip(range(len(z)), corners, strict=False)), cell=5)
    return figure


def mistakes_sheet(images: Images, z: FloatArray) -> Figure:
    """Draw the wrong predictions with the largest distance between the predicted and the true digit's score."""
    figure = blank(1130, "The worst mistakes: the wrong digit scores furthest above the right one")
    predicted, rows = predict(z), np.arange(len(z))
    margin = z[rows, predicted] - z[rows, images.labels]
    worst = np.argsort(-margin, kind="stable")[: np.count_nonzero(margin)]
    shown = list(zip(worst, places(3, 7, (60, 790), (250, 340)), strict=False))
    draw_checked(figure, images, z, shown, cell=7)
    for i, (x, y) in shown:
        true, guess = images.labels[i], predicted[i]
        scores = f"score of {guess}: {z[i, guess]:+.1f}\nscore of {true}: {z[i, true]:+.1f}"
        write(figure, x + 98, y - 10, scores, size=7.5, ha="center", va="top")
    return figure


def draw_checked(figure: Figure, images: Images, z: FloatArray, shown: list[tuple[Any, Place]], cell: int) -> None:
    """Draw images, each with its digit where it is right, and with what it is taken for where it is wrong."""
    for i, (x, y) in shown:
        paste(figure, images.pixels[i], (x, y), cell)
        true, guess = images.labels[i], predict(z[i : i + 1])[0]
        text, colour = (f"{true} ✓", RIGHT) if guess == true else (f"{true}, taken for {guess}", WRONG)
        write(figure, x + SIDE * cell // 2, y + SIDE * cell + 10, text, size=8, color=colour, ha="center")
