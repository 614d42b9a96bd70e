"""How far a stage has come, on stderr where that is a terminal, in a line that goes when all is done."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(things: Iterable[T], total: int, unit: str) -> Iterator[T]:
    """Yield the things while a bar counts them."""
    return iter(tqdm(things, total=total, unit=f" {unit}", leave=False, disable=not sys.stderr.isatty()))
