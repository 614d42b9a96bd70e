"""What a user would write instead: one iteration of gradient descent, in the usual ways."""

from collections.abc import Callable
from typing import Any

import numpy as np

from stages.core.examples import Examples
from stages.storage.arrays import ByteArray, FloatArray

ALPHA = 0.01
Step = Callable[[], Any]


def normalised_pixels(images: Examples, dtype: type) -> Any:
    """Return X, (M, 784), in float64 or float32."""
    X: Any = images.X.astype(dtype)
    X -= images.mean[:, None].astype(dtype)
    X /= images.std[:, None].astype(dtype)
    return X


def notebook(X: FloatArray, y: ByteArray) -> Step:
    """Return a function that takes the notebook's iteration: forward pass, cost, gradient, step, forward, error."""
    w, b = np.zeros(X.shape[1]), np.float64(0)

    def step() -> None:
        nonlocal w, b
        p = 1 / (1 + np.exp(-(X @ w + b)))
        -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        w, b = w - ALPHA * (X.T @ (p - y)) / len(y), b - ALPHA * np.mean(p - y)
        np.sqrt(np.mean((np.round(1 / (1 + np.exp(-(X @ w + b)))) - y) ** 2))

    return step


def numpy_float32(X: Any, y: ByteArray) -> Step:
    """Return a function that takes an iteration in NumPy and float32, with one forward and one backward pass."""
    w, truth = np.zeros(X.shape[1], np.float32), y.astype(np.float32)
    b: Any = np.float32(0)

    def step() -> None:
        nonlocal w, b
        z = X @ w + b
        p = 1 / (1 + np.exp(-z))
        np.mean(np.logaddexp(0, z) - truth * z)
        w, b = w - np.float32(ALPHA) * (X.T @ (p - truth)) / len(y), b - np.float32(ALPHA) * np.mean(p - truth)

    return step
