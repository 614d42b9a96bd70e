"""Compare what reads best, and at what cost: strokes with pixels, with other libraries, and with a neural network.

The second half of `make bench`: one process measures all in turn, in several rounds, and reports medians; the network
runs once, for ten minutes on two cores. Needs data/train and data/test. Prints Markdown, writes benchmarks/readers.md.
"""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from sklearn.datasets import load_digits

from benchmarks import minibatches, network, pytorch
from benchmarks.classify import scan
from benchmarks.iteration import read_all
from benchmarks.measure import ROOT, SETTLE, in_turn, open_executor, sizes, table, threads
from benchmarks.race import PATIENCE, Family, Judge, heading, timed_rows, with_ones
from benchmarks.racers import Racer, ours, scikit
from benchmarks.sets import ALL, image_sets, labels_of
from benchmarks.strokes import L2
from classify.answers import found_in
from classify.pictures import Picture
from stages.command.process import run
from stages.core.blocks import Block, blocks_of
from stages.core.examples import Examples, normalise
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.features.kinds import FEATURES
from stages.storage.arrays import ByteArray, IntArray
from stages.storage.files import write_text

HEADER = ["trained on all training images", "bytes an image", "numbers", "seconds", "of all processors"]
HEADER += ["test images", "`load_digits`"]
ACCURACIES = (0.98, 0.985, 0.99)
FULL = 4  # the first so many families on strokes look at all images before each step
PASSES = 50  # iterations of each timed descent
SETTINGS = Settings("lbfgs", alpha=0.01, max_iter=PASSES, rmse_threshold=0.0, momentum=0.0, l2=L2, batch=0)
NOTEBOOKS = 1000  # iterations


class Pictures(NamedTuple):
    """Crops of pictures, (n, 784) uint8, as `classify` makes them; their labels; and the number of all pictures."""

    pixels: ByteArray
    labels: IntArray
    all: int


def pictures(most: int) -> Pictures:
    """Return the crops of scikit-learn's digits, of those pictures in which exactly one digit is found."""
    bunch = load_digits()
    scans = [scan(image) for image in bunch.images[:most]]
    found = [found_in(Picture(pixels, 1, (pixels.shape[1], pixels.shape[0]))) for pixels in scans]
    one = np.flatnonzero([len(each) == 1 for each in found])
    return Pictures(np.stack([found[at][0].pixels for at in one]), bunch.target[one], len(scans))


def read_blocks(blocks: list[Block], executor: Executor) -> list[Any]:
    """Read the bytes of blocks and do nothing else."""
    return list(executor.map(read_all, [block.X for block in blocks]))


def passes(sets: dict[str, Examples], executor: Executor, rounds: int) -> str:
    """Return the table of an iteration of one digit on each kind of features, pixels first, and of reading alone."""
    steps: dict[str, Callable[[], Any]] = {}
    for kind, train in sets.items():
        blocks = blocks_of(train, labels_of(train, 0))
        steps[kind] = partial(descend, blocks, SETTINGS, executor=executor)
        steps[f"adding up all {kind} in a simple loop"] = partial(read_blocks, blocks, executor)
    steps["making strokes of all training images, once"] = partial(FEATURES["strokes"], sets["pixels"].X, executor)
    times = in_turn(steps, rounds)
    for kind in sets:
        times[kind] /= PASSES
    rows = [[name, f"{1000 * t:.2f}", f"{t / times['pixels']:.2f}"] for name, t in times.items()]
    return table(["one iteration of one digit", "ms", "times that on pixels"], rows)


def on_strokes(train: Examples, X: Any, executor: Executor) -> list[Family]:
    """Return the racers on strokes; all but those on mini-batches have the same penalty."""
    C = 1 / (len(train.labels) * L2)
    single = [
        ours("L-BFGS", train, executor, method="lbfgs", alpha=0.01, l2=L2),
        scikit("multinomial L-BFGS, float32", X, train.labels, one_vs_rest=False, C=C),
        scikit("one-vs-rest L-BFGS, float32", X, train.labels, one_vs_rest=True, C=C),
    ]
    batches = [minibatches.ours(train), *(minibatches.scikit(X, train.labels, average) for average in (False, True))]
    return [*([one] for one in single), *pytorch.racers(X, train.labels, L2), *batches]


def race(everybody: list[Family], train: Examples, test: Examples, most: int, rounds: int) -> str:
    """Return the table of seconds and iterations to each accuracy, on strokes."""
    judge = Judge(with_ones(train), train.labels, with_ones(test), test.labels)
    return table(heading(ACCURACIES), timed_rows(everybody, judge, ACCURACIES, [], most, rounds))


def spent(made: list[Any], make: Callable[[], Any]) -> tuple[float, float]:
    """Make something and append it to `made`; return the seconds that it took, and its processor seconds."""
    start, worked = time.perf_counter(), time.process_time()
    made.append(make())
    return time.perf_counter() - start, time.process_time() - worked


def rows_of(everybody: list[Racer], kind: str, test: Examples, scans: Pictures, n: int, rounds: int) -> list[list[str]]:
    """Return a row for each racer on a kind of features, after n iterations."""
    made: dict[str, list[Any]] = {one.name: [] for one in everybody}
    seconds: dict[str, list[tuple[float, float]]] = {one.name: [] for one in everybody}
    for _ in range(rounds):
        for one in everybody:
            if not seconds[one.name] or seconds[one.name][0][0] < PATIENCE:
                time.sleep(SETTLE)
                seconds[one.name].append(spent(made[one.name], partial(one.train, n)))
    pixels = normalise(FEATURES[kind](scans.pixels), np.zeros(len(scans.pixels), np.uint8))
    rows = []
    for one in everybody:
        model = one.model(made[one.name][0]).astype(np.float32)
        read = [(with_ones(images) @ model).argmax(axis=1) for images in (test, pixels)]
        how = f"{one.name}, {n} iterations on {kind}"
        rows.append(row(how, test, model.size, seconds[one.name], shares(read, test.labels, scans)))
    return rows


def network_row(train: Examples, test: Examples, scans: Pictures, epochs: int) -> list[str]:
    """Return the network's row."""
    made: list[Any] = []
    seconds = [spent(made, partial(network.trained_network, train.X, train.labels, epochs))]
    read = [network.read(made[0], pixels) for pixels in (test.X, scans.pixels)]
    how = f"PyTorch's convolutional example, {epochs} epochs"
    return row(how, test, network.numbers(made[0]), seconds, shares(read, test.labels, scans))


def row(how: str, test: Examples, numbers: int, seconds: list[tuple[float, float]], right: list[str]) -> list[str]:
    """Return a row of the last table: name, bytes, weights, the two kinds of seconds, and the accuracies."""
    medians = [f"{statistics.median(times):.1f}" for times in zip(*seconds, strict=True)]
    return [how, str(test.X.shape[1]), f"{numbers:,}", *medians, *right]


def shares(read: list[Any], labels: ByteArray, scans: Pictures) -> list[str]:
    """Return the shares of test images and of pictures that are read rightly, as text."""
    right = (read[0] == labels).mean(), (read[1] == scans.labels).sum() / scans.all
    return [f"{100 * share:.2f} %" for share in right]


def main() -> None:
    """Measure, print and write everything."""
    flags = sizes(__doc__, images=ALL, rounds=5, iterations=100, notebook=NOTEBOOKS, epochs=6, scans=1797)
    cv2.setNumThreads(1)
    _, train, test = image_sets(flags.images)
    scans = pictures(flags.scans)
    sections = [
        f"{len(train.labels):,} training images, {threads()} threads, PyTorch {torch.__version__}, penalty {L2:g}.\n"
    ]
    with open_executor() as executor:
        strokes = [normalise(FEATURES["strokes"](images.X, executor), images.labels) for images in (train, test)]
        sections.append(passes({"pixels": train, "strokes": strokes[0]}, executor, flags.rounds))
        everybody = on_strokes(strokes[0], np.ascontiguousarray(with_ones(strokes[0])[:, :-1]), executor)
        sections.append(race(everybody, strokes[0], strokes[1], flags.iterations, flags.rounds))
        rows = rows_of(
            [one for (one,) in everybody[:FULL]], "strokes", strokes[1], scans, flags.iterations, flags.rounds
        )
        notebooks = [ours("gradient descent", train, executor, alpha=0.01)]
        rows += rows_of(notebooks, "pixels", test, scans, flags.notebook, 1)
    rows.append(network_row(train, test, scans, flags.epochs))
    report = "\n".join([*sections, table(HEADER, rows)])
    print(report)
    write_text(ROOT / "benchmarks/readers.md", report)


if __name__ == "__main__":
    run(main)
