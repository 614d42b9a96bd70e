"""Normalise each image by its own mean and standard deviation, and split the images into a training and a test set."""

import argparse
import json
import math
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from stages.command.flags import Parser, fraction, seed
from stages.command.paths import IMAGES, METRICS, TEST, TRAIN
from stages.command.process import run
from stages.storage.arrays import IntArray
from stages.storage.errors import ParameterError
from stages.storage.files import prepare_text
from stages.storage.images import dataset_name, normalise, read_images, select
from stages.storage.sets import prepare_set


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="of the shuffle before the split")
    parser.add_argument("--test_size", type=fraction, required=True, help="the test set's share of the images")
    return parser.parse_args(argv)


def split(size: int, test_size: float, seed: int) -> tuple[IntArray, IntArray]:
    """Return the rows of the training set and of the test set, in the notebook's order.

    They are those of scikit-learn's `train_test_split`, which takes a second to load: NumPy's older generator, whose
    numbers are promised to stay, puts the rows in an order, of which the test set takes the first.
    """
    tested = math.ceil(size * test_size)
    if tested >= size:
        raise ParameterError(f"--test_size: {test_size} of {size} images leaves one side without any")
    rows = np.random.RandomState(seed).permutation(size)
    return rows[tested:], rows[:tested]


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    images = read_images(IMAGES)
    train, test = split(len(images.labels), arguments.test_size, arguments.seed)
    normalised = normalise(images)
    constant = int((normalised.std == 0).sum())
    metrics = {
        "dataset": dataset_name(images),
        "images": len(images.labels),
        "train": len(train),
        "test": len(test),
        "constant_images": constant,
    }
    with ExitStack() as stack:  # at its end all is moved to its place, or nothing
        prepare_text(stack, METRICS / "data.json", json.dumps(metrics, indent=2) + "\n")
        prepare_set(stack, TRAIN, select(normalised, train)._asdict())
        prepare_set(stack, TEST, select(normalised, test)._asdict())
    counts = f"{len(train):,} training and {len(test):,} test images, {constant} constant"
    print(f"{metrics['dataset']}: {counts} -> {TRAIN}, {TEST}")


if __name__ == "__main__":
    run(main)
