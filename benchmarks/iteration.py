"""One iteration of one digit: this project's pass, what a user would write instead, and reading the bytes alone."""

from concurrent.futures import Executor
from typing import Any

import numpy as np

from benchmarks import rivals
from benchmarks.measure import in_turn, table
from benchmarks.sets import labels_of
from stages.core.blocks import blocks_of
from stages.core.compiled import compiled
from stages.core.examples import Examples
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.storage.arrays import ByteArray

ITERATIONS = 50  # of a descent that is timed
SETTINGS = Settings("gradient_descent", alpha=0.01, max_iter=ITERATIONS, rmse_threshold=0.0, momentum=0.0)
OURS, TOGETHER = "this project", "PyTorch float32, ten digits in one product, a digit"


@compiled
def read_all(pixels: ByteArray) -> Any:
    """Return the sum of all bytes: the least work that still reads them."""
    total = np.uint64(0)
    for row in pixels:
        for pixel in row:
            total += np.uint64(pixel)
    return total


def one_iteration(train: Examples, executor: Executor) -> str:
    """Return the table of one iteration."""
    y, double, single = labels_of(train, 0), *(rivals.normalised_pixels(train, t) for t in (np.float64, np.float32))
    blocks = blocks_of(train, y)
    steps = {
        "the notebook's loop, NumPy float64": rivals.notebook(double, y),
        "NumPy float32": rivals.numpy_float32(single, y),
        "PyTorch float32, one digit": rivals.torch_float32(single, train.labels, [0]),
        TOGETHER: rivals.torch_float32(single, train.labels, [*DIGITS]),
        OURS: lambda: descend(blocks, SETTINGS, executor=executor),
        "reading the pixels, and nothing else": lambda: list(executor.map(read_all, [b.X for b in blocks])),
    }
    times = in_turn(steps, rounds=9)
    times[OURS] /= ITERATIONS
    times[TOGETHER] /= len(DIGITS)
    rows = [[name, f"{1000 * t:.2f}", f"{t / times[OURS]:.2f}"] for name, t in times.items()]
    return table(["one iteration", "ms", "times ours"], rows)
