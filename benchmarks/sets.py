"""What is measured on: MNIST as the pipeline left it, else random bytes of the same shape."""

from pathlib import Path

import numpy as np

from benchmarks.measure import ROOT
from stages.command.paths import TEST, TRAIN
from stages.core.examples import Examples, normalise, select
from stages.models.examples import read_examples
from stages.normalize_split import files_of
from stages.storage.arrays import ByteArray
from stages.storage.sets import write_set


def image_sets() -> tuple[str, Examples, Examples]:
    """Return a name, a training and a test set."""
    if (ROOT / TRAIN).exists():
        train, test = (read_examples(ROOT / folder) for folder in (TRAIN, TEST))
        return "MNIST", train, test
    rng = np.random.default_rng(0)
    pixels, labels = rng.integers(0, 256, (70_000, 784), dtype=np.uint8), rng.integers(0, 10, 70_000, dtype=np.uint8)
    images = normalise(pixels, labels)
    return "random bytes", select(images, slice(56_000)), select(images, slice(56_000, None))


def write_examples(folder: Path, examples: Examples) -> None:
    """Write a set as `normalize_split` does."""
    write_set(folder, files_of(examples))


def labels_of(images: Examples, digit: int) -> ByteArray:
    """Return y for one digit."""
    return (images.labels == digit).astype(np.uint8)
