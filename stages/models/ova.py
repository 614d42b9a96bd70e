"""K models, each of one class against the rest, as one classifier."""

from collections.abc import Iterator
from functools import reduce

import numpy as np

from stages.core import plain
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples, in_parts
from stages.core.logistic import sigmoid
from stages.models.records import COLUMNS
from stages.storage.arrays import FloatArray, IntArray


def of_inputs(weights: FloatArray, features: str) -> FloatArray:
    """Return weights, (..., P), as those of what a model sees: of columns, which it sees twice, (..., P / 2).

    The second time each column's byte is subtracted from 255.
    """
    if features != COLUMNS:
        return weights
    first, mirrored = np.split(weights, 2, axis=-1)
    return np.asarray(first - mirrored)


def on_grids(weights: FloatArray) -> FloatArray:
    """Return the weights of K models, (P, K) float64, each on the grid on which its scores are exact."""
    return np.stack([weights_on_grid(column) for column in weights.T], axis=1)


def scores(weights: FloatArray, bias: FloatArray, examples: Examples) -> FloatArray:
    """Return the score that each of K models gives each example, (M, K) float64, of weights (P, K) and biases (K,)."""
    return np.concatenate(list(scores_in_parts(weights, bias, examples)))


def scores_in_parts(weights: FloatArray, bias: FloatArray, examples: Examples) -> Iterator[FloatArray]:
    """Yield the same, a few thousand examples at a time: (n, K) float64, to the last bit as in training."""
    w = on_grids(weights)
    for part in in_parts(examples):
        with np.errstate(all="ignore"):  # damaged weights may be huge
            yield plain.scores(part.X, part.mean, part.std, w, bias)


def predict(z: FloatArray) -> IntArray:
    """Return the class of the highest score of each row, (n,): also that of the highest probability.

    Two scores above 37 have the same probability in float64, 1; the scores still tell them apart.
    """
    highest: IntArray = np.argmax(z, axis=1)
    return highest


def probabilities(z: FloatArray) -> FloatArray:
    """Return the K probabilities of each row divided by their sum, added up from the first, (n, K) float64.

    Where no model gives a probability that float64 can hold, each class has 1 / K.
    """
    p = sigmoid(z)
    total = reduce(np.add, p.T)[:, None]
    shares: FloatArray = np.divide(p, total, out=np.full_like(p, 1 / p.shape[1]), where=total > 0)
    return shares
