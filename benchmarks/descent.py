"""Compare the speed of the descent with what a user would pick instead: `make bench`.

One process measures all rivals in turn, in several rounds, and reports medians and ratios. It takes data/train and
data/test, or random bytes of the same shape. Prints Markdown, and writes it to benchmarks/descent.md.
"""

import numpy as np
import torch

from benchmarks import pytorch
from benchmarks.iteration import one_iteration
from benchmarks.measure import ROOT, open_executor, sizes, threads
from benchmarks.processes import training_processes
from benchmarks.race import race
from benchmarks.rivals import normalised_pixels
from benchmarks.sets import ALL, image_sets
from stages.command.process import run
from stages.images.form import DIGITS
from stages.storage.files import write_text


def main() -> None:
    """Measure, print and write everything."""
    flags = sizes(__doc__, images=ALL, rounds=7, iterations=200, copies=16)
    name, train, test = image_sets(flags.images)
    X, labels = normalised_pixels(train, np.float32), train.labels
    steps = {
        "PyTorch float32, one digit": (pytorch.one_step(X, labels, [0]), 1),
        "PyTorch float32, ten digits in one product, per digit": (pytorch.one_step(X, labels, [*DIGITS]), len(DIGITS)),
    }
    sections = [f"{name}: {len(labels):,} training images, {threads()} threads, PyTorch {torch.__version__}.\n"]
    with open_executor() as executor:
        sections.append(one_iteration(train, executor, steps, flags.rounds))
        if name == "MNIST":
            sections.append(race(train, test, executor, [pytorch.racers], flags.iterations, flags.rounds))
    sections.append(training_processes(train, flags.copies))
    report = "\n".join(sections)
    print(report)
    write_text(ROOT / "benchmarks/descent.md", report)


if __name__ == "__main__":
    run(main)
