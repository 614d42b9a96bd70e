"""Charts of how well the models do, each drawn from its table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from stages.core.imports import without
from stages.drawing.curves import draw_curve, log_places, log_ticks, spread
from stages.drawing.figures import Axes, Figure
from stages.drawing.names import counted, fitting, noun, width
from stages.drawing.style import DPI, PALETTE, RIGHT, WRONG, blank, pixel_axes, write
from stages.models.learning import LOWEST_COST
from stages.storage.arrays import IntArray

LEFT, BOTTOM, ACROSS, UP = 190, 150, 1500, 730  # pixels, of charts with curves: left and lower margin, width, height
SIZE, PIXELS = 10, DPI / 72  # of text, in points; pixels for each point
WIDEST_NAME = 240  # pixels
SMALLEST = 7  # points, for names side by side
DASHES = ("-", "--", ":", "-.")  # the next one, each time all colours are used


def cost_chart(table: pd.DataFrame) -> Figure:
    """Draw each class's cost over its iterations, from the cost table, on log scales, with names at the ends."""
    rows = {str(name): places for name, places in table.groupby("digit", sort=False).indices.items()}
    figure = blank(1000, f"Cost of the {counted(len(rows))} models while they train")
    size, room = size_of_names(list(rows), UP / len(rows) - 4, bold=True)
    across = ACROSS - room
    axes = pixel_axes(figure, LEFT, BOTTOM, across, UP)
    cost = np.maximum(table.cost, LOWEST_COST)
    x = label_log_axis(axes, "x", table.iteration, 1, max(2, table.iteration.max()), across)
    y = label_log_axis(axes, "y", cost, 0.9 * cost.min(), 1.1 * cost.max(), UP)
    axes.set(xlabel="iteration: a pass over the training images", ylabel="cost J, nats")
    curves = [(LEFT + x[places], BOTTOM + y[places]) for places in rows.values()]
    ends = spread([y[-1] for _, y in curves], gap=34 * size / SIZE, highest=BOTTOM + UP + 40)
    for k, (name, (x, y), end) in enumerate(zip(rows, curves, ends, strict=True)):
        colour, dash = PALETTE[k % len(PALETTE)], DASHES[k // len(PALETTE) % len(DASHES)]
        if len(x) > 1:
            draw_curve(figure, x, y, color=colour, ls=dash)
        draw_curve(figure, [x[-1], LEFT + across + 40], [y[-1], end], color=colour, lw=0.6)
        place = LEFT + across + 50, round(end)
        write(figure, *place, name, color=colour, weight="bold", va="center", size=size)
    return figure


def size_of_names(names: Sequence[str], height: float, *, bold: bool) -> tuple[float, int]:
    """Return the size of names in a column, in points, and how many pixels wider than a digit they are."""
    size = fitting(names, WIDEST_NAME / PIXELS, min(SIZE, height / 34 * SIZE), bold=bold)
    widest = max(width(name, size, bold=bold) for name in names)
    return size, max(0, round((widest - width("0", SIZE, bold=bold)) * PIXELS))


def label_log_axis(axes: Axes, name: str, values: Any, low: float, high: float, length: int) -> Any:
    """Label an axis from `low` to `high`. Return the positions of the values, (n,) float64, in pixels."""
    ticks = log_ticks(low, high)
    axis = getattr(axes, f"{name}axis")
    axis.set_ticks(log_places(ticks, low, high, length), [f"{tick:g}" for tick in ticks])
    return log_places(values, low, high, length)


def accuracy_chart(table: pd.DataFrame) -> Figure:
    """Draw the models' accuracies from the digit table, best first, each above that of always answering "no"."""
    names = table.digit.astype(str).tolist()
    step = ACROSS // len(table)
    size, turned, more = size_of_ticks(names, step)
    figure = blank(1000 + more, f"Accuracy of the {counted(len(table))} models, and of always answering “no”")
    axes = pixel_axes(figure, LEFT, BOTTOM + 60 + more, ACROSS, UP - 60)
    table = table.sort_values("accuracy", ascending=False, kind="stable")
    accuracy, always_no = label_share_axis(axes, table.accuracy, table.always_no_accuracy)
    middles, half = step // 2 + step * np.arange(len(table)), min(step * 58 // 150, 116)
    axes.bar(
        middles, accuracy - always_no, bottom=always_no, color="#b9cfe4", width=2 * half, label="gain of the model"
    )
    axes.hlines(always_no, middles - half, middles + half, color=WRONG, lw=2, label="accuracy of always answering “no”")
    axes.plot(middles, accuracy, "o", color=RIGHT, label="accuracy of the model, best first")
    draw_curve(figure, LEFT + middles, BOTTOM + 60 + more + accuracy, color=RIGHT)
    upright = {"rotation": 90, "size": min(9, step * 0.8 / PIXELS)} if step < 130 else {"size": 9}
    for x, y, share in zip(middles.tolist(), accuracy, table.accuracy, strict=True):
        place: Any = {"y": y + 20, "va": "bottom"} if step < 130 and y < 200 else {"y": y - 60, "va": "top"}
        axes.text(x, s=f"{100 * share:.2f} %", ha="center", **upright, **place)
    axes.set_xticks(middles, table.digit, size=size, rotation=90 * turned)
    axes.grid(axis="x", visible=False)
    axes.set(xlabel=noun(names), ylabel="accuracy, test set")
    figure.legend(loc="lower center", ncols=3)
    return figure


def size_of_ticks(names: Sequence[str], step: float) -> tuple[float, bool, int]:
    """Return the size of names in a row, in points, whether they are turned upright, and the extra pixels for that."""
    if (size := fitting(names, 0.95 * step / PIXELS, SIZE)) >= SMALLEST:
        return size, False, 0
    size = fitting(names, WIDEST_NAME / PIXELS, min(SIZE, 0.8 * step / PIXELS))
    return size, True, round(max(width(name, size) for name in names) * PIXELS)


def label_share_axis(axes: Axes, *shares: Any) -> list[Any]:
    """Label the vertical axis in percent, from below the lowest share to 100 %. Return the shares' positions on it."""
    lowest = min(0.98, *(share.min() for share in shares))
    bottom = lowest - 0.15 * (1 - lowest)
    percents = range(100, int(100 * bottom), -max(1, round(10 * (1 - bottom))))
    up = axes.get_ylim()[1] / (1 - bottom)
    axes.set_yticks([round((percent / 100 - bottom) * up) for percent in percents], [f"{p} %" for p in percents])
    return [np.rint((np.asarray(share) - bottom) * up) for share in shares]


def confusion_chart(table: pd.DataFrame) -> Figure:
    """Draw the confusion table: a row for each true class, a column for each predicted one, recall and precision."""
    with without("scipy.stats", "scipy.cluster"):  # not needed for a heat map
        import seaborn as sns  # here, because its import is slow

    names = table.actual.astype(str).unique().tolist()
    counts = table["count"].to_numpy().reshape(len(names), -1)
    down = 1200 / len(names)
    beside, room = size_of_names(names, down, bold=False)
    step = (1400 - room) / len(names)
    above, turned, more = size_of_ticks(names, step)
    figure = blank(1530 + more, "Confusion matrix: one-vs-all on the test set")
    axes = pixel_axes(figure, 170 + room, 140, 1400 - room, 1200)
    shade = np.sqrt(counts / max(counts.max(), 1))  # without the root, the few mistakes would be white
    size = fitting([str(counts.max())], 0.9 * step / PIXELS, min(SIZE, 0.8 * down / PIXELS))
    options = {"annot": counts, "annot_kws": {"size": size}, "xticklabels": names, "yticklabels": names}
    sns.heatmap(shade, fmt="d", cmap="Blues", vmin=0, vmax=1, cbar=False, linewidths=1, ax=axes, **options)
    write_shares(axes, counts, step, down)
    axes.tick_params(length=0, labelrotation=0, labelsize=beside)
    axes.tick_params(axis="x", labelrotation=90 * turned, labelsize=above)
    axes.xaxis.set_ticks_position("top")
    axes.xaxis.set_label_position("top")
    axes.set_xlabel(f"predicted {noun(names)}", labelpad=10)
    axes.set_ylabel(f"true {noun(names)}", labelpad=10)
    return figure


def write_shares(axes: Axes, counts: IntArray, step: float, down: float) -> None:
    """Write each row's recall and each column's precision beside counts, (K, K) int64, in cells of `step` by `down`."""
    K = len(counts)
    right, below = K + 28 / step, K + 42 / down
    size = min(SIZE, 0.8 * down / PIXELS)
    upright: Any = {"y": below, "size": size, "va": "center"}
    if step < 110:
        upright = {"y": K + 12 / down, "size": min(SIZE, 0.8 * step / PIXELS), "va": "top", "rotation": 90}
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    precision = counts.diagonal() / np.maximum(counts.sum(axis=0), 1)
    for k in range(K):
        axes.text(right, k + 0.5, f"{100 * recall[k]:.1f} %", va="center", size=size)
        axes.text(k + 0.5, s=f"{100 * precision[k]:.1f} %", ha="center", **upright)
    axes.text(right, -24 / down, "recall", weight="bold")
    axes.text(right, below, "precision", weight="bold", va="center")


def reliability_chart(table: pd.DataFrame, models: int) -> Figure:
    """Draw how often so many models together are right, a bar for each bin, and how sure they are, from their table."""
    figure = blank(1000, f"How sure the {counted(models)} together are, and how often they are right")
    axes = pixel_axes(figure, LEFT, BOTTOM + 60, ACROSS, UP - 60)
    width = ACROSS // len(table)
    middles = width // 2 + width * np.arange(len(table))
    filled = table.images > 0
    x, up = middles[filled], UP - 110  # space above the bars for their numbers
    right, sure = (np.rint(share[filled] * up) for share in (table.share_right, table.mean_probability))
    axes.bar(x, right, color="#b9cfe4", width=116, label="share of these answers that is right")
    axes.hlines(sure, x - 58, x + 58, color=WRONG, lw=2, label="mean probability of these answers")
    for place, top, images in zip(x.tolist(), np.maximum(right, sure), table.images[filled], strict=True):
        axes.text(place, top + 10, f"{images:,}", ha="center", va="bottom", size=9)
    axes.set_yticks([round(up * share / 5) for share in range(6)], [f"{20 * share} %" for share in range(6)])
    axes.set_xticks(middles, table.bin, size=9)
    axes.grid(axis="x", visible=False)
    axes.set(xlabel="probability of the answer; above each bar, number of test images", ylabel="share of the answers")
    figure.legend(loc="lower center", ncols=2)
    return figure
