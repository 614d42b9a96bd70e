"""The mathematics in plain NumPy, to compare with; and the methods, as `descend` is told of them."""

import hashlib
from typing import Any

import numpy as np
import pytest

from stages.core.examples import Examples
from stages.core.gradient_descent import Descent
from stages.core.methods import Settings
from stages.storage.arrays import ByteArray, FloatArray

SETTINGS: dict[str, Any] = {
    "method": "gradient_descent",
    "alpha": 0.01,
    "max_iter": 100,
    "rmse_threshold": 1e-5,
    "momentum": 0.0,
    "l2": 0.0,
    "batch": 0,
}
METHODS: dict[str, dict[str, Any]] = {
    "gradient_descent": {"method": "gradient_descent"},
    "nesterov": {"method": "gradient_descent", "momentum": 0.9},
    "barzilai_borwein": {"method": "barzilai_borwein"},
    "lbfgs": {"method": "lbfgs"},
}
SGD: dict[str, Any] = {"method": "sgd", "momentum": 0.9, "batch": 30}
TURN_BACK = ["barzilai_borwein", "lbfgs"]
START = pytest.approx(np.log(2), rel=1e-15)  # what zero weights cost


def how(**settings: Any) -> Settings:
    return Settings(**SETTINGS | settings)


def matrix(images: Examples) -> FloatArray:
    """Return X, normalised in the plain way."""
    deviation = np.where(images.std > 0, images.std, 1)
    centred = images.X - images.mean[:, None]
    return centred / deviation[:, None]


def labels_of(images: Examples, digit: int = 3) -> ByteArray:
    return (images.labels == digit).astype(np.uint8)


def cost_and_gradient(X: FloatArray, y: ByteArray, theta: FloatArray, l2: float = 0.0) -> tuple[float, FloatArray]:
    """Return J and its gradient, with a penalty."""
    z = X @ theta[:-1] + theta[-1]
    residual = np.exp(-np.logaddexp(0, -z)) - y
    penalised = np.append(theta[:-1], 0)
    J = np.mean(np.logaddexp(0, z) - z * y) + l2 / 2 * penalised @ penalised
    return J, np.append(X.T @ residual, residual.sum()) / len(y) + l2 * penalised


def plain_descent(
    X: FloatArray, y: ByteArray, alpha: float, max_iter: int, rmse_threshold: float, l2: float, **_: Any
) -> Descent:
    """Train as the notebook does: two forward passes and a backward pass an iteration."""
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_iter):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        history.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + l2 / 2 * w @ w)
        w, b = w - alpha * (X.T @ (p - y) / len(y) + l2 * w), b - alpha * np.mean(p - y)
        rmse = float(np.sqrt(np.mean((np.round(1 / (1 + np.exp(-(X @ w + b)))) - y) ** 2)))
        if rmse <= rmse_threshold:
            break
    ended = "converged" if rmse <= rmse_threshold else "max_iter"
    nothing = np.empty(0)
    return Descent(w, float(b), np.array(history), rmse, ended, nothing, nothing, nothing)


def digest(model: Descent) -> str:
    """Return what differs between two descents that differ in a bit."""
    return hashlib.sha256(b"".join(np.asarray(value).tobytes() for value in model)).hexdigest()
