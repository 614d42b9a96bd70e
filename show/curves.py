"""The learning curves: their points as SVG takes them, in percent of the chart's width and height."""

import math
from collections.abc import Sequence

from stages.models.learning import LOWEST_COST
from stages.storage.arrays import FloatArray


def places(steps: Sequence[int]) -> list[float]:
    """Return the places of iterations on a logarithmic axis from the first to the last, in percent of its width."""
    longest = math.log(steps[-1] / steps[0]) or 1.0
    return [round(100 * math.log(step / steps[0]) / longest, 2) for step in steps]


def heights(values: Sequence[float], lowest: float, highest: float) -> list[float]:
    """Return the places of values on an axis, in percent of its height, from the top."""
    extent = highest - lowest or 1.0
    return [round(100 * (highest - value) / extent, 2) for value in values]


def curve(steps: Sequence[int], values: Sequence[float], lowest: float, highest: float) -> str:
    """Return the points of a curve as SVG takes them, in percent of the chart."""
    return " ".join(f"{x},{y}" for x, y in zip(places(steps), heights(values, lowest, highest), strict=True))


def cost_curves(steps: Sequence[int], costs: FloatArray) -> list[str]:
    """Return a curve for each row of costs, (K, k), on one logarithmic axis from the lowest cost to the highest."""
    logs = [[math.log(max(cost, LOWEST_COST)) for cost in row] for row in costs]
    lowest, highest = min(map(min, logs)), max(map(max, logs))
    return [curve(steps, row, lowest, highest) for row in logs]


def ticks(*accuracies: Sequence[float]) -> tuple[float, float]:
    """Return the two ends of an axis that holds several curves of accuracies, rounded outwards to tenths."""
    return math.floor(10 * min(map(min, accuracies))) / 10, math.ceil(10 * max(map(max, accuracies))) / 10
