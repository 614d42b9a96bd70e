"""How the models learned: their cost and accuracy after the iterations that training kept."""

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from stages.core.blocks import WORST_COST
from stages.core.examples import Examples
from stages.models.ova import scores_in_parts
from stages.models.records import OneVsAll
from stages.storage.arrays import FloatArray
from stages.storage.errors import DamagedError
from stages.storage.files import reading

COLUMNS = ("iteration", "cost", "train_accuracy", "test_accuracy")
LOWEST_COST = 1e-12  # drawn for lower costs, because a logarithmic axis cannot show 0
LONGEST_ROW = 200  # bytes; four numbers take less than a hundred


def costs_at(model: OneVsAll) -> FloatArray:
    """Return the K models' costs before each kept iteration, (K, n) float64, in nats."""
    return np.asarray(model.costs[:, model.kept_at - 1])


def accuracies(model: OneVsAll, examples: Examples) -> FloatArray:
    """Return the share of examples that the models together get right after each kept iteration, (n,) float64."""
    n, K, P = model.weights_history.shape
    weights, bias = model.weights_history.reshape(-1, P).T, model.bias_history.ravel()
    right, start = np.zeros(n, dtype=np.int64), 0
    for z in scores_in_parts(weights, bias, examples):
        labels = examples.labels[start : start + len(z), None]
        right += (z.reshape(-1, n, K).argmax(axis=2) == labels).sum(axis=0)
        start += len(z)
    shares: FloatArray = right / len(examples.labels)
    return shares


def read_learning(path: Path, model: OneVsAll) -> Any:
    """Return the columns of the learning table that `evaluate` wrote, (n,) float64 each, in the order of COLUMNS.

    Raises DamagedError if the table belongs to other models or has a number that `evaluate` does not write.
    """
    with reading(path) as file, warnings.catch_warnings():
        most = LONGEST_ROW * (1 + len(model.kept_at))
        if (size := os.fstat(file.fileno()).st_size) > most:
            raise DamagedError(f"{path}: has {size} bytes, expected at most {most}; run 'dvc repro'")
        warnings.simplefilter("error")  # NumPy warns of a table without rows
        columns = np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2, unpack=True)
    if len(columns) != len(COLUMNS) or not np.array_equal(columns[0], model.kept_at):
        raise DamagedError(f"{path}: is not a table of these models' iterations; run 'dvc repro'")
    if not ((columns[1:] >= 0) & (columns[1:] <= [[WORST_COST], [1], [1]])).all():  # NaN fails too
        found = f"has a cost outside 0 to {WORST_COST:.1f} or a share outside 0 to 1"
        raise DamagedError(f"{path}: {found}; run 'dvc repro'")
    return columns
