"""Racers that train ten digits: this project's methods, and what a user would pick instead, each at its best."""

import sys
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from benchmarks.sets import labels_of
from stages.core.blocks import blocks_of
from stages.core.examples import Examples
from stages.core.gradient_descent import Descent, descend
from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray

DEFAULTS: dict[str, Any] = {"method": "gradient_descent", "rmse_threshold": 0.0, "momentum": 0.0, "l2": 0.0, "batch": 0}
NEWTON = range(1, 11)  # iterations of Newton's method


class Racer(NamedTuple):
    """A name; `train`, for a number of rounds; `model`, (P + 1, 10), of its result, with the biases in the last row.

    one_vs_rest : whether each digit has a model of its own. counts : the numbers of rounds that it may train for.
    unit : the number of iterations in a round. noisy : whether a round may make the model worse.
    """

    name: str
    train: Callable[[int], Any]
    model: Callable[[Any], FloatArray]
    one_vs_rest: bool = True
    counts: Sequence[int] = range(1, sys.maxsize)
    unit: float = 1.0
    noisy: bool = False


def ours(name: str, train: Examples, executor: Executor, **settings: Any) -> Racer:
    """Return a racer with a method of this project."""
    digits = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]

    def fit(iterations: int) -> list[Descent]:
        how = Settings(**DEFAULTS | settings, max_iter=iterations)
        return [descend(blocks, how, executor=executor) for blocks in digits]

    return Racer(f"this project, {name}", fit, model_of)


def model_of(found: list[Descent]) -> FloatArray:
    """Return the model that ten descents have found."""
    return np.column_stack([np.append(one.weights, one.bias) for one in found])


def scikit(
    name: str, X: Any, labels: ByteArray, *, one_vs_rest: bool, counts: range = range(1, sys.maxsize), **settings: Any
) -> Racer:
    """Return scikit-learn's logistic regression as a racer: ten, each a digit against the rest, or one multinomial."""

    def fit(iterations: int) -> Any:
        one = LogisticRegression(max_iter=iterations, tol=1e-12, **settings)
        with warnings.catch_warnings(action="ignore"):  # it warns if it has not converged
            return (OneVsRestClassifier(one) if one_vs_rest else one).fit(X, labels)

    def model(found: Any) -> FloatArray:
        return models_of(found.estimators_ if one_vs_rest else [found])

    return Racer(f"scikit-learn, {name}", fit, model, one_vs_rest, counts)


def models_of(parts: Sequence[Any]) -> FloatArray:
    """Return the model in scikit-learn's estimators, ten of one digit each or one of all ten."""
    return np.vstack([np.column_stack([part.coef_, part.intercept_]) for part in parts]).T
