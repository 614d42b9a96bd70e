"""Measure a training process from start to end: its time and memory as the training set grows."""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import Process, process, table
from benchmarks.sets import write_examples
from stages.command.paths import TEST, TRAIN
from stages.core.examples import Examples, select

FLAGS = ["--digit=0", "--method=gradient_descent", "--alpha=0.01", "--rmse_threshold=0", "--momentum=0", "--l2=0"]
FLAGS += ["--batch=0", "--seed=0"]
COPIES = (1, 4, 16)
ITERATIONS = 50  # that the longer of two processes has more


def run(folder: str, iterations: int) -> Process:
    """Return the quickest of three training processes."""
    return min(process(Path(folder), "stages.train_digit", *FLAGS, f"--max_iter={iterations}") for _ in range(3))


def measured(train: Examples, copies: int) -> list[str]:
    """Return the row for several copies of the training set."""
    with tempfile.TemporaryDirectory() as folder:
        larger = Examples(*(np.concatenate([array] * copies) for array in train))
        write_examples(Path(folder, TRAIN), larger)
        write_examples(Path(folder, TEST), select(train, slice(100)))
        short, long = (run(folder, n) for n in (1, 1 + ITERATIONS))
    each = (long.seconds - short.seconds) / ITERATIONS
    return [f"{len(larger.labels):,}", f"{1000 * each:.1f}", f"{long.megabytes:.0f}", f"{short.seconds:.2f}"]


def training_processes(train: Examples, most: int) -> str:
    """Return the table of training processes, for up to `most` copies of the training set."""
    header = ["a training process: images", "ms an iteration", "peak MB", "s from start to end of one iteration"]
    return table(header, [measured(train, copies) for copies in COPIES if copies <= most])
