"""The table of `make experiments`: the best first, and no wider than a terminal."""

from report.experiments import SHOWN, Row, table


def row(name: str, **values: str) -> Row:
    """Return a row of DVC's table: an experiment's, or the commit's if it has no name."""
    usual = {"accuracy": "0.859", "features": "pixels", "train.method": "gradient_descent", "train.l2": "0.0"}
    typ = "branch_base" if name else "baseline"
    return {"Experiment": name, "rev": "main", "typ": typ, **dict.fromkeys(SHOWN, ""), **usual, **values}


def names(shown: str) -> list[str]:
    """Return the first column, below the two lines of headings."""
    return [line.split()[0] for line in shown.splitlines()[2:]]


def test_without_validation_sets_the_test_set_says_which_is_best() -> None:
    shown = table([row(""), row("low", accuracy="0.8"), row("queued", accuracy=""), row("high", accuracy="0.9")])
    assert names(shown) == ["main", "high", "low", "queued"]
    assert "validation" not in shown


def test_the_validation_set_says_so_where_there_is_one() -> None:
    rows = [
        row(""),
        row("tested", accuracy="0.99"),
        row("chosen", accuracy="0.95", validation_accuracy="0.9612345"),
        row("other", accuracy="0.96", validation_accuracy="0.96"),
    ]
    shown = table(rows)
    assert names(shown) == ["main", "chosen", "other", "tested"]
    assert "0.96123 " in shown


def test_the_widest_table_fits() -> None:
    wide = {"validation_accuracy": "0.9612345", "train.alpha": "1.2345e-05", "train.max_iter": "1000000000"}
    wide |= {"train.momentum": "0.9999", "train.l2": "0.001"}
    rows = [row(""), row("a-name-that-someone-made-up-in-a-long-afternoon", **wide)]
    assert max(map(len, table(rows).splitlines())) <= 110
