"""Ten models, each of one digit against the rest, as one classifier of ten digits."""

import numpy as np

from stages.core.exact import weights_on_grid
from stages.core.gradient_descent import forward
from stages.core.logistic import sigmoid
from stages.models.model_files import OneVsAll
from stages.storage.arrays import FloatArray, IntArray
from stages.storage.errors import DamagedError
from stages.storage.images import NormalisedImages, in_parts


def scores(model: OneVsAll, images: NormalisedImages) -> FloatArray:
    """Return the score that each model gives each image, (n, 10) float64."""
    columns = [digit_scores(w, b, images) for w, b in zip(model.weights.T, model.bias, strict=True)]
    z = np.stack(columns, axis=1)
    if not np.isfinite(z).all():
        raise DamagedError("the models' scores are beyond float64, expected trained weights; train again")
    return z


def digit_scores(weights: FloatArray, bias: float, images: NormalisedImages) -> FloatArray:
    """Return the score that one model gives each image, (n,) float64: above 0 it says 'this digit'."""
    w = weights_on_grid(np.ascontiguousarray(weights))
    parts = in_parts(images)
    return np.concatenate([forward(part.pixels, part.mean, part.std, w, float(bias)) for part in parts])


def predict(z: FloatArray) -> IntArray:
    """Return the digit of the highest score of each row, (n,): also that of the highest probability.

    Two scores above 37 have the same probability in float64, 1; the scores still tell them apart.
    """
    highest: IntArray = np.argmax(z, axis=1)
    return highest


def probabilities(z: FloatArray) -> FloatArray:
    """Return the ten probabilities of each row divided by their sum, (n, 10) float64.

    Where no model gives a probability that float64 can hold, each digit has 0.1.
    """
    p: FloatArray = sigmoid(z.ravel()).reshape(z.shape)
    total = p.sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(p, total, out=np.full_like(p, 1 / p.shape[1]), where=total > 0)
    return shares
