"""The four methods on one digit, cost against passes over the images: `make methods` draws benchmarks/methods.png."""

from concurrent.futures import Executor
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from benchmarks.measure import ROOT
from benchmarks.sets import image_sets, labels_of
from stages.core.examples import Examples
from stages.core.gradient_descent import descend
from stages.core.passes import blocks_of
from stages.drawing.charts import spread
from stages.drawing.style import PALETTE, drawn, save
from stages.storage.arrays import FloatArray
from stages.workers.executor import open_executor

DIGIT, PASSES = 3, 300
METHODS: dict[str, dict[str, Any]] = {
    "gradient descent": {"alpha": 0.1},
    "with momentum 0.9": {"alpha": 0.1, "momentum": 0.9},
    "Barzilai-Borwein": {"alpha": 0.1, "method": "barzilai_borwein"},
    "L-BFGS": {"alpha": 0.1, "method": "lbfgs"},
}
COLOURS = [PALETTE[at] for at in (7, 1, 2, 0)]


def costs(train: Examples, executor: Executor) -> dict[str, FloatArray]:
    """Return each method's costs, before each pass's step."""
    blocks = blocks_of(train, labels_of(train, DIGIT))
    once = {"max_iter": PASSES, "rmse_threshold": 0.0, "executor": executor}
    return {name: descend(blocks, **once, **settings).cost_history for name, settings in METHODS.items()}


@drawn
def chart(histories: dict[str, FloatArray]) -> Figure:
    """Draw the costs by passes, both on log scales, with the method at its line's end."""
    figure, axes = plt.subplots(figsize=(9, 5))
    figure.subplots_adjust(right=0.79)  # room for the names
    ends = spread([np.log(history[-1]) for history in histories.values()], gap=0.17)
    for (name, history), end, colour in zip(histories.items(), ends, COLOURS, strict=True):
        axes.plot(np.arange(1, len(history) + 1), history, color=colour, linewidth=2.4)
        axes.annotate(
            name, (PASSES * 1.08, np.exp(end)), color=colour, weight="bold", va="center", annotation_clip=False
        )
    axes.set(xscale="log", yscale="log", xlim=(1, PASSES), xlabel="passes over the images", ylabel="cost J, nats")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.set_title(f"Four methods on one digit, {DIGIT} or not", loc="left", weight="bold")
    return figure


def main() -> None:
    """Train, draw, write."""
    _, train, _ = image_sets()
    with open_executor() as executor:
        save(ROOT / "benchmarks/methods.png", chart(costs(train, executor)))


if __name__ == "__main__":
    main()
