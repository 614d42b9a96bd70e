"""Charts of how well the models do."""

import itertools
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from stages.drawing.style import PALETTE, RIGHT, WRONG, drawn


@drawn
def cost_chart(histories: Sequence[Any]) -> Figure:
    """Draw each digit's cost history, (iterations,), on a log scale, with the digit at its line's end."""
    figure, axes = plt.subplots(figsize=(9, 5))
    for digit, history in enumerate(histories):
        axes.plot(np.arange(1, len(history) + 1), history, color=PALETTE[digit])
    ends = spread([np.log(history[-1]) for history in histories], gap=0.055 * np.log(10))
    for digit, (history, end) in enumerate(zip(histories, ends, strict=True)):
        axes.annotate(
            str(digit),
            xy=(len(history), history[-1]),
            xytext=(max(map(len, histories)) * 1.03, np.exp(end)),
            color=PALETTE[digit],
            weight="bold",
            va="center",
            arrowprops={"arrowstyle": "-", "color": PALETTE[digit], "lw": 0.8},
        )
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.set(xlabel="iteration", ylabel="cost J, nats", title="Cost of the ten models while they train")
    return figure


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Return the values, moved up where needed so that no two are closer than the gap."""
    moved = np.array(values, dtype=float)
    order = np.argsort(moved)
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    return list(moved)


@drawn
def accuracy_chart(table: pd.DataFrame) -> Figure:
    """Draw the accuracy of the ten models, from the digits' table, and what always answering "no" would reach."""
    figure, axes = plt.subplots(figsize=(9, 5))
    axes.bar(table.digit, table.accuracy, color="#b9cfe4", width=0.7, label="accuracy of the digit's model")
    axes.plot(table.digit, table.accuracy, "o-", color=RIGHT)
    axes.hlines(
        table.always_no_accuracy,
        table.digit - 0.35,
        table.digit + 0.35,
        color=WRONG,
        linewidth=2.5,
        label='accuracy of always answering "no"',
    )
    low = min(table.accuracy.min(), table.always_no_accuracy.min())
    bottom = low - 0.2 * (1 - low)
    axes.set_ylim(bottom, 1)
    for row in table.itertuples():
        axes.annotate(f"{row.accuracy:.2%}", (row.digit, bottom), (0, 6), textcoords="offset points", ha="center")
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=0))
    axes.set_xticks(table.digit)
    axes.grid(axis="x", visible=False)
    axes.set(xlabel="digit", ylabel="accuracy, test set", title="Ten models, each of one digit against the rest")
    figure.legend(loc="outside lower center", ncols=2)
    return figure


@drawn
def confusion_chart(table: pd.DataFrame) -> Figure:
    """Draw the confusion table, true digit down, predicted across, with each row's recall, each column's precision."""
    counts = table.pivot(index="actual", columns="predicted", values="count").to_numpy()
    figure, axes = plt.subplots(figsize=(9, 7.6))
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    precision = counts.diagonal() / np.maximum(counts.sum(axis=0), 1)
    sns.heatmap(
        counts, annot=True, fmt="d", cmap="Blues", norm=PowerNorm(0.4), cbar=False, square=True, linewidths=1, ax=axes
    )
    for digit in range(10):
        axes.text(10.2, digit + 0.5, f"{recall[digit]:.1%}", va="center")
        axes.text(digit + 0.5, 10.35, f"{precision[digit]:.1%}", ha="center", va="center")
    axes.text(10.2, -0.2, "recall", weight="bold")
    axes.text(10.2, 10.35, "precision", weight="bold", va="center")
    axes.tick_params(length=0, labelrotation=0)
    axes.xaxis.set_ticks_position("top")
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("predicted digit", labelpad=10)
    axes.set_ylabel("true digit", labelpad=10)
    axes.set_title("One-vs-all on the test set: what is taken for what")
    return figure
