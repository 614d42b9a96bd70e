"""The film of learning: the models' weights as they form, with their cost and their accuracy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from stages.drawing.film import indexed, write_gif
from stages.drawing.grid import grid_for
from stages.drawing.names import counted, fitting, width
from stages.drawing.pictures import Look
from stages.drawing.text import Colour, write
from stages.drawing.weights import NO, UNUSED, YES, around_zero, colours_of, used_columns
from stages.models.records import COLUMNS
from stages.storage.arrays import ByteArray, FloatArray

WIDTH, HEIGHT = 960, 400
FPS = 3
LAST = 7  # repetitions of the last frame
LEFT, RIGHT = 690, 936  # pixels, the edges of the charts
LARGE = 112  # pixels: larger pictures have larger names
LEVELS = 14  # of colour, on each side of white
PAPER, INK, QUIET, TRACK = (255, 255, 255), (40, 40, 40), (120, 120, 120), (228, 228, 228)
GREYS = [(level,) * 3 for level in range(40, 240, 30)]  # the edges of letters
SHADES = [(int(r), int(g), int(b)) for r, g, b in around_zero(np.arange(-LEVELS, LEVELS + 1) / LEVELS)]
PALETTE = [*SHADES, *GREYS, QUIET, TRACK, (UNUSED,) * 3]
Meanings = list[tuple[int, Colour, str]]
TRAINING, TEST = YES, NO  # the colours of the sets


class Chart(NamedTuple):
    """A chart: its upper and lower edge, the values there, and their format."""

    top: int
    foot: int
    highest: float
    lowest: float
    form: str

    def height_of(self, value: float) -> int:
        """Return the vertical position of a value."""
        return self.foot - round((self.foot - self.top) * (value - self.lowest) / (self.highest - self.lowest))


def write_learning(
    path: Path, table: Any, weights: FloatArray, X: ByteArray, look: Look, classes: Sequence[str]
) -> None:
    """Write the film as GIF, a frame for each row of a table of four columns (k,), `models.learning.COLUMNS`.

    weights (k, K, P) float64. X (n, P) uint8: the training set. look: how to draw weights. classes: K names.
    """
    roots = np.copysign(np.sqrt(np.abs(weights)), weights)  # otherwise the first iterations would be nearly white
    shades = colours_of(roots, used_columns(X), LEVELS)
    frames = [indexed(frame, PALETTE) for frame in learning_frames(table, shades, look, classes)]
    write_gif(path, [*frames, *frames[-1:] * LAST], FPS, PALETTE)


def meanings(look: Look) -> Meanings:
    """Return the legend of the weights' colours: for each the left edge, the colour, and the words."""
    if look.features == COLUMNS:
        return [(24, YES, "more of a column says “yes”"), (280, NO, "“no”"), (348, PAPER, "first column on top")]
    return [
        (24, YES, f"{look.ink} says “yes”"),
        (190, NO, f"{look.ink} says “no”"),
        (348, (UNUSED,) * 3, f"hardly any image has {look.ink}"),
    ]


def learning_frames(table: Any, shades: ByteArray, look: Look, classes: Sequence[str]) -> list[ByteArray]:
    """Return the frames, (400, 960, 3) uint8, of a table and the colours of the weights, (k, K, P, 3)."""
    iterations, cost, training, test = table
    costs = Chart(80, 190, float(cost.max()) or 1.0, 0.0, "{:.2g}")
    accuracies = Chart(250, 350, 1.0, min(training.min(), test.min(), 0.9) // 0.1 / 10, "{:.0%}")
    canvas = background(iterations, len(classes), meanings(look), costs, accuracies)
    frames = []
    for k, x in enumerate(columns(len(iterations))):
        cv2.rectangle(canvas, (x - 4, costs.height_of(cost[k])), (x + 4, costs.foot), INK, cv2.FILLED)
        for share, left, colour in ((training[k], x - 6, TRAINING), (test[k], x + 1, TEST)):
            y = accuracies.height_of(share)
            cv2.rectangle(canvas, (left, y - 3), (left + 5, y + 3), colour, cv2.FILLED)
        frames.append(canvas.copy())
        write(frames[-1], f"after iteration {iterations[k]:.0f}", (24, 40), 24, INK, bold=True)
        write(frames[-1], f"{cost[k]:.4f}", (RIGHT - 60, 62), 17, INK, bold=True)
        write(frames[-1], f"{100 * training[k]:.2f} %", (LEFT + 64, 238), 15, TRAINING, bold=True)
        write(frames[-1], f"{100 * test[k]:.2f} %", (LEFT + 177, 238), 15, TEST, bold=True)
        draw_weights(frames[-1], shades[k], look, classes)
    return frames


def columns(number: int) -> list[int]:
    """Return the middles of the columns of a chart, in pixels."""
    return [LEFT + (RIGHT - LEFT) * (2 * k + 1) // (2 * number) for k in range(number)]


def background(iterations: Sequence[float], models: int, meanings: Meanings, *charts: Chart) -> ByteArray:
    """Return what all frames have in common."""
    canvas = np.full((HEIGHT, WIDTH, 3), PAPER, dtype=np.uint8)
    cost = f"cost J, mean of the {counted(models)}"
    write(canvas, cost, (LEFT, 62), int(fitting([cost], RIGHT - LEFT - 70, 15)), INK)
    write(canvas, "accuracy", (LEFT, 218), 15, INK)
    write(canvas, "training", (LEFT, 238), 15, TRAINING)
    write(canvas, "test", (LEFT + 144, 238), 15, TEST)
    for chart in charts:
        for edge, value in ((chart.top, chart.highest), (chart.foot, chart.lowest)):
            cv2.rectangle(canvas, (LEFT, edge), (RIGHT, edge), TRACK, cv2.FILLED)
            write(canvas, chart.form.format(value), (LEFT - 40, edge + 5), 13, QUIET)
    for iteration, x in zip(iterations, columns(len(iterations)), strict=True):
        if f"{iteration:.0f}".rstrip("0") == "1":
            write(canvas, f"{iteration:.0f}", (x - 4, 370), 13, QUIET)
    write(canvas, "iterations", (LEFT, 390), 13, QUIET)
    for x, colour, meaning in meanings:
        cv2.rectangle(canvas, (x, 373), (x + 13, 386), colour, cv2.FILLED)
        write(canvas, meaning, (x + 22, 385), 14, QUIET)
    return canvas


def draw_weights(canvas: ByteArray, shades: ByteArray, look: Look, classes: Sequence[str]) -> None:
    """Draw the weights of K models, colours (K, P, 3) uint8, each under its class's name."""
    grid = grid_for(len(classes), (620, 312), (12, 20), look.unit)
    size = int(fitting(classes, grid.across - 6, 18 if grid.side >= LARGE else 13, bold=True))
    for k, name in enumerate(classes):
        right, down = grid.place(k)
        x, y = 24 + right, 72 + down
        middle = x + grid.side // 2 - round(width(name, size, bold=True) / 2)
        write(canvas, name, (middle, y - size * 8 // 18), size, INK, bold=True)
        canvas[y : y + grid.side, x : x + grid.side] = look.picture(shades[k], grid.side)
