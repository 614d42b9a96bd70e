"""What the page says of another revision: each parameter and each number that is not as it was there."""

from report.comparison import Change, metrics, parameters

Changes = dict[str, Change]

TITLES = ["Parameters", "Data", "All digits together", "Each digit against the rest"]


def changes_since(base: str, files: list[str]) -> dict[str, Changes]:
    """Return what differs from a base, by title: parameters, then the numbers of the metrics files."""
    found = zip(TITLES, [parameters(base), *metrics(base, files)], strict=True)
    return {title: {name: change for name, change in rows.items() if change.differs} for title, rows in found}


def difference(change: Change) -> str:
    """Return how far a number went, with a true minus; nothing for what is no number."""
    numbers = [value for value in change if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(change):
        return ""
    base, now = numbers
    return f"{now - base:{'+' if isinstance(now - base, int) else '+.5f'}}".replace("-", "\N{MINUS SIGN}")
