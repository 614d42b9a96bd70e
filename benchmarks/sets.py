"""What is measured on: MNIST as the pipeline left it, else random bytes of the same shape."""

import numpy as np

from benchmarks.measure import ROOT
from stages.command.paths import TEST, TRAIN
from stages.storage.arrays import ByteArray
from stages.storage.images import Images, NormalisedImages, normalise, read_normalised, select


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
