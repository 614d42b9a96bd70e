"""What differs between a base and now, as Markdown tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tabulate import tabulate

from report.comparison import Change
from report.markdown import code, shown
from report.noise import Confusion, Finding

LESS_IS_BETTER = {"expected_calibration_error", "log_loss"}
LEADING = ("validation_accuracy", "validation_standard_error")  # what to choose by
OF_A_DIGIT = ["accuracy", "f1"]


def table(headers: list[str], rows: Iterable[Iterable[str]], *, words: int = 1) -> str:
    """Return a table: so many columns of words, to the left, then columns of numbers, to the right."""
    sides = ["left"] * words + ["right"] * (len(headers) - words)
    return tabulate(list(rows), headers, tablefmt="pipe", colalign=sides, disable_numparse=True)


def of_parameters(changes: Mapping[str, Change]) -> str:
    """Return parameters, a row each."""
    return table(
        ["parameter", "base", "now"], ([code(name), *cells(change, shown)] for name, change in changes.items())
    )


def of_metrics(changes: Mapping[str, Change], findings: Mapping[str, Finding]) -> str:
    """Return metrics, a row each, those first that one chooses by."""
    changes = {name: changes[name] for name in LEADING if name in changes} | dict(changes)
    rows = ([named(name), *cells(change), verdict(change, findings.get(name))] for name, change in changes.items())
    return table(["metric", "base", "now", "change"], rows)


def named(metric: str) -> str:
    """Return a metric's name as its cell shows it."""
    return code(metric) + (" (less is better)" if metric in LESS_IS_BETTER else "")


def of_digits(changes: Mapping[str, Change], findings: Mapping[str, Finding]) -> str:
    """Return the digits, a row each, from metrics with names like 3.accuracy."""

    def row(digit: str) -> Iterable[str]:
        for name in OF_A_DIGIT:
            change, finding = changes.get(f"{digit}.{name}", Change(None, None)), findings.get(f"{digit}.{name}")
            yield from (*cells(change), verdict(change, finding))

    headers = [title for name in OF_A_DIGIT for title in (f"{name}: base", "now", "change")]
    digits = dict.fromkeys(name.rpartition(".")[0] for name in changes)
    return table(["digit", *headers], ([shown(digit), *row(digit)] for digit in digits))


def of_confusions(confusions: Iterable[Confusion]) -> str:
    """Return pairs of digits, a row each."""
    rows = ([*map(str, pair), f"{pair.change:+}"] for pair in confusions)
    return table(["image of", "taken for", "base", "now", "change"], rows, words=2)


def rounded(value: Any) -> str:
    """Return a value as a metric's cell shows it."""
    return f"{value:.5f}" if isinstance(value, float) and abs(value) < 1e9 else shown(value)


def cells(change: Change, told: Callable[[Any], str] = rounded) -> list[str]:
    """Return the two values of a change, each as it is told, or empty where there is none."""
    return ["" if value is None else told(value) for value in change]


def verdict(change: Change, finding: Finding | None = None) -> str:
    """Return how far a metric went, an arrow, and, where a share was judged, whether that is better, worse or noise."""
    if not change.differs:
        return "="
    if None in change:
        return "new" if change.base is None else "gone"
    if not change.is_number:
        return "changed"
    more = change.now > change.base
    difference = change.now - change.base
    went = f"{difference:{'+' if isinstance(difference, int) else '+.3g'}} {'↑' if more else '↓'}"
    if not finding:
        return went
    return f"{went} {('better' if more else 'worse') if finding.real else 'within noise'} ({finding.reason})"
