"""Time one iteration of one digit: this project's, what a user would write instead, and only reading the bytes."""

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np

from benchmarks import rivals
from benchmarks.measure import in_turn, table
from benchmarks.sets import labels_of
from stages.core.blocks import Sums, blocks_of, grids_for, rows_of
from stages.core.compiled import compiled
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples
from stages.core.fast import sums_of
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray

ITERATIONS = 50  # of each timed descent
SETTINGS = Settings("gradient_descent", 0.01, max_iter=ITERATIONS, rmse_threshold=0.0, momentum=0.0, l2=0.0, batch=0)
OURS = "this project"
JOINT = "this project, ten digits on each block while it is in the cache, per digit"
FITS = 2000  # rows: 1.6 MB of pixels, which a core's cache holds; calls take the time of smaller blocks


@compiled
def read_all(pixels: ByteArray) -> Any:
    """Return the sum of all bytes: the least work that still reads them."""
    total = np.uint64(0)
    for row in pixels:
        for pixel in row:
            total += np.uint64(pixel)
    return total


def joint_pass(train: Examples, executor: Executor) -> rivals.Step:
    """Return a pass of ten digits that reads each block from memory once: what a joint stage could gain."""
    sets = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]
    found = [descend(blocks, SETTINGS, executor=executor) for blocks in sets]
    points, grids = [(weights_on_grid(one.weights), one.bias) for one in found], grids_for(sets[0])

    def ten(start: int) -> list[Sums]:
        blocks = [rows_of(each.whole, slice(start, start + FITS)) for each in sets]
        return [sums_of(block, w, b, grids) for block, (w, b) in zip(blocks, points, strict=True)]

    return lambda: list(executor.map(ten, range(0, len(train.labels), FITS)))


def one_iteration(
    train: Examples, executor: Executor, others: Mapping[str, tuple[rivals.Step, int]], rounds: int
) -> str:
    """Return the table of one iteration; others are steps by name, each with the number of digits that it trains."""
    y, double, single = labels_of(train, 0), *(rivals.normalised_pixels(train, t) for t in (np.float64, np.float32))
    blocks = blocks_of(train, y)
    steps = {
        "the notebook's loop, NumPy float64": rivals.notebook(double, y),
        "NumPy float32": rivals.numpy_float32(single, y),
        **{name: step for name, (step, _) in others.items()},
        OURS: lambda: descend(blocks, SETTINGS, executor=executor),
        JOINT: joint_pass(train, executor),
        "adding up all pixels in a simple loop": lambda: list(executor.map(read_all, [b.X for b in blocks])),
    }
    times = in_turn(steps, rounds)
    times[OURS] /= ITERATIONS
    times[JOINT] /= len(DIGITS)
    for name, (_, digits) in others.items():
        times[name] /= digits
    rows = [[name, f"{1000 * t:.2f}", f"{t / times[OURS]:.2f}"] for name, t in times.items()]
    return table(["one iteration", "ms", "times ours"], rows)
