"""Sheets of images: what the models learn from, what they learned, where they are right and wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stages.drawing.style import RIGHT, WRONG, drawn
from stages.models.ova import predict
from stages.storage.arrays import FloatArray, IntArray
from stages.storage.images import DIGITS, SIDE, NormalisedImages

COLUMNS = 10


def show(axes: Axes, image: npt.NDArray[Any], **options: Any) -> None:
    """Draw one image, (784,), without axes."""
    axes.imshow(image.reshape(SIDE, SIDE), **options)
    axes.set_axis_off()


@drawn
def samples_sheet(images: NormalisedImages) -> Figure:
    """Draw the first ten images of each digit, a digit a row; the split has shuffled them."""
    figure, axes = plt.subplots(len(DIGITS), COLUMNS + 1, figsize=(9, 8))
    for digit, row in zip(DIGITS, axes, strict=True):
        row[0].text(0.5, 0.5, str(digit), size=20, weight="bold", ha="center", va="center")
        for place in row:
            place.set_axis_off()
        for place, i in zip(row[1:], np.flatnonzero(images.labels == digit)[:COLUMNS], strict=False):
            show(place, images.pixels[i])
    figure.suptitle("Ten images of each digit, from the training set", weight="bold", size=13)
    return figure


@drawn
def weights_sheet(weights: FloatArray) -> Figure:
    """Draw the weights, (784, 10), as ten images with one scale around zero."""
    figure, axes = plt.subplots(2, 5, figsize=(9, 4.2))
    largest = float(np.abs(weights).max()) or 1.0
    for digit, place in zip(DIGITS, axes.flat, strict=True):
        show(place, weights[:, digit], cmap="RdBu_r", vmin=-largest, vmax=largest)
        place.set_title(str(digit), loc="center", pad=4)
    bar = figure.colorbar(axes[0, 0].images[0], ax=axes, shrink=0.8)
    bar.set_label('ink here says "no"          ink here says "yes"')
    figure.suptitle("What each model looks for: its weights, pixel by pixel", weight="bold", size=13)
    return figure


@drawn
def predictions_sheet(images: NormalisedImages, z: FloatArray) -> Figure:
    """Draw the first forty images, which the split has shuffled, with the true and the predicted digit."""
    figure, axes = plt.subplots(4, COLUMNS, figsize=(9, 5))
    draw_checked(axes.ravel(), images, predict(z), range(len(images.labels)))
    figure.suptitle("Forty test images and what one-vs-all takes them for", weight="bold", size=13)
    return figure


@drawn
def mistakes_sheet(images: NormalisedImages, z: FloatArray) -> Figure:
    """Draw the wrong predictions with the largest distance between the predicted and the true digit's score."""
    predicted = predict(z)
    rows = np.arange(len(predicted))
    margin = z[rows, predicted] - z[rows, images.labels]
    worst = np.argsort(-margin, kind="stable")[: np.count_nonzero(margin)]
    figure, axes = plt.subplots(3, 7, figsize=(9, 5.6))
    draw_checked(axes.ravel(), images, predicted, worst)
    for place, i in zip(axes.flat, worst, strict=False):
        true, guess = images.labels[i], predicted[i]
        scores = f"score of {guess}: {z[i, guess]:+.1f}\nscore of {true}: {z[i, true]:+.1f}"
        place.text(0.5, -0.04, scores, transform=place.transAxes, size=7.5, ha="center", va="top")
    figure.suptitle("The worst mistakes: the wrong digit scores furthest above the right one", weight="bold", size=13)
    return figure


def draw_checked(
    places: Any, images: NormalisedImages, predicted: IntArray, chosen: Sequence[int] | npt.NDArray[Any]
) -> None:
    """Draw the chosen images, each with its digit where it is right, and both digits, marked, where it is wrong."""
    for place in places:
        place.set_axis_off()
    for place, i in zip(places, chosen, strict=False):
        show(place, images.pixels[i])
        right = predicted[i] == images.labels[i]
        title = f"{predicted[i]} ✓" if right else f"{predicted[i]} ✗ it is {images.labels[i]}"
        place.set_title(title, loc="center", size=9, pad=3, color=RIGHT if right else WRONG)
