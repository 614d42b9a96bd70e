"""K models, each for one class against the rest, as one classifier."""

from collections.abc import Iterator
from functools import reduce

import numpy as np

from stages.core import plain
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples, in_parts
from stages.core.logistic import sigmoid
from stages.models.records import COLUMNS
from stages.storage.arrays import FloatArray, IntArray


def input_weights(weights: FloatArray, features: str) -> FloatArray:
    """Return the weights of a model's inputs: (..., P) float64 unchanged, or for columns (..., P / 2).

    A model sees each column twice, the second time subtracted from 255. The two weights are combined.
    """
    if features != COLUMNS:
        return weights
    first, mirrored = np.split(weights, 2, axis=-1)
    return np.asarray(first - mirrored)


def on_grids(weights: FloatArray) -> FloatArray:
    """Return the weights of K models, (P, K) float64, each on the grid on which its scores are exact."""
    return np.stack([weights_on_grid(column) for column in weights.T], axis=1)


def scores(weights: FloatArray, bias: FloatArray, examples: Examples) -> FloatArray:
    """Return the score of each example by each of K models, (M, K) float64, of weights (P, K) and biases (K,)."""
    return np.concatenate(list(scores_in_parts(weights, bias, examples)))


def scores_in_parts(weights: FloatArray, bias: FloatArray, examples: Examples) -> Iterator[FloatArray]:
    """Yield these scores for a few thousand examples at a time, (n, K) float64: the same bits as in training."""
    w = on_grids(weights)
    for part in in_parts(examples):
        with np.errstate(all="ignore"):  # damaged weights may be huge
            yield plain.scores(part.X, part.mean, part.std, w, bias)


def predict(z: FloatArray) -> IntArray:
    """Return the class of the highest score in each row, (n,) int64. It also has the highest probability.

    Scores above 37 all have the probability 1 in float64, but the scores still differ.
    """
    highest: IntArray = np.argmax(z, axis=1)
    return highest


def probabilities(z: FloatArray) -> FloatArray:
    """Return the K probabilities in each row divided by their sum, added from the first to the last, (n, K) float64.

    If all are too small for float64, each class gets 1 / K.
    """
    p = sigmoid(z)
    total = reduce(np.add, p.T)[:, None]
    shares: FloatArray = np.divide(p, total, out=np.full_like(p, 1 / p.shape[1]), where=total > 0)
    return shares
