"""Who trains ten digits: this project's methods, and what a user would pick instead, each at its best.

A racer trains for a number of iterations, which is timed; and, once and untimed, tells its models after each of them.
"""

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import torch
from scipy import optimize
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model._glm._newton_solver import NewtonCholeskySolver
from sklearn.multiclass import OneVsRestClassifier

from benchmarks.sets import labels_of
from stages.core import gradient_descent
from stages.core.blocks import blocks_of
from stages.core.examples import Examples
from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray

DEFAULTS: dict[str, Any] = {"method": "gradient_descent", "rmse_threshold": 0.0, "momentum": 0.0}
Models = FloatArray  # (iterations, 785, models): weights and, last, biases, after each iteration


class Racer(NamedTuple):
    """A name; training for some iterations; the models after each; whether each digit is a model of its own."""

    name: str
    train: Callable[[int], Any]
    models: Callable[[int], Models]
    one_vs_rest: bool = True


def ours(name: str, train: Examples, executor: Executor, **settings: Any) -> Racer:
    """Return a method of this project."""
    digits = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]

    def fit(iterations: int) -> list[gradient_descent.Descent]:
        how = Settings(**DEFAULTS | settings, max_iter=iterations)
        return [gradient_descent.descend(blocks, how, executor=executor) for blocks in digits]

    def models(iterations: int) -> Models:
        with mock.patch.object(gradient_descent, "is_kept", return_value=True):
            found = fit(iterations)
        return filled([np.column_stack([one.weights_history, one.bias_history]) for one in found])

    return Racer(f"this project, {name}", fit, models)


def filled(paths: list[FloatArray]) -> Models:
    """Return the models' paths, (iterations, 785) each, side by side; one that ends early stays where it is."""
    longest = max(map(len, paths))
    return np.stack([np.concatenate([path, path[-1:].repeat(longest - len(path), 0)]) for path in paths], axis=2)


@contextmanager
def watched() -> Iterator[list[list[FloatArray]]]:
    """Yield, for each fit of scikit-learn within, the list of its parameters after each iteration."""
    fits: list[list[FloatArray]] = []
    fit, minimise, check = LogisticRegression.fit, optimize.minimize, NewtonCholeskySolver.check_convergence

    def fit_watched(*args: Any, **kwargs: Any) -> Any:
        fits.append([])
        return fit(*args, **kwargs)

    def minimise_watched(*args: Any, **kwargs: Any) -> Any:
        return minimise(*args, **kwargs | {"callback": lambda theta: fits[-1].append(theta.copy())})

    def check_watched(solver: Any, *args: Any, **kwargs: Any) -> None:
        fits[-1].append(solver.coef.copy())
        check(solver, *args, **kwargs)

    with (
        mock.patch.object(LogisticRegression, "fit", fit_watched),
        mock.patch.object(optimize, "minimize", minimise_watched),
        mock.patch.object(NewtonCholeskySolver, "check_convergence", check_watched),
    ):
        yield fits


def scikit(name: str, X: Any, labels: ByteArray, *, one_vs_rest: bool, **settings: Any) -> Racer:
    """Return scikit-learn's logistic regression: ten, one a digit against the rest, or the multinomial."""

    def fit(iterations: int) -> Any:
        one = LogisticRegression(max_iter=iterations, tol=1e-12, **settings)
        with warnings.catch_warnings(action="ignore"):  # of steps that it had no time for
            return (OneVsRestClassifier(one) if one_vs_rest else one).fit(X, labels)

    def models(iterations: int) -> Models:
        with watched() as fits:
            fit(iterations)
        if one_vs_rest:
            return filled([np.array(fit) for fit in fits])
        return np.array([theta.reshape(len(DIGITS), -1, order="F").T for theta in fits[0]])

    return Racer(f"scikit-learn, {name}", fit, models, one_vs_rest)


def torch_lbfgs(X: Any, labels: ByteArray) -> Racer:
    """Return PyTorch's L-BFGS, float32, on all ten digits in one product."""
    data, y = torch.from_numpy(X), torch.from_numpy((labels[:, None] == np.array(DIGITS)).astype(np.float32))

    def started(iterations: int) -> tuple[Any, Callable[[], Any]]:
        w, b = torch.zeros(X.shape[1], len(DIGITS)), torch.zeros(len(DIGITS))
        parameters = [w.requires_grad_(), b.requires_grad_()]
        settings = {"history_size": 10, "line_search_fn": "strong_wolfe", "tolerance_grad": 0, "tolerance_change": 0}
        optimiser = torch.optim.LBFGS(parameters, max_iter=iterations, max_eval=2**31, **settings)

        def closure() -> Any:
            optimiser.zero_grad()
            z = torch.addmm(b, data, w)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y) * len(DIGITS)
            loss.backward()
            return loss

        return parameters, lambda: optimiser.step(closure)

    def models(iterations: int) -> Models:
        parameters, step = started(1)
        path = []
        for _ in range(iterations):
            step()
            path.append(torch.vstack(parameters).detach().numpy().astype(float))
        return np.array(path)

    return Racer("PyTorch L-BFGS, float32, ten digits in one product", lambda n: started(n)[1](), models)
