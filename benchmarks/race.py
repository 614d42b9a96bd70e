"""The race: seconds to an accuracy of the ten models together, and to within some percent of the lowest cost.

First, untimed, find how many rounds each racer needs to each target; it trains again for each number that is tried.
Racers of a family differ only in their step sizes: the one that needs the fewest rounds takes part. Then time just so
many rounds, all racers in turn. A racer that needs longer than PATIENCE is timed once.
"""

import bisect
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from benchmarks import minibatches
from benchmarks.measure import SETTLE, seconds_of, table
from benchmarks.racers import NEWTON, Racer, ours, scikit
from benchmarks.rivals import normalised_pixels
from stages.core.examples import Examples
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray, FloatArray

ACCURACIES = (0.90, 0.91, 0.915)
ABOVE_LOWEST = (0.10, 0.01)  # of the cost
PATIENCE = 20.0  # seconds
LOWEST = 5  # times a racer's most iterations: those of the descent that finds the lowest cost
Family = list[Racer]
Made = Callable[[Any, ByteArray], list[Family]]  # makes racers from X and labels
Fewest = list[int | None]  # rounds to each target
Timed = tuple[Racer, int] | None  # the racer to time, and its number of rounds


class Judge(NamedTuple):
    """The images that models are judged by, normalised, with a column of ones, (n, 785) float32; and their labels."""

    X: Any
    labels: ByteArray
    X_test: Any
    test_labels: ByteArray

    def error(self, model: FloatArray) -> float:
        """Return the share of test images that a model, (785, 10), gets wrong."""
        return float(np.mean(np.argmax(self.X_test @ model.astype(np.float32), axis=1) != self.test_labels))

    def cost(self, model: FloatArray) -> float:
        """Return the mean cost of a model's ten digits."""
        z = (self.X @ model.astype(np.float32)).astype(float)
        return float(np.mean(np.logaddexp(0, z).sum(axis=1) - z[np.arange(len(z)), self.labels])) / len(DIGITS)


def with_ones(images: Examples) -> Any:
    """Return X, (n, 785) float32, whose last column is ones."""
    return np.column_stack([normalised_pixels(images, np.float32), np.ones(len(images.labels), np.float32)])


def racers(train: Examples, X: Any, executor: Executor, others: Sequence[Made]) -> list[Family]:
    """Return all racers, by family."""
    labels = train.labels
    single = [
        ours("L-BFGS", train, executor, method="lbfgs", alpha=0.1),
        ours("Barzilai-Borwein", train, executor, method="barzilai_borwein", alpha=0.1),
        ours("momentum 0.9", train, executor, momentum=0.9, alpha=0.1),
        ours("gradient descent", train, executor, alpha=0.1),
        scikit("multinomial L-BFGS, float32", X, labels, one_vs_rest=False, C=np.inf),
        scikit("one-vs-rest L-BFGS, float32", X, labels, one_vs_rest=True, C=np.inf),
        scikit(
            "one-vs-rest newton-cholesky", X, labels, one_vs_rest=True, counts=NEWTON, C=1e6, solver="newton-cholesky"
        ),
    ]
    batches = [minibatches.ours(train), *(minibatches.scikit(X, labels, average) for average in (False, True))]
    return [*([one] for one in single), *batches, *chain.from_iterable(made(X, labels) for made in others)]


def fewest(racer: Racer, judge: Judge, accuracies: Sequence[float], costs: Sequence[float], most: int) -> Fewest:
    """Return the fewest rounds to each accuracy and each cost; None if `most` rounds are not enough."""
    counts = racer.counts[:most]

    @cache
    def scores(rounds: int) -> tuple[float, float]:
        model = racer.model(racer.train(rounds))
        return judge.error(model), judge.cost(model)

    def first(score: int, target: float) -> int | None:
        if racer.noisy:
            return next((n for n in counts if scores(n)[score] <= target), None)
        at = bisect.bisect_left(counts, True, key=lambda n: scores(n)[score] <= target)
        return counts[at] if at < len(counts) else None

    to_accuracy = [first(0, 1 - accuracy + 1e-12) for accuracy in accuracies]
    return to_accuracy + [first(1, target) if racer.one_vs_rest else None for target in costs]


def timed(runs: Mapping[tuple[str, int], Callable[[], Any]], rounds: int) -> dict[tuple[str, int], list[float]]:
    """Return the seconds of each run, in several rounds of all runs; one that is longer than PATIENCE runs once."""
    seconds: dict[tuple[str, int], list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, run in runs.items():
            if not seconds[key] or seconds[key][0] < PATIENCE:
                time.sleep(SETTLE)
                seconds[key].append(seconds_of(run))
    return seconds


def quickest(
    family: Family, judge: Judge, accuracies: Sequence[float], costs: Sequence[float], most: int
) -> list[Timed]:
    """Return the racer of a family that needs the fewest rounds to each target, and that number."""
    needed = [fewest(racer, judge, accuracies, costs, most) for racer in family]
    columns = zip(*needed, strict=True)
    found = [[(racer, n) for racer, n in zip(family, column, strict=True) if n] for column in columns]
    return [min(each, key=lambda one: one[1], default=None) for each in found]


def cell(timed: Timed, seconds: list[float]) -> str:
    """Return the median seconds and the iterations as text, with a star if there was a single run."""
    if not timed:
        return "-"
    racer, n = timed
    return f"{statistics.median(seconds):.3g}{'' if len(seconds) > 1 else '*'} ({n * racer.unit:g})"


def timed_rows(
    families: Sequence[Family],
    judge: Judge,
    accuracies: Sequence[float],
    costs: Sequence[float],
    most: int,
    rounds: int,
) -> list[list[str]]:
    """Return a row for each family: its seconds and iterations to each target."""
    rows = {family[0].name: quickest(family, judge, accuracies, costs, most) for family in families}
    runs = {(name, one[1]): partial(one[0].train, one[1]) for name, ones in rows.items() for one in ones if one}
    seconds = timed(runs, rounds)
    return [[name, *(cell(one, seconds[name, one[1]] if one else []) for one in ones)] for name, ones in rows.items()]


def heading(accuracies: Sequence[float]) -> list[str]:
    """Return the headings of the first column and of those for accuracies."""
    return ["seconds (iterations)", *(f"to {100 * accuracy:g} %" for accuracy in accuracies)]


def race(train: Examples, test: Examples, executor: Executor, others: Sequence[Made], most: int, rounds: int) -> str:
    """Return the table of seconds and iterations to each target, on pixels."""
    X = with_ones(train)
    judge = Judge(X, train.labels, with_ones(test), test.labels)
    everybody = racers(train, np.ascontiguousarray(X[:, :-1]), executor, others)
    (best,) = everybody[0]
    lowest = judge.cost(best.model(best.train(LOWEST * most)))
    costs = [(1 + above) * lowest for above in ABOVE_LOWEST]
    header = heading(ACCURACIES) + [f"to {100 * above:g} % above the lowest cost" for above in ABOVE_LOWEST]
    said = (
        f"Ten digits; the lowest mean cost found is {lowest:.5f}. *: timed once. -: not within {most} iterations, with "
        f"newton-cholesky {NEWTON[-1]}, on mini-batches {minibatches.EPOCHS}; or no model that has such a cost.\n\n"
    )
    return said + table(header, timed_rows(everybody, judge, ACCURACIES, costs, most, rounds))
