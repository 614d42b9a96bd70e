"""Charts of how well the models do, each drawn from its table."""

from typing import Any

import numpy as np
import pandas as pd

from stages.core.imports import without
from stages.drawing.curves import draw_curve, log_places, log_ticks, spread
from stages.drawing.figures import Axes, Figure
from stages.drawing.style import PALETTE, RIGHT, WRONG, blank, plane, write
from stages.models.learning import LOWEST_COST

LEFT, BOTTOM, ACROSS, UP = 190, 150, 1500, 730  # of the charts with curves: from left and below, width, height


def cost_chart(table: pd.DataFrame) -> Figure:
    """Draw each digit's cost over its iterations, from the costs' table, both on log scales; digits at the ends."""
    figure = blank(1000, "Cost of the ten models while they train")
    axes = plane(figure, LEFT, BOTTOM, ACROSS, UP)
    cost = np.maximum(table.cost, LOWEST_COST)
    x = label_log_axis(axes, "x", table.iteration, 1, max(2, table.iteration.max()), ACROSS)
    y = label_log_axis(axes, "y", cost, 0.9 * cost.min(), 1.1 * cost.max(), UP)
    axes.set(xlabel="iteration: a pass over the training images", ylabel="cost J, nats")
    curves = [(LEFT + x[rows], BOTTOM + y[rows]) for rows in table.groupby("digit").indices.values()]
    ends = spread([y[-1] for _, y in curves], gap=34)
    for digit, ((x, y), end) in enumerate(zip(curves, ends, strict=True)):
        if len(x) > 1:
            draw_curve(figure, x, y, color=PALETTE[digit])
        draw_curve(figure, [x[-1], LEFT + ACROSS + 40], [y[-1], end], color=PALETTE[digit], lw=0.6)
        write(figure, LEFT + ACROSS + 50, round(end), str(digit), color=PALETTE[digit], weight="bold", va="center")
    return figure


def label_log_axis(axes: Axes, name: str, values: Any, low: float, high: float, length: int) -> Any:
    """Label an axis from `low` to `high`; return where the values are on it."""
    ticks = log_ticks(low, high)
    axis = getattr(axes, f"{name}axis")
    axis.set_ticks(log_places(ticks, low, high, length), [f"{tick:g}" for tick in ticks])
    return log_places(values, low, high, length)


def accuracy_chart(table: pd.DataFrame) -> Figure:
    """Draw the accuracy of the ten models, best first, from the digits' table, each above always answering "no"."""
    figure = blank(1000, "What each of the ten models adds to always answering “no”")
    axes = plane(figure, LEFT, BOTTOM + 60, ACROSS, UP - 60)
    table = table.sort_values("accuracy", ascending=False, kind="stable")
    accuracy, always_no = heights(axes, table.accuracy, table.always_no_accuracy)
    middles = 75 + 150 * np.arange(len(table))
    axes.bar(middles, accuracy - always_no, bottom=always_no, color="#b9cfe4", width=116, label="what the model adds")
    axes.hlines(always_no, middles - 58, middles + 58, color=WRONG, lw=2, label="accuracy of always answering “no”")
    axes.plot(middles, accuracy, "o", color=RIGHT, label="accuracy of the model, best first")
    draw_curve(figure, LEFT + middles, BOTTOM + 60 + accuracy, color=RIGHT)
    for x, y, share in zip(middles.tolist(), accuracy, table.accuracy, strict=True):
        axes.text(x, y - 60, f"{100 * share:.2f} %", ha="center", va="top", size=9)
    axes.set_xticks(middles, table.digit)
    axes.grid(axis="x", visible=False)
    axes.set(xlabel="digit", ylabel="accuracy, test set")
    figure.legend(loc="lower center", ncols=3)
    return figure


def heights(axes: Axes, *shares: Any) -> list[Any]:
    """Label the upright axis in percent, from below the lowest of all shares to 100 %; return where they are on it."""
    lowest = min(0.98, *(share.min() for share in shares))
    bottom = lowest - 0.15 * (1 - lowest)
    percents = range(100, int(100 * bottom), -max(1, round(10 * (1 - bottom))))
    up = axes.get_ylim()[1] / (1 - bottom)
    axes.set_yticks([round((percent / 100 - bottom) * up) for percent in percents], [f"{p} %" for p in percents])
    return [np.rint((np.asarray(share) - bottom) * up) for share in shares]


def confusion_chart(table: pd.DataFrame) -> Figure:
    """Draw the confusion table, true digit down, predicted across, with each row's recall, each column's precision."""
    with without("scipy.stats", "scipy.cluster"):  # which it does not need for this
        import seaborn as sns  # here, as it is slow to load

    counts = table.pivot(index="actual", columns="predicted", values="count").to_numpy()
    figure = blank(1530, "One-vs-all on the test set: what is taken for what")
    axes = plane(figure, 170, 140, 1400, 1200)
    shade = np.sqrt(counts / max(counts.max(), 1))  # mistakes are few: in proportion they would be white
    sns.heatmap(shade, annot=counts, fmt="d", cmap="Blues", vmin=0, vmax=1, cbar=False, linewidths=1, ax=axes)
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    precision = counts.diagonal() / np.maximum(counts.sum(axis=0), 1)
    for digit in range(10):
        axes.text(10.2, digit + 0.5, f"{100 * recall[digit]:.1f} %", va="center")
        axes.text(digit + 0.5, 10.35, f"{100 * precision[digit]:.1f} %", ha="center", va="center")
    axes.text(10.2, -0.2, "recall", weight="bold")
    axes.text(10.2, 10.35, "precision", weight="bold", va="center")
    axes.tick_params(length=0, labelrotation=0)
    axes.xaxis.set_ticks_position("top")
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("predicted digit", labelpad=10)
    axes.set_ylabel("true digit", labelpad=10)
    return figure


def reliability_chart(table: pd.DataFrame) -> Figure:
    """Draw how often the ten together are right, from the reliability table, a bar a bin, and how sure they are."""
    figure = blank(1000, "How sure the ten together are, and how often they are right")
    axes = plane(figure, LEFT, BOTTOM + 60, ACROSS, UP - 60)
    width = ACROSS // len(table)
    middles = width // 2 + width * np.arange(len(table))
    filled = table.images > 0
    x, up = middles[filled], UP - 110  # room above the bars for their numbers
    right, sure = (np.rint(share[filled] * up) for share in (table.share_right, table.mean_probability))
    axes.bar(x, right, color="#b9cfe4", width=116, label="share of these answers that is right")
    axes.hlines(sure, x - 58, x + 58, color=WRONG, lw=2, label="their mean probability: how sure they are")
    for place, top, images in zip(x.tolist(), np.maximum(right, sure), table.images[filled], strict=True):
        axes.text(place, top + 10, f"{images:,}", ha="center", va="bottom", size=9)
    axes.set_yticks([round(up * share / 5) for share in range(6)], [f"{20 * share} %" for share in range(6)])
    axes.set_xticks(middles, table.bin, size=9)
    axes.grid(axis="x", visible=False)
    axes.set(xlabel="probability of the answer; above each bar, how many test images", ylabel="share of the answers")
    figure.legend(loc="lower center", ncols=2)
    return figure
