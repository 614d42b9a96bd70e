"""How fast the descent is, against what a user would pick instead: `make bench`.

One process, all rivals in turn in each round, medians and ratios. On data/train and data/test where they are there,
else on random bytes of the same shape. Prints Markdown, and writes it to benchmarks/descent.md.
"""

import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from benchmarks import rivals
from benchmarks.measure import ROOT, Process, in_turn, process, seconds_of, table
from stages.command.paths import TEST, TRAIN
from stages.core.compiled import compiled
from stages.core.descent import descend
from stages.core.gradient_descent import blocks_of
from stages.models.model_files import OneVsAll
from stages.models.ova import predict, scores
from stages.storage.arrays import ByteArray
from stages.storage.images import DIGITS, Images, NormalisedImages, normalise, read_normalised, select, write_normalised
from stages.workers.executor import open_executor, threads

ITERATIONS = 50  # of a descent that is timed
PLAIN = {"alpha": 0.01, "rmse_threshold": 1e-5}
FASTEST = {"alpha": 0.1, "rmse_threshold": 1e-5, "momentum": 0.9}
LADDER = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
FLAGS = ["--digit=0", "--method=gradient_descent", "--alpha=0.01", "--rmse_threshold=0", "--momentum=0"]


def image_sets() -> tuple[str, NormalisedImages, NormalisedImages]:
    """Return a name, a training and a test set."""
    if (ROOT / TRAIN).exists():
        train, test = (read_normalised(ROOT / folder) for folder in (TRAIN, TEST))
        return "MNIST", train, test
    rng = np.random.default_rng(0)
    pixels, labels = rng.integers(0, 256, (70_000, 784), dtype=np.uint8), rng.integers(0, 10, 70_000, dtype=np.uint8)
    images = normalise(Images(pixels, labels))
    return "random bytes", select(images, slice(56_000)), select(images, slice(56_000, None))


def labels_of(images: NormalisedImages, digit: int) -> ByteArray:
    """Return y for one digit."""
    return (images.labels == digit).astype(np.uint8)


@compiled
def read_all(pixels: ByteArray) -> Any:
    """Return the sum of all bytes: the least work that still reads them."""
    total = np.uint64(0)
    for row in pixels:
        for pixel in row:
            total += np.uint64(pixel)
    return total


def one_iteration(train: NormalisedImages, executor: Executor) -> str:
    """Compare one iteration of one digit."""
    y, double, single = labels_of(train, 0), *(rivals.normalised_pixels(train, t) for t in (np.float64, np.float32))
    blocks = blocks_of(train, y)
    ours = "this project"
    steps = {
        "the notebook's loop, NumPy float64": rivals.notebook(double, y),
        "NumPy float32": rivals.numpy_float32(single, y),
        "PyTorch float32, one digit": rivals.torch_float32(single, train.labels, [0]),
        "PyTorch float32, ten digits in one product, a digit": rivals.torch_float32(single, train.labels, [*DIGITS]),
        ours: lambda: descend(blocks, **PLAIN, max_iter=ITERATIONS, executor=executor),
        "reading the pixels, and nothing else": lambda: list(executor.map(read_all, [b.pixels for b in blocks])),
    }
    times = in_turn(steps, rounds=9)
    times[ours] /= ITERATIONS
    times["PyTorch float32, ten digits in one product, a digit"] /= 10
    rows = [[name, f"{1000 * t:.2f}", f"{t / times[ours]:.2f}"] for name, t in times.items()]
    return table(["one iteration", "ms", "times ours"], rows)


def all_digits(train: NormalisedImages, executor: Executor) -> str:
    """Compare a thousand iterations of ten digits."""
    single = rivals.normalised_pixels(train, np.float32)
    together = rivals.torch_float32(single, train.labels, [*DIGITS])
    blocks = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]

    def ours() -> None:
        for ten in blocks:
            descend(ten, **PLAIN, max_iter=1000, executor=executor)

    seconds = {
        "PyTorch float32, ten digits in one product": seconds_of(lambda: [together() for _ in range(1000)]),
        "this project, ten descents": seconds_of(ours),
    }
    rows = [[name, f"{t:.1f}"] for name, t in seconds.items()]
    return table(["ten digits, 1000 iterations", "s"], rows)


def train_all(train: NormalisedImages, executor: Executor, iterations: int) -> OneVsAll:
    """Return ten models, trained with momentum."""
    blocks = [blocks_of(train, labels_of(train, digit)) for digit in DIGITS]
    found = [descend(ten, **FASTEST, max_iter=iterations, executor=executor) for ten in blocks]
    return OneVsAll(np.stack([model.weights for model in found], axis=1), np.array([model.bias for model in found]))


def to_accuracy(target: float, train: NormalisedImages, test: NormalisedImages, executor: Executor) -> list[str]:
    """Compare the time to a one-vs-all accuracy, each with the fewest iterations that reach it."""
    X, X_test = (rivals.normalised_pixels(part, np.float32) for part in (train, test))

    def ours(iterations: int) -> float:
        model = train_all(train, executor, iterations)
        return float(np.mean(predict(scores(model, test)) == test.labels))

    def scikit(iterations: int) -> float:
        with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
            model = LogisticRegression(C=np.inf, max_iter=iterations).fit(X, train.labels)
        return float(model.score(X_test, test.labels))

    return [f"{target:.0%}", *fewest(ours, target), *fewest(scikit, target)]


def fewest(reach: Callable[[int], float], target: float) -> list[str]:
    """Return the fewest iterations that reach an accuracy, and the seconds they take."""
    for iterations in LADDER:
        start = time.perf_counter()
        if reach(iterations) >= target:
            return [str(iterations), f"{time.perf_counter() - start:.1f}"]
    return [f"not with {LADDER[-1]}", ""]


def in_a_process(train: NormalisedImages, copies: int) -> list[str]:
    """Measure a training process on the training set, so many times over."""
    with tempfile.TemporaryDirectory() as folder:
        larger = NormalisedImages(*(np.concatenate([array] * copies) for array in train))
        write_normalised(Path(folder, TRAIN), larger)
        write_normalised(Path(folder, TEST), select(train, slice(100)))
        short, long = (run(folder, n) for n in (1, 1 + ITERATIONS))
    each = (long.seconds - short.seconds) / ITERATIONS
    return [f"{len(larger.labels):,}", f"{1000 * each:.1f}", f"{long.megabytes:.0f}", f"{short.seconds:.2f}"]


def run(folder: str, iterations: int) -> Process:
    """Return the quickest of three training processes."""
    return min(process(Path(folder), "stages.train_digit", *FLAGS, f"--max_iter={iterations}") for _ in range(3))


def main() -> None:
    """Measure everything, print it, write it."""
    name, train, test = image_sets()
    sections = [f"{name}: {len(train.labels):,} training images, {threads()} threads, PyTorch {torch.__version__}.\n"]
    with open_executor() as executor:
        sections += [one_iteration(train, executor), all_digits(train, executor)]
        if name == "MNIST":
            reached = [to_accuracy(target, train, test, executor) for target in (0.89, 0.91)]
            header = ["one-vs-all accuracy", "iterations", "s", "scikit-learn: iterations", "s"]
            sections.append(table(header, reached))
    grown = [in_a_process(train, copies) for copies in (1, 4, 16)]
    header = ["a training process: images", "ms an iteration", "peak MB", "s from start to end of one iteration"]
    sections.append(table(header, grown))
    report = "\n".join(sections)
    print(report)
    (ROOT / "benchmarks/descent.md").write_text(report)


if __name__ == "__main__":
    main()
