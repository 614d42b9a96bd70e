"""Normalise each image by its own mean and standard deviation, and split the images into a training and a test set."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack

from stages.command.flags import Parser, fraction, seed
from stages.command.paths import IMAGES, METRICS, TEST, TRAIN
from stages.command.process import run
from stages.core.examples import Examples, normalise, select
from stages.images.digests import dataset_name
from stages.images.form import read_images
from stages.images.split import split
from stages.storage.arrays import Array
from stages.storage.files import prepare_text
from stages.storage.sets import prepare_set


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="of the shuffle before the split")
    parser.add_argument("--test_size", type=fraction, required=True, help="the test set's share of the images")
    return parser.parse_args(argv)


def files_of(examples: Examples) -> dict[str, Array]:
    """Return what a set on disk holds, by its files' names."""
    X, labels, mean, std = examples
    return {"pixels": X, "labels": labels, "mean": mean, "std": std}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    images = read_images(IMAGES)
    train, test = split(len(images.labels), arguments.test_size, arguments.seed)
    normalised = normalise(*images)
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
        prepare_set(stack, TRAIN, files_of(select(normalised, train)))
        prepare_set(stack, TEST, files_of(select(normalised, test)))
    counts = f"{len(train):,} training and {len(test):,} test images, {constant} constant"
    print(f"{metrics['dataset']}: {counts} -> {TRAIN}, {TEST}")


if __name__ == "__main__":
    run(main)
