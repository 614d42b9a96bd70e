"""List the experiments, the best first, in a table that fits a terminal: by the validation set if there is one."""

import csv

from tabulate import tabulate

from report.comparison import printed_by
from stages.command.process import run

Row = dict[str, str]  # an experiment's cells in DVC's table, by column; an empty text if it has none
VALIDATION, TEST = "validation_accuracy", "accuracy"
SHOWN = {
    VALIDATION: "validation\naccuracy",
    TEST: "test\naccuracy",
    "features": "features",
    **{f"train.{name}": name for name in ("method", "alpha", "max_iter", "momentum", "l2")},
}
WIDEST_NAME = 20


def goodness(row: Row) -> tuple[float, float]:
    """Return the key for sorting. Experiments without a validation set come after those with one."""
    return value_of(row, VALIDATION), value_of(row, TEST)


def value_of(row: Row, name: str) -> float:
    """Return a number of an experiment; -1 if it has none, or a result file is damaged."""
    try:
        return float(row.get(name) or -1)
    except ValueError:
        return -1


def table(rows: list[Row]) -> str:
    """Return the table: the work tree, its commit, then the experiments from there; without empty columns."""
    bases, experiments = ([row for row in rows if (row["typ"] == "baseline") == base] for base in (True, False))
    ordered = [*bases, *sorted(experiments, key=goodness, reverse=True)]
    shown = {name: title for name, title in SHOWN.items() if any(row.get(name) for row in rows)}
    cells = [[row["Experiment"] or row["rev"], *(rounded(row[name]) for name in shown)] for row in ordered]
    widths = [WIDEST_NAME, *[None] * len(shown)]
    headings = ["experiment", *shown.values()]  # given as a row, because tabulate pads headers
    return tabulate([headings, *cells], tablefmt="plain", disable_numparse=True, maxcolwidths=widths)


def rounded(cell: str) -> str:
    """Return a cell's text: numbers with five digits."""
    try:
        return f"{float(cell):.5g}"
    except ValueError:
        return cell or "-"


def main() -> None:
    """Print the table."""
    print(table(list(csv.DictReader(printed_by("dvc", "exp", "show", "--csv").splitlines()))))


if __name__ == "__main__":
    run(main)
