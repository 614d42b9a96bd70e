"""How the ten models learnt: what they were after some of their iterations, and the curves that show it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stages.models.model_files import DigitModel, OneVsAll
from stages.models.ova import predict, scores
from stages.storage.images import NormalisedImages

LOWEST_COST = 1e-9  # what a cost of 0 is drawn as


class Learning(NamedTuple):
    """After each of some iterations: the ten models, their costs, and the share of test images they get right."""

    steps: list[int]
    models: list[OneVsAll]
    costs: list[list[float]]
    accuracies: list[float]


def learning_of(models: Sequence[DigitModel], test: NormalisedImages) -> Learning:
    """Return how models learnt, at all iterations of which one of them keeps its weights."""
    steps = sorted({int(step) for model in models for step in model.kept_at})
    after = [model_after(models, step) for step in steps]
    costs = [[cost_at(model, step) for model in models] for step in steps]
    return Learning(steps, after, costs, [accuracy_of(model, test) for model in after])


def model_after(models: Sequence[DigitModel], step: int) -> OneVsAll:
    """Return the ten after an iteration; a model that has ended before stays as it is."""
    at = [max(int(np.searchsorted(model.kept_at, step, side="right")) - 1, 0) for model in models]
    weights = [model.weights_history[i] for model, i in zip(models, at, strict=True)]
    bias = [model.bias_history[i] for model, i in zip(models, at, strict=True)]
    return OneVsAll(np.stack(weights, axis=1), np.array(bias))


def cost_at(model: DigitModel, step: int) -> float:
    """Return the cost at an iteration, or at the model's last."""
    return float(model.cost_history[min(step, len(model.cost_history)) - 1])


def accuracy_of(model: OneVsAll, test: NormalisedImages) -> float:
    """Return the share of images that ten models get right together."""
    return float(np.mean(predict(scores(model, test)) == test.labels))


def places(steps: Sequence[int]) -> list[float]:
    """Return where iterations are on a logarithmic axis from the first to the last, in percent of its width."""
    longest = math.log(steps[-1] / steps[0]) or 1.0
    return [round(100 * math.log(step / steps[0]) / longest, 2) for step in steps]


def heights(values: Sequence[float], lowest: float, highest: float) -> list[float]:
    """Return where values are on an axis, in percent of its height from the top."""
    extent = highest - lowest or 1.0
    return [round(100 * (highest - value) / extent, 2) for value in values]


def curve(steps: Sequence[int], values: Sequence[float], lowest: float, highest: float) -> str:
    """Return the points of a curve, as SVG writes them, in percent of the chart."""
    return " ".join(f"{x},{y}" for x, y in zip(places(steps), heights(values, lowest, highest), strict=True))


def cost_curves(learning: Learning) -> list[str]:
    """Return a curve for each digit, on a logarithmic axis from the lowest cost of any to the highest."""
    logs = [[math.log(max(cost, LOWEST_COST)) for cost in costs] for costs in zip(*learning.costs, strict=True)]
    lowest, highest = min(map(min, logs)), max(map(max, logs))
    return [curve(learning.steps, each, lowest, highest) for each in logs]


def accuracy_ticks(learning: Learning) -> tuple[float, float]:
    """Return the ends of the accuracies' axis, whole tenths."""
    return math.floor(10 * min(learning.accuracies)) / 10, math.ceil(10 * max(learning.accuracies)) / 10
