"""How the ten models learned, together: what they were worth after some of the iterations, which training kept."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.models.model_files import DigitModel
from stages.models.ova import scores_in_parts
from stages.storage.arrays import FloatArray, IntArray
from stages.storage.errors import DamagedError
from stages.storage.files import reading
from stages.storage.images import NormalisedImages

COLUMNS = ("iteration", "cost", "train_accuracy", "test_accuracy")
LONGEST_ROW = 200  # bytes; four numbers take less than a hundred


class History(NamedTuple):
    """The ten models after some iterations.

    iterations (k,) int64; weights (k, 10, 784) and bias (k, 10) float64, by digit; costs (10, k) float64, likewise,
    before each iteration, in nats.
    """

    iterations: IntArray
    weights: FloatArray
    bias: FloatArray
    costs: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Return the mean of the ten costs, (k,)."""
        return np.asarray(np.mean(self.costs, axis=0))


def history_of(models: Sequence[DigitModel]) -> History:
    """Return the models after each iteration that all of them kept; one that has ended stays as it ended."""
    iterations = np.unique(np.concatenate([model.kept_at for model in models]))
    known = [np.isin(iterations, model.kept_at) | (iterations > model.kept_at[-1]) for model in models]
    iterations = iterations[np.all(known, axis=0)]
    rows = [np.searchsorted(model.kept_at, iterations, side="right") - 1 for model in models]
    costs = [model.cost_history[np.minimum(iterations, len(model.cost_history)) - 1] for model in models]
    return History(
        iterations,
        np.stack([model.weights_history[row] for model, row in zip(models, rows, strict=True)], axis=1),
        np.stack([model.bias_history[row] for model, row in zip(models, rows, strict=True)], axis=1),
        np.stack(costs),
    )


def accuracies(history: History, images: NormalisedImages) -> FloatArray:
    """Return the share of images that the ten together get right after each iteration, (k,)."""
    steps, digits, pixels = history.weights.shape
    weights, bias = history.weights.reshape(-1, pixels).T, history.bias.ravel()
    right, start = np.zeros(steps, dtype=np.int64), 0
    for z in scores_in_parts(weights, bias, images):
        labels = images.labels[start : start + len(z), None]
        right += (z.reshape(-1, steps, digits).argmax(axis=2) == labels).sum(axis=0)
        start += len(z)
    shares: FloatArray = right / len(images.labels)
    return shares


def read_learning(path: Path, history: History) -> Any:
    """Return the columns of the table that `evaluate` makes of a history, (k,) each, in the order of COLUMNS.

    Raises DamagedError where the table is of other models.
    """
    with reading(path) as file, warnings.catch_warnings():
        most = LONGEST_ROW * (1 + len(history.iterations))
        if (size := os.fstat(file.fileno()).st_size) > most:
            raise DamagedError(f"{path}: has {size} bytes, expected at most {most}; evaluate the models again")
        warnings.simplefilter("error")  # NumPy warns of a table without rows
        columns = np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2, unpack=True)
    if len(columns) != len(COLUMNS) or not np.array_equal(columns[0], history.iterations):
        raise DamagedError(f"{path}: is no table of these models' iterations, expected one; evaluate them again")
    return columns
