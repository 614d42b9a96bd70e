"""Make image sets of any size by shifting MNIST's images: `python -m benchmarks.grown FOLDER SIZE`."""

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import ROOT
from benchmarks.sets import write_examples
from stages.command.paths import IMAGES, TEST, TRAIN
from stages.core.examples import normalise
from stages.images.form import PIXELS, SIDE, Images, read_data
from stages.storage.arrays import ByteArray

REACH = 2  # pixels up, down, left and right
SHIFTS = [(down, right) for down in range(2 * REACH + 1) for right in range(2 * REACH + 1)]


def shifted(pixels: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Return the images, (n, 784) uint8, each shifted by up to REACH pixels; what leaves the frame is lost."""
    framed = np.pad(pixels.reshape(-1, SIDE, SIDE), ((0, 0), (REACH, REACH), (REACH, REACH)))
    result = np.empty((len(pixels), SIDE, SIDE), np.uint8)
    shift = rng.integers(len(SHIFTS), size=len(pixels))
    for number, (down, right) in enumerate(SHIFTS):
        rows = shift == number
        result[rows] = framed[rows, down : down + SIDE, right : right + SIDE]
    return result.reshape(-1, PIXELS)


def write_grown(folder: Path, mnist: Images, size: int) -> None:
    """Write a training set of `size` images, and MNIST's first thousand images as a test set."""
    rng = np.random.default_rng(size)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        pixels = np.memmap(file, np.uint8, "w+", shape=(size, PIXELS))
        for start in range(0, size, len(mnist.pixels)):
            part = pixels[start : start + len(mnist.pixels)]
            part[:] = shifted(mnist.pixels[: len(part)], rng)
        write_examples(folder / TRAIN, normalise(pixels, np.resize(mnist.labels, size)))
    write_examples(folder / TEST, normalise(mnist.pixels[:1000], mnist.labels[:1000]))


if __name__ == "__main__":
    write_grown(Path(sys.argv[1]), Images(*read_data(ROOT / IMAGES)[:2]), int(sys.argv[2]))
