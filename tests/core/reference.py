"""The mathematics in plain NumPy, to compare with; and the methods, as `descend` is told of them."""

import hashlib
from typing import Any

import numpy as np

from stages.core.descent import Descent
from stages.storage.arrays import ByteArray, FloatArray
from stages.storage.images import NormalisedImages

SETTINGS: dict[str, Any] = {"alpha": 0.01, "max_iter": 100, "rmse_threshold": 1e-5}
METHODS: dict[str, dict[str, Any]] = {
    "gradient_descent": {"method": "gradient_descent"},
    "nesterov": {"method": "gradient_descent", "momentum": 0.9},
    "barzilai_borwein": {"method": "barzilai_borwein"},
    "lbfgs": {"method": "lbfgs"},
}


def matrix(images: NormalisedImages) -> FloatArray:
    """Return X, normalised in the plain way."""
    deviation = np.where(images.std > 0, images.std, 1)
    centred = images.pixels - images.mean[:, None]
    return centred / deviation[:, None]


def labels_of(images: NormalisedImages, digit: int = 3) -> ByteArray:
    return (images.labels == digit).astype(np.uint8)


def cost_and_gradient(X: FloatArray, y: ByteArray, theta: FloatArray) -> tuple[float, FloatArray]:
    """Return J and its gradient."""
    z = X @ theta[:-1] + theta[-1]
    residual = np.exp(-np.logaddexp(0, -z)) - y
    return np.mean(np.logaddexp(0, z) - z * y), np.append(X.T @ residual, residual.sum()) / len(y)


def digest(model: Descent) -> str:
    """Return what differs between two descents that differ in a bit."""
    return hashlib.sha256(b"".join(np.asarray(value).tobytes() for value in model)).hexdigest()
