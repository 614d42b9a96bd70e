"""What a user of PyTorch would pick instead, in float32: an iteration of gradient descent, and racers."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from benchmarks.minibatches import MOST, PARTS
from benchmarks.racers import Racer
from benchmarks.rivals import ALPHA, Step
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray

BATCHES = (64, 128, 256, 512)
STEPS = {0.0: (0.02, 0.05, 0.1, 0.2), 0.9: (0.005, 0.01, 0.02, 0.05)}  # by momentum


def one_step(X: Any, labels: ByteArray, digits: list[int]) -> Step:
    """Return a function that takes an iteration of one digit, or of several in one matrix product."""
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


def racers(X: Any, labels: ByteArray, l2: float = 0.0) -> list[list[Racer]]:
    """Return PyTorch's racers, by family."""
    return [[lbfgs(X, labels, l2)], *minibatches(X, labels)]


def lbfgs(X: Any, labels: ByteArray, l2: float = 0.0) -> Racer:
    """Return PyTorch's L-BFGS on all ten digits in one matrix product, with an L2 penalty."""
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


def minibatches(X: Any, labels: ByteArray) -> list[list[Racer]]:
    """Return PyTorch's usual loop: a family for each batch size and momentum, a racer for each learning rate."""
    images, answers = torch.from_numpy(X), torch.from_numpy((labels[:, None] == np.array(DIGITS)).astype(np.float32))

    def fit(batch: int, momentum: float, step: float, n: int) -> Any:
        torch.manual_seed(0)
        w, b = torch.zeros(X.shape[1], len(DIGITS)), torch.zeros(len(DIGITS))
        w_velocity, b_velocity, left = torch.zeros_like(w), torch.zeros_like(b), n * len(X) // PARTS
        with torch.no_grad():
            while left > 0:
                order: Any = torch.randperm(len(X))[:left]
                left -= len(order)
                for rows in order.split(batch):
                    x = images[rows]
                    residual = (torch.sigmoid(torch.addmm(b, x, w)) - answers[rows]) / len(rows)
                    w_velocity.mul_(momentum).addmm_(x.T, residual)
                    b_velocity.mul_(momentum).add_(residual.sum(dim=0))
                    w.sub_(w_velocity, alpha=step)
                    b.sub_(b_velocity, alpha=step)
        return torch.vstack([w, b]).numpy()

    def alone(*how: Any) -> Any:
        usual = torch.get_num_threads()
        torch.set_num_threads(1)  # faster than several threads on matrices this small
        try:
            return fit(*how)
        finally:
            torch.set_num_threads(usual)

    def racers(batch: int, momentum: float, steps: Sequence[float]) -> list[Racer]:
        name = f"PyTorch, batches of {batch}{f', momentum {momentum}' if momentum else ''}"
        counts = range(1, MOST + 1)
        fits = [partial(alone, batch, momentum, step) for step in steps]
        return [Racer(name, fit, np.asarray, counts=counts, unit=1 / PARTS, noisy=True) for fit in fits]

    return [racers(batch, momentum, steps) for batch in BATCHES for momentum, steps in STEPS.items()]
