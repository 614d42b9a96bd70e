"""Draw why pixels fail: one 4, moved, slanted and shrunk, as two models see it: benchmarks/moved.png, half a minute.

Both models are trained on the same images, as in `benchmarks.strokes`. The 4 is the first one of the images that are
held out of the training set, which are all changed in the same ways. No test image is read.
"""

import math
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial

import cv2
import numpy as np
from matplotlib.figure import Figure

from benchmarks.measure import ROOT, open_executor, sizes
from benchmarks.sets import ALL, labelled_pixels
from benchmarks.strokes import SETTINGS, VALIDATION, trained
from stages.command.paths import TRAIN
from stages.command.process import run
from stages.core.examples import normalise
from stages.drawing.sheets import paste
from stages.drawing.strokes import strokes_picture
from stages.drawing.style import RIGHT, WRONG, blank, prepare_picture, write
from stages.features.directions import directions
from stages.features.kinds import FEATURES
from stages.features.upright import upright
from stages.images.form import LARGEST_PIXEL, SIDE
from stages.models.ova import scores
from stages.storage.arrays import ByteArray, FloatArray

DIGIT = 4
MIDDLE = (SIDE - 1) / 2
CHANGES = {  # each as (shift to the right in pixels, slant to the right for each pixel up, size)
    "as it was written": (0.0, 0.0, 1.0),
    "moved by 4 pixels": (4.0, 0.0, 1.0),
    "slanted": (0.0, 0.5, 1.0),
    "smaller by a third": (0.0, 0.0, 0.67),
    "all three": (4.0, 0.5, 0.67),
}
CELL = 10
LEFT, APART = 190, 325
ROWS = {"the image": 890, "upright": 450, "its strokes": 150}  # each row's height above the lower edge, in pixels


def changed(image: ByteArray, right: float, slant: float, size: float) -> ByteArray:
    """Return an image, (784,), moved to the right, slanted and scaled around its middle."""
    matrix = np.array(
        [[size, -size * slant, MIDDLE + right + size * (slant - 1) * MIDDLE], [0, size, (1 - size) * MIDDLE]]
    )
    return np.asarray(cv2.warpAffine(image.reshape(SIDE, SIDE), matrix, (SIDE, SIDE)), np.uint8).ravel()


def scores_of(asked: ByteArray, kind: str, pixels: ByteArray, labels: ByteArray, executor: Executor) -> FloatArray:
    """Return the scores, (changes, n, 10), that ten models trained on some images give to the images asked."""
    train = normalise(FEATURES[kind](pixels, executor), labels)
    ten = trained(train, SETTINGS, executor)
    w, b = np.stack([one.weights for one in ten], axis=1), np.array([one.bias for one in ten])
    X = FEATURES[kind](asked.reshape(-1, asked.shape[-1]), executor)
    z: FloatArray = scores(w, b, normalise(X, np.zeros(len(X), np.uint8))).reshape(*asked.shape[:2], -1)
    return z


def sheet(images: ByteArray, said: dict[str, list[tuple[str, str]]]) -> Figure:
    """Draw each image, the image upright, and its strokes, with the two models' answers, each a text and its colour."""
    figure = blank(1320, f"One {DIGIT}, five times: what two models see, and what they say")
    seen = upright(images)
    strengths = np.repeat(LARGEST_PIXEL - directions(seen)[:, :, None], 3, axis=2)
    for name, y in ROWS.items():
        write(figure, LEFT - 20, y + 140, name, size=9, weight="bold", ha="right", va="center")
    for at, name in enumerate(CHANGES):
        x = LEFT + APART * at
        write(figure, x + 140, ROWS["the image"] + 290, name, size=9, ha="center")
        paste(figure, images[at], (x, ROWS["the image"]), CELL)
        paste(figure, seen[at], (x, ROWS["upright"]), CELL)
        figure.figimage(strokes_picture(strengths[at], SIDE * CELL), x, ROWS["its strokes"])
        for kind, row in (("pixels", "the image"), ("strokes", "its strokes")):
            text, colour = said[kind][at]
            write(figure, x + 140, ROWS[row] - 10, text, size=8, color=colour, ha="center", va="top")
    return figure


def words(kind: str, z: FloatArray, right: float) -> tuple[str, str]:
    """Return a model's answer as text, with its colour: the scores of the digit and its rival, and the accuracy."""
    other = int(np.argmax(np.where(np.arange(len(z)) == DIGIT, -np.inf, z)))
    colour, taken = (RIGHT, DIGIT) if z[DIGIT] > z[other] else (WRONG, other)
    scores = f"score of {DIGIT}: {z[DIGIT]:+.1f}\nscore of {other}: {z[other]:+.1f}"
    return f"model of {kind}: {taken}\n{scores}\nall images: {100 * right:.1f} % right", colour


def main() -> None:
    """Train, draw, write."""
    flags = sizes(__doc__, images=ALL)
    pixels, labels = (array[: flags.images] for array in labelled_pixels(ROOT / TRAIN))
    first = math.ceil(VALIDATION * len(labels))
    asked = np.stack([[changed(image, *change) for image in pixels[:first]] for change in CHANGES.values()])
    at = np.flatnonzero(labels[:first] == DIGIT)[0]
    said = {}
    with open_executor() as executor:
        for kind in FEATURES:
            z = scores_of(asked, kind, pixels[first:], labels[first:], executor)
            right = (z.argmax(axis=2) == labels[:first]).mean(axis=1)
            said[kind] = [words(kind, *each) for each in zip(z[:, at], right, strict=True)]
    with ExitStack() as stack:
        prepare_picture(stack, ROOT / "benchmarks/moved.png", partial(sheet, asked[:, at], said))


if __name__ == "__main__":
    run(main)
