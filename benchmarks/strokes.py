"""Measure what each step from pixels to strokes gains, on images held out of the training set; ten minutes.

The ten models are trained on the rest by L-BFGS, as in the pipeline. Needs data/train; prints Markdown. The last
columns of the first table are accuracies on the held-out images after some iterations, or after fewer if a digit's
training ended because all its training images were right. The sizes differ by less than the error of one held-out set,
so the second table holds out each tenth of the training set once. No test image is read.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial

import numpy as np

from benchmarks.measure import ROOT, open_executor, seconds_of, sizes, table
from benchmarks.sets import ALL, labelled_pixels, labels_of
from stages.command.paths import TRAIN
from stages.command.process import run
from stages.core.blocks import blocks_of
from stages.core.examples import Examples, normalise
from stages.core.gradient_descent import Descent, descend
from stages.core.methods import Settings
from stages.features.directions import directions
from stages.features.kinds import PART
from stages.features.upright import SIZE, upright
from stages.images.form import DIGITS
from stages.models.ova import predict, scores
from stages.storage.arrays import Array, ByteArray

VALIDATION = 0.15  # of the training set
ITERATIONS = (20, 50, 100, 200)
L2 = 3e-5
CHOSEN = 100  # iterations
SETTINGS = Settings("lbfgs", alpha=0.01, max_iter=max(ITERATIONS), rmse_threshold=0.0, momentum=0.0, l2=L2, batch=0)
PENALTIES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3)
SIZES = (4.75, 5.0, 5.25, 5.5, 5.75, 6.0, 6.25, 6.5)
FOLDS = 10
STROKES = "and brought to one size: `strokes`"


def strokes(pixels: ByteArray, size: float | None = SIZE) -> ByteArray:
    """Return the strokes of images whose ink is first scaled to a size; None keeps its own size."""
    return directions(upright(pixels, size))


VARIANTS: dict[str, Callable[[ByteArray], ByteArray]] = {
    "pixels": lambda pixels: pixels,
    "directions of strokes": directions,
    "upright and in the middle first": partial(strokes, size=None),
    STROKES: strokes,
    "these, scaled by 0.3": lambda pixels: directions(upright(pixels), 0.3),
    "these, scaled by 0.5": lambda pixels: directions(upright(pixels), 0.5),
}


def in_parts(make: Callable[[ByteArray], ByteArray], pixels: ByteArray) -> ByteArray:
    """Apply a function to images, PART of them at a time."""
    return np.concatenate([make(pixels[start : start + PART]) for start in range(0, len(pixels), PART)])


def trained(train: Examples, settings: Settings, executor: Executor) -> list[Descent]:
    """Return the ten models' descents."""
    return [descend(blocks_of(train, labels_of(train, digit)), settings, executor=executor) for digit in DIGITS]


def accuracies(train: Examples, validation: Examples, l2: float, executor: Executor) -> list[float]:
    """Return the ten models' accuracy on the validation images after each of ITERATIONS."""
    ten = trained(train, SETTINGS._replace(l2=l2), executor)
    return [accuracy(ten, iteration, validation) for iteration in ITERATIONS]


def accuracy(ten: list[Descent], iteration: int, validation: Examples) -> float:
    """Return the accuracy of the ten models as they were after an iteration."""
    at = [np.flatnonzero(each.kept_at <= iteration)[-1] for each in ten]
    weights = np.stack([each.weights_history[k] for each, k in zip(ten, at, strict=True)], axis=1)
    bias = np.array([each.bias_history[k] for each, k in zip(ten, at, strict=True)])
    return float((predict(scores(weights, bias, validation)) == validation.labels).mean())


def rows(name: str, pixels: ByteArray, labels: ByteArray, executor: Executor) -> Iterator[list[str]]:
    """Yield a variant's rows of the table; the chosen variant has one more for each penalty."""
    made: list[ByteArray] = []
    seconds = seconds_of(lambda: made.append(in_parts(VARIANTS[name], pixels)))
    X, first = made[0], math.ceil(VALIDATION * len(labels))
    train, validation = (normalise(X[part], labels[part]) for part in (slice(first, None), slice(first)))
    for l2 in (L2, *PENALTIES) if name == STROKES else (L2,):
        found = accuracies(train, validation, l2, executor)
        yield [name, str(X.shape[1]), f"{seconds:.1f}", f"{l2:g}", *(f"{each:.4f}" for each in found)]


def right_in_folds(X: ByteArray, labels: ByteArray, executor: Executor) -> Array:
    """Return which images are read rightly by ten models trained without that tenth of the set, (n,) bool."""
    right, settings = np.zeros(len(labels), bool), SETTINGS._replace(max_iter=CHOSEN)
    for fold in range(FOLDS):
        out = np.arange(len(labels)) % FOLDS == fold
        train, validation = (normalise(X[part], labels[part]) for part in (~out, out))
        ten = trained(train, settings, executor)
        weights, bias = np.stack([one.weights for one in ten], axis=1), np.array([one.bias for one in ten])
        right[out] = predict(scores(weights, bias, validation)) == validation.labels
    return right


def sizes_by_folds(pixels: ByteArray, labels: ByteArray, executor: Executor) -> str:
    """Return the table of sizes, each with the accuracy over all tenths."""
    lines = []
    for size in SIZES:
        right = right_in_folds(in_parts(partial(strokes, size=size), pixels), labels, executor)
        lines.append([f"{size:g}", f"{right.mean():.5f}"])
    return table(["size, pixels", "right"], lines)


def main() -> None:
    """Measure and print."""
    flags = sizes(__doc__, images=ALL)
    pixels, labels = (array[: flags.images] for array in labelled_pixels(ROOT / TRAIN))
    with open_executor() as executor:
        lines = [line for name in VARIANTS for line in rows(name, pixels, labels, executor)]
        header = ["what a model sees", "bytes", "seconds to make", "l2", *(f"{each} iterations" for each in ITERATIONS)]
        print(table(header, lines), flush=True)
        print(sizes_by_folds(pixels, labels, executor), end="")


if __name__ == "__main__":
    run(main)
