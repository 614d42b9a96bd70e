"""Racers that train ten digits on mini-batches: this project, scikit-learn and PyTorch, with several step sizes each.

PyTorch's loop trains ten digits in one matrix product, without autograd. It may stop after each quarter of an epoch.
This project trains in whole epochs, so a quarter is an epoch on a quarter of the images. Each digit has one thread.
"""

import warnings
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

from sklearn.linear_model import SGDClassifier

from benchmarks.measure import threads
from benchmarks.racers import DEFAULTS, Racer, model_of, models_of
from benchmarks.sets import labels_of
from stages.core.blocks import Blocks, blocks_of
from stages.core.examples import Examples, select
from stages.core.gradient_descent import Descent, descend
from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray

PARTS = 4  # of an epoch: a racer may stop after each
EPOCHS = 5  # at most
MOST = EPOCHS * PARTS
BATCH = 128
ETAS = (0.0003, 0.001, 0.003)  # scikit-learn's learning rates, one image at a time


class Inline(Executor):
    """Does all work in the thread that asks for it: a digit on one thread hands nothing to another."""

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Any:
        """Return an iterator over the results."""
        return map(fn, *iterables)


def ours(train: Examples) -> list[Racer]:
    """Return this project's racers, one for each learning rate."""
    whole = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]
    parts = [[blocks_of(few, labels_of(few, digit)) for digit in DIGITS] for few in starts(train)]

    def one(blocks: Blocks, how: Settings) -> Descent:
        return descend(blocks, how, executor=Inline())

    def fit(alpha: float, n: int) -> list[Descent]:
        how = Settings(**DEFAULTS | {"method": "sgd", "alpha": alpha, "momentum": 0.9, "batch": BATCH}, max_iter=1)
        how, digits = (how, parts[n - 1]) if n < PARTS else (how._replace(max_iter=n // PARTS), whole)
        with ThreadPoolExecutor(threads()) as pool:
            return list(pool.map(partial(one, how=how), digits))

    name = f"this project, sgd, batches of {BATCH}, momentum 0.9"
    allowed = (*range(1, PARTS), *range(PARTS, MOST + 1, PARTS))
    fits = [partial(fit, alpha) for alpha in (0.01, 0.03, 0.1)]
    return [Racer(name, fit, model_of, counts=allowed, unit=1 / PARTS, noisy=True) for fit in fits]


def starts(train: Examples) -> list[Examples]:
    """Return the first quarter, half and three quarters of a set, whose order is random."""
    return [select(train, slice(len(train.labels) * part // PARTS)) for part in range(1, PARTS)]


def scikit(X: Any, labels: ByteArray, average: bool) -> list[Racer]:
    """Return scikit-learn's stochastic gradient descent, one-vs-rest, a racer for each learning rate."""

    def fit(settings: dict[str, Any], n: int) -> Any:
        one = SGDClassifier(loss="log_loss", average=average, max_iter=n, tol=None, n_jobs=threads(), **settings)
        with warnings.catch_warnings(action="ignore"):
            return one.fit(X, labels)

    chosen: list[dict[str, Any]] = [{"learning_rate": "constant", "eta0": eta, "alpha": 1e-6} for eta in ETAS]
    name = f"scikit-learn, SGDClassifier{', averaged' * average}"
    counts = range(1, EPOCHS + 1)
    fits = [partial(fit, each) for each in ({"alpha": 1e-6}, *chosen)]
    return [Racer(name, fit, lambda found: models_of([found]), counts=counts, noisy=True) for fit in fits]
