"""The race: seconds to an accuracy of the ten together, and to within some percent of the lowest cost.

First each racer's iterations to each target are found, untimed: it trains anew for each number that is tried. Then just
so many are timed, all racers in turn; who needs longer than PATIENCE is timed once.
"""

import bisect
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks.measure import SETTLE, seconds_of, table
from benchmarks.racers import NEWTON, Racer, ours, scikit
from benchmarks.rivals import normalised_pixels
from stages.core.examples import Examples
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray

ACCURACIES = (0.90, 0.91, 0.915)
ABOVE_LOWEST = (0.10, 0.01)  # of the cost
PATIENCE = 20.0  # seconds
LOWEST = 5  # times as many iterations as a racer may take: of the descent to the lowest cost
Made = Callable[[Any, ByteArray], Racer]  # from X and labels
Fewest = list[int | None]  # iterations to each target


class Judge(NamedTuple):
    """The images, normalised, with a column of ones, (n, 785) float32, and their labels, by which models are judged."""

    X: Any
    labels: ByteArray
    X_test: Any
    test_labels: ByteArray

    def error(self, model: FloatArray) -> float:
        """Return the share of test images whose digit a model, (785, 10), does not find."""
        return float(np.mean(np.argmax(self.X_test @ model.astype(np.float32), axis=1) != self.test_labels))

    def cost(self, model: FloatArray) -> float:
        """Return the mean cost of a model's ten digits."""
        z = (self.X @ model.astype(np.float32)).astype(float)
        return float(np.mean(np.logaddexp(0, z).sum(axis=1) - z[np.arange(len(z)), self.labels])) / len(DIGITS)


def with_ones(images: Examples) -> Any:
    """Return X, (n, 785) float32, its last column ones."""
    return np.column_stack([normalised_pixels(images, np.float32), np.ones(len(images.labels), np.float32)])


def racers(train: Examples, X: Any, executor: Executor, others: Sequence[Made]) -> list[Racer]:
    """Return who takes part."""
    labels = train.labels
    return [
        ours("L-BFGS", train, executor, method="lbfgs", alpha=0.1),
        ours("Barzilai-Borwein", train, executor, method="barzilai_borwein", alpha=0.1),
        ours("momentum 0.9", train, executor, momentum=0.9, alpha=0.1),
        ours("gradient descent", train, executor, alpha=0.1),
        scikit("multinomial L-BFGS, float32", X, labels, one_vs_rest=False, C=np.inf),
        scikit("one-vs-rest L-BFGS, float32", X, labels, one_vs_rest=True, C=np.inf),
        scikit(
            "one-vs-rest newton-cholesky", X, labels, one_vs_rest=True, most=NEWTON, C=1e6, solver="newton-cholesky"
        ),
        *(made(X, labels) for made in others),
    ]


def fewest(racer: Racer, judge: Judge, accuracies: Sequence[float], costs: Sequence[float], most: int) -> Fewest:
    """Return the fewest iterations to each accuracy and each cost; None where there are none, up to the most."""
    counts = range(1, min(most, racer.most) + 1)

    @cache
    def scores(iterations: int) -> tuple[float, float]:
        model = racer.model(racer.train(iterations))
        return judge.error(model), judge.cost(model)

    def first(score: int, target: float) -> int | None:
        at = bisect.bisect_left(counts, True, key=lambda n: scores(n)[score] <= target)
        return counts[at] if at < len(counts) else None

    to_accuracy = [first(0, 1 - accuracy + 1e-12) for accuracy in accuracies]
    return to_accuracy + [first(1, target) if racer.one_vs_rest else None for target in costs]


def timed(runs: Mapping[tuple[str, int], Callable[[], Any]], rounds: int) -> dict[tuple[str, int], list[float]]:
    """Return the seconds of each run, so many rounds of them in turn; one for who needs longer than PATIENCE."""
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, run in runs.items():
            if not seconds[key] or seconds[key][0] < PATIENCE:
                time.sleep(SETTLE)
                seconds[key].append(seconds_of(run))
    return seconds


def cell(iterations: int | None, seconds: list[float]) -> str:
    """Return the median and the iterations; a star where it is of a single run."""
    if iterations is None:
        return "-"
    return f"{statistics.median(seconds):.2f}{'' if len(seconds) > 1 else '*'} ({iterations})"


def timed_rows(everybody: Sequence[Racer], needed: Mapping[str, Fewest], rounds: int) -> list[list[str]]:
    """Return a row for each racer: the seconds of as many iterations as it needs to each target."""
    runs = {(one.name, n): partial(one.train, n) for one in everybody for n in needed[one.name] if n}
    seconds = timed(runs, rounds)
    return [[name, *(cell(n, seconds.get((name, n or 0), [])) for n in counts)] for name, counts in needed.items()]


def heading(accuracies: Sequence[float]) -> list[str]:
    """Return the heads of the columns up to accuracies."""
    return ["seconds (iterations)", *(f"to {100 * accuracy:g} %" for accuracy in accuracies)]


def race(train: Examples, test: Examples, executor: Executor, others: Sequence[Made], most: int, rounds: int) -> str:
    """Return the table of seconds and iterations to each target, on pixels."""
    X = with_ones(train)
    judge = Judge(X, train.labels, with_ones(test), test.labels)
    everybody = racers(train, np.ascontiguousarray(X[:, :-1]), executor, others)
    lowest = judge.cost(everybody[0].model(everybody[0].train(LOWEST * most)))
    costs = [(1 + above) * lowest for above in ABOVE_LOWEST]
    needed = {racer.name: fewest(racer, judge, ACCURACIES, costs, most) for racer in everybody}
    header = heading(ACCURACIES) + [f"to {100 * above:g} % above the lowest cost" for above in ABOVE_LOWEST]
    said = (
        f"Ten digits; the lowest mean cost found is {lowest:.5f}. *: timed once. -: not within {most} iterations, with "
    )
    return f"{said}newton-cholesky {NEWTON}; or no model that has such a cost.\n\n" + table(
        header, timed_rows(everybody, needed, rounds)
    )
