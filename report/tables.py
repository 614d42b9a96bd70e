"""The differences between a base and now, as Markdown tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tabulate import tabulate

from report.comparison import Change
from report.markdown import code, shown
from report.noise import Confusion, Finding

LESS_IS_BETTER = {"expected_calibration_error", "log_loss"}
LEADING = ("validation_accuracy", "validation_standard_error")  # shown first, because models are chosen by them
OF_A_DIGIT = ["accuracy", "f1"]


def table(headers: list[str], rows: Iterable[Iterable[str]], *, words: int = 1) -> str:
    """Return a table: `words` columns of text, aligned left, then columns of numbers, aligned right."""
    sides = ["left"] * words + ["right"] * (len(headers) - words)
    return tabulate(list(rows), headers, tablefmt="pipe", colalign=sides, disable_numparse=True)


def of_parameters(changes: Mapping[str, Change]) -> str:
    """Return the table of parameters, a row for each."""
    return table(
        ["parameter", "base", "now"], ([code(name), *cells(change, shown)] for name, change in changes.items())
    )


def of_metrics(changes: Mapping[str, Change], findings: Mapping[str, Finding]) -> str:
    """Return the table of metrics, a row for each; those to choose by come first."""
    changes = {name: changes[name] for name in LEADING if name in changes} | dict(changes)
    rows = ([named(name), *cells(change), verdict(change, findings.get(name))] for name, change in changes.items())
    return table(["metric", "base", "now", "change"], rows)


def named(metric: str) -> str:
    """Return the text of a metric's first cell."""
    return code(metric) + (" (less is better)" if metric in LESS_IS_BETTER else "")


def of_digits(changes: Mapping[str, Change], findings: Mapping[str, Finding]) -> str:
    """Return the table of digits, a row for each, from metrics with names like 3.accuracy."""

    def row(digit: str) -> Iterable[str]:
        for name in OF_A_DIGIT:
            change, finding = changes.get(f"{digit}.{name}", Change(None, None)), findings.get(f"{digit}.{name}")
            yield from (*cells(change), verdict(change, finding))

    headers = [title for name in OF_A_DIGIT for title in (f"{name}: base", "now", "change")]
    digits = dict.fromkeys(name.rpartition(".")[0] for name in changes)
    return table(["digit", *headers], ([shown(digit), *row(digit)] for digit in digits))


def of_confusions(confusions: Iterable[Confusion]) -> str:
    """Return the table of confused pairs, a row for each."""
    rows = ([*map(str, pair), f"{pair.change:+}"] for pair in confusions)
    return table(["label", "answer", "base", "now", "change"], rows, words=2)


def rounded(value: Any) -> str:
    """Return a metric's value as text."""
    return f"{value:.5f}" if isinstance(value, float) and abs(value) < 1e9 else shown(value)


def cells(change: Change, text_of: Callable[[Any], str] = rounded) -> list[str]:
    """Return the two values of a change as text; an empty text for a value that is missing."""
    return ["" if value is None else text_of(value) for value in change]


def verdict(change: Change, finding: Finding | None = None) -> str:
    """Return a metric's change with an arrow and, if there is a finding, whether it is better, worse or noise."""
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
