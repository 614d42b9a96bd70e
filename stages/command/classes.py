"""The flags for the classes: their labels, as in the data, and their names."""

import argparse
from collections.abc import Sequence

from stages.command.flags import Parser, label, shown
from stages.storage.errors import ParameterError

FEWEST, MOST = 2, 100
MOST_LETTERS = 24


def name(text: str) -> str:
    """Return the name of a class, as a flag's type: it must fit in a table, on a picture and in a line."""
    if (
        not 0 < len(text) <= MOST_LETTERS
        or not text.isprintable()
        or "/" in text
        or "\\" in text
        or text != text.strip()
    ):
        wanted = f"1 to {MOST_LETTERS} printable letters, without slashes, and without spaces at its ends"
        raise argparse.ArgumentTypeError(f"a name must be {wanted}, got {shown(text)}")
    return text


def add_classes(parser: Parser) -> None:
    """Add the flags of the section `classes` of params.yaml to a parser."""
    parser.add_argument("--labels", type=label, nargs="+", required=True, help="the labels in the data: 0, 1 and so on")
    parser.add_argument("--names", type=name, nargs="+", required=True, help="the labels' names, in the same order")


def check_classes(labels: Sequence[int], names: Sequence[str]) -> None:
    """Raise ParameterError unless the labels are 0, 1 and so on, and each has its own name."""
    if not FEWEST <= len(labels) <= MOST:
        raise ParameterError(f"--labels: must be {FEWEST} to {MOST} labels, got {len(labels)}")
    if list(labels) != list(range(len(labels))):
        raise ParameterError(
            f"--labels: must be 0 to {len(labels) - 1}, each once and in order, got {shown(str(labels))}"
        )
    if len(names) != len(labels):
        raise ParameterError(f"--names: must be {len(labels)} names, one for each label, got {len(names)}")
    if doubled := [name for name in names if names.count(name) > 1]:
        raise ParameterError(f"--names: must be different for each class, got {doubled[0]} {len(doubled)} times")
