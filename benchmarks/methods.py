"""Draw the cost of five methods on one digit by passes over the images: `make methods`, benchmarks/methods.png."""

from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from benchmarks.measure import ROOT, open_executor, sizes
from benchmarks.sets import ALL, image_sets, labels_of
from stages.command.process import run
from stages.core.blocks import blocks_of
from stages.core.examples import Examples
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.drawing.curves import spread
from stages.drawing.style import PALETTE, prepare_picture
from stages.storage.arrays import FloatArray

DIGIT = 3
SETTINGS = Settings("gradient_descent", alpha=0.1, max_iter=1, rmse_threshold=0.0, momentum=0.0, l2=0.0, batch=0)
METHODS = {
    "gradient descent": SETTINGS,
    "with momentum 0.9": SETTINGS._replace(momentum=0.9),
    "mini-batches": SETTINGS._replace(method="sgd", alpha=0.03, momentum=0.9, batch=128),
    "Barzilai-Borwein": SETTINGS._replace(method="barzilai_borwein"),
    "L-BFGS": SETTINGS._replace(method="lbfgs"),
}
READS = {name: 2 if settings.batch else 1 for name, settings in METHODS.items()}  # passes over all images an iteration
COLOURS = [PALETTE[at] for at in (7, 1, 4, 2, 0)]


def costs(train: Examples, executor: Executor, passes: int) -> dict[str, FloatArray]:
    """Return each method's cost before each iteration."""
    blocks = blocks_of(train, labels_of(train, DIGIT))
    methods = {name: settings._replace(max_iter=-(-passes // READS[name])) for name, settings in METHODS.items()}
    return {name: descend(blocks, settings, executor=executor).cost_history for name, settings in methods.items()}


def chart(histories: dict[str, FloatArray]) -> Figure:
    """Draw the costs by passes, both on log scales, with each method's name at the end of its line."""
    passes = max(len(history) for name, history in histories.items() if READS[name] == 1)
    figure, axes = plt.subplots(figsize=(9, 5))
    figure.subplots_adjust(right=0.79)  # room for the names
    ends = spread([np.log(history[-1]) for history in histories.values()], gap=0.17)
    for (name, history), end, colour in zip(histories.items(), ends, COLOURS, strict=True):
        axes.plot(1 + READS[name] * np.arange(len(history)), history, color=colour, linewidth=2.4)
        axes.annotate(
            name, (passes * 1.08, np.exp(end)), color=colour, weight="bold", va="center", annotation_clip=False
        )
    axes.set(xscale="log", yscale="log", xlim=(1, passes), xlabel="passes over the images", ylabel="cost J, nats")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.set_title(f"Five methods on one digit, {DIGIT} or not", loc="left", weight="bold")
    return figure


def main() -> None:
    """Train, draw, write."""
    flags = sizes(__doc__, images=ALL, passes=300)
    _, train, _ = image_sets(flags.images)
    with open_executor() as executor:
        histories = costs(train, executor, flags.passes)
    with ExitStack() as stack:
        prepare_picture(stack, ROOT / "benchmarks/methods.png", partial(chart, histories))


if __name__ == "__main__":
    run(main)
