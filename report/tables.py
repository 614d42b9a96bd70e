"""What differs between a base and now, as Markdown tables."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tabulate import tabulate

from report.comparison import Change, Confusion

BETTER = {
    "accuracy": "↑",
    "train_accuracy": "↑",
    "mean_digit_accuracy": "↑",
    "macro_f1": "↑",
    "f1": "↑",
    "log_loss": "↓",
}
OF_A_DIGIT = ["accuracy", "f1"]


def table(headers: list[str], rows: Iterable[Iterable[str]], *, words: int = 1) -> str:
    """Return a table: so many columns of words, to the left, then columns of numbers, to the right."""
    sides = ["left"] * words + ["right"] * (len(headers) - words)
    return tabulate(list(rows), headers, tablefmt="pipe", colalign=sides, disable_numparse=True)


def of_parameters(changes: Mapping[str, Change]) -> str:
    """Return parameters, a row each."""
    return table(["parameter", "base", "now"], ([f"`{name}`", *cells(change, str)] for name, change in changes.items()))


def of_metrics(changes: Mapping[str, Change]) -> str:
    """Return metrics, a row each."""
    rows = ([f"`{name}`", *cells(change), verdict(name, change)] for name, change in changes.items())
    return table(["metric", "base", "now", "change"], rows)


def of_digits(changes: Mapping[str, Change]) -> str:
    """Return the digits, a row each, from metrics with names like 3.accuracy."""

    def row(digit: str) -> Iterable[str]:
        for name in OF_A_DIGIT:
            change = changes.get(f"{digit}.{name}", Change(None, None))
            yield from (*cells(change), verdict(name, change))

    headers = [title for name in OF_A_DIGIT for title in (f"{name}: base", "now", "change")]
    return table(
        ["digit", *headers], ([digit, *row(digit)] for digit in sorted({name.partition(".")[0] for name in changes}))
    )


def of_confusions(confusions: Iterable[Confusion]) -> str:
    """Return pairs of digits, a row each."""
    rows = ([pair.actual, pair.predicted, str(pair.base), str(pair.now), f"{pair.change:+}"] for pair in confusions)
    return table(["image of", "taken for", "base", "now", "change"], rows, words=2)


def rounded(value: Any) -> str:
    """Return a value as a metric's cell shows it."""
    return f"{value:.5f}" if isinstance(value, float) else str(value)


def cells(change: Change, shown: Callable[[Any], str] = rounded) -> list[str]:
    """Return the two values of a change, each as it is shown, or empty where there is none."""
    return ["" if value is None else shown(value).replace("|", "\\|") for value in change]


def is_number(value: Any) -> bool:
    """Tell whether a value can be more or less than another."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def verdict(name: str, change: Change) -> str:
    """Return how far a metric went, an arrow, and whether that is better or worse, where it can be said."""
    if not change.differs:
        return "="
    if None in change:
        return "new" if change.base is None else "gone"
    if not all(is_number(value) for value in change):
        return "changed"
    arrow = "↑" if change.now > change.base else "↓"
    judgement = {None: "", arrow: " better"}.get(BETTER.get(name), " worse")
    difference = change.now - change.base
    return f"{difference:{'+' if isinstance(difference, int) else '+.3g'}} {arrow}{judgement}"
