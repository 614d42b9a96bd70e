"""The images to measure on: MNIST as the pipeline left it, or random bytes of the same shape."""

from pathlib import Path

import numpy as np

from benchmarks.measure import ROOT
from stages.command.paths import TEST, TRAIN
from stages.core.examples import Examples, normalise, select
from stages.images.form import PIXELS, read_pixels
from stages.normalize_split import files_of
from stages.storage.arrays import ByteArray
from stages.storage.npy import read_array
from stages.storage.sets import write_set

ALL = 56_000  # MNIST's training images


def image_sets(most: int) -> tuple[str, Examples, Examples]:
    """Return the set's name, the pixels of at most `most` training images, and those of a test set."""
    if (ROOT / TRAIN).exists():
        train, test = (normalise(*labelled_pixels(ROOT / folder)) for folder in (TRAIN, TEST))
        return "MNIST", select(train, slice(most)), test
    rng, size = np.random.default_rng(0), most + most // 4
    pixels, labels = rng.integers(0, 256, (size, PIXELS), dtype=np.uint8), rng.integers(0, 10, size, dtype=np.uint8)
    images = normalise(pixels, labels)
    return "random bytes", select(images, slice(most)), select(images, slice(most, None))


def labelled_pixels(folder: Path) -> tuple[ByteArray, ByteArray]:
    """Return the pixels and the labels of a set, whatever its kind of features."""
    pixels = read_pixels(folder)
    return pixels, read_array(folder / "labels.npy", "uint8", (len(pixels),))


def write_examples(folder: Path, examples: Examples) -> None:
    """Write a set as `normalize_split` does."""
    write_set(folder, files_of(examples))


def labels_of(images: Examples, digit: int) -> ByteArray:
    """Return y for one digit, (n,): 1 for its images, 0 for the others."""
    y: ByteArray = (images.labels == digit).astype(np.uint8)
    return y
