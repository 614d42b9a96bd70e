"""The numbers for the page's script, as text that a page can hold: arrays in base64, little-endian."""

import base64
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from show.curves import places
from show.examples import mistakes, starts
from stages.core import logistic
from stages.drawing import strokes
from stages.features import directions, upright
from stages.images.form import Images
from stages.models.learning import costs_at
from stages.models.ova import on_grids
from stages.models.records import OneVsAll
from stages.storage.arrays import Array, FloatArray, IntArray
from stages.storage.errors import DamagedError
from stages.storage.files import reading

CONSTANTS = {
    logistic: ("LOG2_E", "LN2_HIGH", "LN2_LOW", "UNDERFLOW"),
    upright: ("MIDDLE", "SIZE", "SMALLEST", "LARGEST", "MOST_SHEAR", "PIXEL"),
    directions: ("PLACES", "APART", "DIRECTIONS", "WINDOW", "BORDER", "SCALE"),
    strokes: ("GROWS", "AWAY", "LONG", "THICK"),
}
MOST_BYTES = 100_000_000  # of a film
KINDS = {".gif": "image/gif", ".js": "text/javascript", ".mp4": "video/mp4"}


def embedded(path: Path) -> str:
    """Return a file as a data URI; raise DamagedError if there is no such file, or if it is too large for a page."""
    with reading(path) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DamagedError(f"{path}: has more than {MOST_BYTES:,} bytes, expected fewer; lower video.examples")
    return f"data:{KINDS[path.suffix]};base64,{text_of(content)}"


def text_of(content: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(content).decode()


def packed(array: Array, dtype: str) -> str:
    """Return an array in base64, row after row, in a NumPy dtype."""
    return text_of(np.ascontiguousarray(array, dtype).tobytes())


def constants(classes: list[str], thing: str, side: int) -> dict[str, Any]:
    """Return the constants that the script shares with Python, by name; JSON keeps floats to the last bit."""
    named = {name: getattr(module, name) for module, names in CONSTANTS.items() for name in names}
    words = {"CLASSES": classes, "THING": thing}
    return {**words, "SIDE": side, "EXP_SERIES": logistic.EXP_SERIES.tolist(), **named}


def packed_model(model: OneVsAll) -> dict[str, Any]:
    """Return the kind of features, a row of weights for each class, rounded so that sums are exact, and the biases."""
    weights = packed(on_grids(model.weights).T, "<f8")
    return {"features": model.features, "weights": weights, "bias": model.bias.tolist()}


def packed_examples(test: Images, predicted: IntArray, classes: int) -> dict[str, Any]:
    """Return the images to start from, then those with a wrong answer, none twice."""
    first = starts(test.labels, classes)
    rows = np.concatenate([first, np.setdiff1d(mistakes(test.labels, predicted, classes), first)])
    pixels = gzip.compress(test.pixels[rows].tobytes(), mtime=0)
    return {"pixels": text_of(pixels), "labels": test.labels[rows].tolist(), "starts": len(first)}


def packed_learning(model: OneVsAll, training: FloatArray, test: FloatArray) -> dict[str, Any]:
    """Return the models after some iterations, the iterations' places on the axis, the costs and both accuracies."""
    steps = model.kept_at.tolist()
    return {
        "steps": steps,
        "at": places(steps),
        "weights": packed(model.weights_history, "<f4"),
        "bias": model.bias_history.tolist(),
        "cost": costs_at(model).T.tolist(),
        "training": training.tolist(),
        "test": test.tolist(),
    }
