"""The comparison with another revision: each parameter and each metric that differs."""

from report.comparison import Change, CommandError, metrics, parameters
from stages.command.flags import shown
from stages.storage.errors import ParameterError

Changes = dict[str, Change]

TITLES = ["Parameters", "Data", "All digits together", "Each digit against the rest"]


def changes_since(base: str, files: list[str]) -> dict[str, Changes]:
    """Return the parameters and the metrics that differ from those of a base commit, by the titles of their tables.

    Raises ParameterError if there is no such base.
    """
    try:
        found = zip(TITLES, [parameters(base), *metrics(base, files)], strict=True)
    except CommandError as error:
        raise ParameterError(f"BASE: {shown(base)} is not a commit or an experiment here, expected one") from error
    return {title: {name: change for name, change in rows.items() if change.differs} for title, rows in found}


def difference(change: Change) -> str:
    """Return the difference of two numbers, with a typographic minus; an empty text unless both are numbers."""
    numbers = [value for value in change if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(change):
        return ""
    base, now = numbers
    return f"{now - base:{'+' if isinstance(now - base, int) else '+.5f'}}".replace("-", "\N{MINUS SIGN}")
