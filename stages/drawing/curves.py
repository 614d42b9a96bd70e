"""Curves on a figure, and positions on a logarithmic axis.

Both are rounded to a grid that is far coarser than the differences between processors in matplotlib's arithmetic.
Matplotlib's arrows are not used: such differences decide where they end.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from stages.core.logistic import log
from stages.drawing.figures import Figure, IdentityTransform, Line2D

GRID = 64  # positions per pixel
MOST_TICKS = 12


def log_places(values: Any, low: float, high: float, length: int) -> Any:
    """Return the pixels, (n,) float64, of values above 0 on a log axis of `length` pixels from `low` to `high`."""
    share = log(np.asarray(values) / low) / log(np.array([high / low]))
    return np.rint(share * length * GRID) / GRID


def log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`: 1, 2 and 5 times powers of ten if they fit, else fewer."""
    first, last = (int(f"{end:e}".partition("e")[2]) for end in (low, high))
    for leading in ((1, 2, 5), (1,)):
        numbers = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in leading]
        ticks = [number for number in numbers if low <= number <= high]
        if len(ticks) <= MOST_TICKS:
            break
    return ticks[:: 1 + len(ticks) // MOST_TICKS]


def draw_curve(figure: Figure, x: Any, y: Any, **options: Any) -> None:
    """Draw a curve through points, (n,) x and y in pixels."""
    figure.add_artist(Line2D(x, y, transform=IdentityTransform(), **options))


def spread(values: Sequence[float], gap: float, highest: float = math.inf) -> list[float]:
    """Return n floats, moved up as needed so that any two are at least `gap` apart, and down again below `highest`."""
    moved = list(values)
    order = sorted(range(len(moved)), key=moved.__getitem__)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    for place in reversed(order):
        moved[place] = min(moved[place], highest)
        highest = moved[place] - gap
    return moved
