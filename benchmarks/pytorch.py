"""What a user of PyTorch would pick instead: gradient descent, an iteration or a race, float32."""

from typing import Any

import numpy as np
import torch

from benchmarks.racers import Racer
from benchmarks.rivals import ALPHA, Step
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray


def one_step(X: Any, labels: ByteArray, digits: list[int]) -> Step:
    """Return an iteration of one digit or of several in one product."""
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


def lbfgs(X: Any, labels: ByteArray, l2: float = 0.0) -> Racer:
    """Return PyTorch's L-BFGS on all ten digits in one product, with a penalty."""
    data, y = torch.from_numpy(X), torch.from_numpy((labels[:, None] == np.array(DIGITS)).astype(np.float32))
    settings: dict[str, Any] = {"history_size": 10, "line_search_fn": "strong_wolfe"}
    settings |= {"tolerance_grad": 0, "tolerance_change": 0}

    def fit(iterations: int) -> Any:
        w, b = torch.zeros(X.shape[1], len(DIGITS)), torch.zeros(len(DIGITS))
        parameters = [w.requires_grad_(), b.requires_grad_()]
        optimiser: Any = torch.optim.LBFGS(parameters, max_iter=iterations, max_eval=2**31, **settings)

        def closure() -> Any:
            optimiser.zero_grad()
            z = torch.addmm(b, data, w)
            loss: Any = torch.nn.functional.binary_cross_entropy_with_logits(z, y) * len(DIGITS)
            loss = loss + l2 / 2 * w.square().sum()
            loss.backward()
            return loss

        optimiser.step(closure)
        return parameters

    def model(parameters: Any) -> FloatArray:
        return np.asarray(torch.vstack(parameters).detach().numpy(), float)

    return Racer("PyTorch L-BFGS, float32, ten digits in one product", fit, model)
