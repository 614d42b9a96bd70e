"""What the page's script computes with, as text that a page can hold: arrays in base64, little-endian."""

import base64
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from show.curves import places
from show.examples import mistakes, starts
from stages.core import logistic
from stages.images.form import DIGITS, SIDE, Images
from stages.models.learning import costs_at
from stages.models.ova import on_grids
from stages.models.records import OneVsAll
from stages.storage.arrays import Array, FloatArray, IntArray

OF_EXP = ("LOG2_E", "LN2_HIGH", "LN2_LOW", "UNDERFLOW")
KINDS = {".gif": "image/gif", ".js": "text/javascript", ".mp4": "video/mp4"}


def embedded(path: Path) -> str:
    """Return a file as a data URI."""
    return f"data:{KINDS[path.suffix]};base64,{text_of(path.read_bytes())}"


def text_of(content: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(content).decode()


def packed(array: Array, dtype: str) -> str:
    """Return an array's numbers, row after row, in a dtype of NumPy's."""
    return text_of(np.ascontiguousarray(array, dtype).tobytes())


def constants() -> dict[str, Any]:
    """Return the numbers that the script has from Python, by their names: to the last bit, as JSON keeps them."""
    of_exp = {name: getattr(logistic, name) for name in OF_EXP}
    return {"SIDE": SIDE, "DIGITS": len(DIGITS), **of_exp, "EXP_SERIES": logistic.EXP_SERIES.tolist()}


def packed_model(model: OneVsAll) -> dict[str, Any]:
    """Return a row of weights for each digit, on the grid on which their products are exact, and the biases."""
    return {"weights": packed(on_grids(model.weights).T, "<f8"), "bias": model.bias.tolist()}


def packed_examples(test: Images, predicted: IntArray) -> dict[str, Any]:
    """Return images to start from, then those that are taken for another digit, none twice."""
    first = starts(test.labels)
    rows = np.concatenate([first, np.setdiff1d(mistakes(test.labels, predicted), first)])
    pixels = gzip.compress(test.pixels[rows].tobytes(), mtime=0)
    return {"pixels": text_of(pixels), "labels": test.labels[rows].tolist(), "starts": len(first)}


def packed_learning(model: OneVsAll, training: FloatArray, test: FloatArray) -> dict[str, Any]:
    """Return what the models were after some iterations, where these are on a logarithmic axis, and both accuracies."""
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
