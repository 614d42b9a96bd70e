"""Curves on a figure, and the places of numbers on a logarithmic axis.

Both are rounded to a grid, far coarser than what processors disagree about in matplotlib's own arithmetic. An arrow of
matplotlib's is no curve: where it ends follows from such disagreement.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from stages.core.logistic import log
from stages.drawing.figures import Figure, IdentityTransform, Line2D

GRID = 64  # places on a pixel's side
MOST_TICKS = 12


def log_places(values: Any, low: float, high: float, length: int) -> Any:
    """Return where values are on a logarithmic axis from `low` to `high`, in pixels."""
    share = log(np.asarray(values) / low) / log(np.array([high / low]))
    return np.rint(share * length * GRID) / GRID


def log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`: 1, 2 and 5 times the powers of ten if there is room, else fewer."""
    first, last = (int(f"{end:e}".partition("e")[2]) for end in (low, high))
    for leading in ((1, 2, 5), (1,)):
        numbers = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in leading]
        ticks = [number for number in numbers if low <= number <= high]
        if len(ticks) <= MOST_TICKS:
            break
    return ticks[:: 1 + len(ticks) // MOST_TICKS]


def draw_curve(figure: Figure, x: Any, y: Any, **options: Any) -> None:
    """Draw a curve through points given in pixels."""
    figure.add_artist(Line2D(x, y, transform=IdentityTransform(), **options))


def spread(values: Sequence[float], gap: float, highest: float = math.inf) -> list[float]:
    """Return the values, moved up where needed so that no two are closer than the gap; down where one is too high."""
    moved = list(values)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    for place in reversed(order):
        moved[place] = min(moved[place], highest)
        highest = moved[place] - gap
    return moved
