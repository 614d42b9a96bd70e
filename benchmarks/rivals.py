"""What a user would pick instead: one iteration of gradient descent, written in the usual ways."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from stages.core.examples import Examples
from stages.storage.arrays import ByteArray, FloatArray

ALPHA = 0.01
Step = Callable[[], Any]


def normalised_pixels(images: Examples, dtype: type) -> Any:
    """Return X, (M, 784), in float64 or float32."""
    X = images.X.astype(dtype)
    X -= images.mean[:, None].astype(dtype)
    X /= images.std[:, None].astype(dtype)
    return X


def notebook(X: FloatArray, y: ByteArray) -> Step:
    """Return the notebook's iteration: forward pass, cost, backward pass, step, forward pass, error."""
    w, b = np.zeros(X.shape[1]), 0.0

    def step() -> None:
        nonlocal w, b
        p = 1 / (1 + np.exp(-(X @ w + b)))
        -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        w, b = w - ALPHA * (X.T @ (p - y)) / len(y), b - ALPHA * np.mean(p - y)
        np.sqrt(np.mean((np.round(1 / (1 + np.exp(-(X @ w + b)))) - y) ** 2))

    return step


def numpy_float32(X: Any, y: ByteArray) -> Step:
    """Return an iteration in NumPy, float32, one forward and one backward pass."""
    w, b, truth = np.zeros(X.shape[1], np.float32), np.float32(0), y.astype(np.float32)

    def step() -> None:
        nonlocal w, b
        z = X @ w + b
        p = 1 / (1 + np.exp(-z))
        np.mean(np.logaddexp(0, z) - truth * z)
        w, b = w - np.float32(ALPHA) * (X.T @ (p - truth)) / len(y), b - np.float32(ALPHA) * np.mean(p - truth)

    return step


def torch_float32(X: Any, labels: ByteArray, digits: list[int]) -> Step:
    """Return an iteration in PyTorch, float32, of one digit or of several in one product."""
    data = torch.from_numpy(X)
    y = torch.from_numpy((labels[:, None] == np.array(digits)).astype(np.float32))
    w, b = torch.zeros(X.shape[1], len(digits)), torch.zeros(len(digits))

    def step() -> None:
        with torch.no_grad():
            z = torch.addmm(b, data, w)
            torch.nn.functional.binary_cross_entropy_with_logits(z, y)
            residual = torch.sigmoid(z) - y
            w.sub_(data.T @ residual, alpha=ALPHA / len(labels))
            b.sub_(residual.mean(dim=0), alpha=ALPHA)

    return step
