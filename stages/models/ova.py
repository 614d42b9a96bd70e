"""Ten models, each of one digit against the rest, as one classifier of ten digits."""

from collections.abc import Iterator
from functools import reduce

import numpy as np

from stages.core.exact import weights_on_grid
from stages.core.logistic import sigmoid
from stages.models.model_files import OneVsAll
from stages.storage.arrays import FloatArray, IntArray
from stages.storage.images import NormalisedImages, in_parts


def scores(model: OneVsAll, images: NormalisedImages) -> FloatArray:
    """Return the score that each model gives each image, (n, 10) float64."""
    return np.concatenate(list(scores_in_parts(*model, images)))


def digit_scores(weights: FloatArray, bias: float, images: NormalisedImages) -> FloatArray:
    """Return the score that one model gives each image, (n,) float64: above 0 it says 'this digit'."""
    return np.concatenate(list(scores_in_parts(weights[:, None], np.array([bias]), images)))[:, 0]


def scores_in_parts(weights: FloatArray, bias: FloatArray, images: NormalisedImages) -> Iterator[FloatArray]:
    """Yield the scores of any number of models, a few thousand images at a time.

    Parameters
    ----------
    weights : (784, k) float64, a column a model. bias : (k,) float64.
    images : any number.

    Yields
    ------
    (n, k) float64, as `gradient_descent.forward` gives them, to the last bit.
    """
    w = np.stack([weights_on_grid(np.ascontiguousarray(column)) for column in weights.T], axis=1)
    for part in in_parts(images):
        yield scores_of_part(part, w, bias)


def scores_of_part(part: NormalisedImages, w: FloatArray, bias: FloatArray) -> FloatArray:
    """Return the scores, (n, k), of images few enough for memory; w on its grids, so that BLAS adds without error."""
    std = part.std[:, None]
    with np.errstate(all="ignore"):  # damaged weights may be huge
        z = part.pixels.astype(np.float64) @ w - part.mean[:, None] * w.sum(axis=0)
        return np.asarray(np.divide(z, std, out=np.zeros_like(z), where=std > 0) + bias)


def predict(z: FloatArray) -> IntArray:
    """Return the digit of the highest score of each row, (n,): also that of the highest probability.

    Two scores above 37 have the same probability in float64, 1; the scores still tell them apart.
    """
    highest: IntArray = np.argmax(z, axis=1)
    return highest


def probabilities(z: FloatArray) -> FloatArray:
    """Return the ten probabilities of each row divided by their sum, added up from 0 to 9, (n, 10) float64.

    Where no model gives a probability that float64 can hold, each digit has 0.1.
    """
    p: FloatArray = sigmoid(z.ravel()).reshape(z.shape)
    total = reduce(np.add, p.T)[:, None]
    shares: FloatArray = np.divide(p, total, out=np.full_like(p, 1 / p.shape[1]), where=total > 0)
    return shares
