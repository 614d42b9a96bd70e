"""Sets of labelled images, on disk and in memory, and the per-image normalisation."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import ByteArray, FloatArray, IntArray, release
from stages.storage.errors import DamagedError
from stages.storage.npy import read_array
from stages.storage.sets import check_set, write_set

SIDE = 28
PIXELS = SIDE * SIDE
LARGEST_PIXEL = 255
DIGITS = range(10)
ROWS_AT_A_TIME = 4096  # bounds the memory that a pass over images takes

MNIST = "mnist-original"
SAMPLE = "mnist-sample"
DIGESTS = {  # sha256 of the pixels' bytes, then of the labels'
    MNIST: (
        "7c10294c67b639de8f83465d100ca1aeef34d0f422dea714dc17b471eba6dd92",
        "335cca9e885f1e8e2df6da7e5a1033c4f3c31b421b41eb5e7b83f14d28b35366",
    ),
    SAMPLE: (
        "2913c6b6527114b7307e1086335a7665e3f94c74aba3d67525e6f116bf5ae20f",
        "41b7b0a9d94690a3a2f54a1d01a9f1cc1b9512e3954fb737ad5ed9f66972403d",
    ),
}


class Images(NamedTuple):
    """Labelled images: pixels (n, 784) uint8, rows of 28 from the top left; labels (n,) uint8 in 0-9."""

    pixels: ByteArray
    labels: ByteArray


class NormalisedImages(NamedTuple):
    """Images, with the mean and the standard deviation of each, (n,) float64, by which it is normalised."""

    pixels: ByteArray
    labels: ByteArray
    mean: FloatArray
    std: FloatArray


def normalise(images: Images) -> NormalisedImages:
    """Return the images with their moments: normalised pixels are (pixels - mean) / std, and zeros where std is 0.

    The standard deviation is the population's (ddof 0). Both moments come from whole numbers, the sum S and the sum of
    squares Q of P pixels: mean = S / P, std = sqrt(P Q - S^2) / P, so they are correctly rounded on any machine.
    """
    mean = np.empty(len(images.pixels))
    std = np.empty(len(images.pixels))
    for start in range(0, len(mean), ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        pixels = images.pixels[rows].astype(np.int64)
        total = pixels.sum(axis=1)
        squares = np.square(pixels).sum(axis=1)
        mean[rows] = total / PIXELS
        std[rows] = np.sqrt(PIXELS * squares - total * total) / PIXELS
    return NormalisedImages(images.pixels, images.labels, mean, std)


def select(images: NormalisedImages, rows: IntArray | slice) -> NormalisedImages:
    """Return these rows of the images."""
    return NormalisedImages(images.pixels[rows], images.labels[rows], images.mean[rows], images.std[rows])


def in_parts(images: NormalisedImages) -> Iterator[NormalisedImages]:
    """Yield the images a few thousand at a time, in their order, holding no more than these in memory."""
    for start in range(0, len(images.labels), ROWS_AT_A_TIME):
        part = select(images, slice(start, start + ROWS_AT_A_TIME))
        yield part
        release(part.pixels)


def dataset_name(images: Images) -> str:
    """Return which of the known data sets these images are, 'unknown' if none."""
    found = tuple(hashlib.sha256(array.data).hexdigest() for array in images)
    return next((name for name, digests in DIGESTS.items() if digests == found), "unknown")


def write_images(folder: Path, images: Images) -> None:
    """Write images.npy and labels.npy, as a set."""
    write_set(folder, {"images": images.pixels, "labels": images.labels})


def read_images(folder: Path) -> Images:
    """Return what `write_images` wrote, memory-mapped; raise DamagedError for anything else."""
    pixels = read_array(folder / "images.npy", "uint8", (None, PIXELS))
    images = Images(pixels, read_labels(folder, len(pixels)))
    check_set(folder, ["images", "labels"])
    return images


def write_normalised(folder: Path, images: NormalisedImages) -> None:
    """Write pixels.npy, labels.npy, mean.npy and std.npy, as a set."""
    write_set(folder, images._asdict())


def read_normalised(folder: Path) -> NormalisedImages:
    """Return what `write_normalised` wrote, memory-mapped; raise DamagedError for anything else."""
    pixels = read_array(folder / "pixels.npy", "uint8", (None, PIXELS))
    labels = read_labels(folder, len(pixels))
    mean, std = (read_array(folder / f"{name}.npy", "float64", (len(pixels),)) for name in ("mean", "std"))
    for name, moments, most in (("mean", mean, LARGEST_PIXEL), ("std", std, LARGEST_PIXEL / 2)):
        if moments.min() < 0 or moments.max() > most:
            raise DamagedError(f"{folder / name}.npy: has values that no image of bytes has, expected 0 to {most}")
    check_set(folder, list(NormalisedImages._fields))
    return NormalisedImages(pixels, labels, mean, std)


def read_labels(folder: Path, size: int) -> ByteArray:
    """Return a folder's labels, one for each image."""
    path = folder / "labels.npy"
    labels = read_array(path, "uint8", (size,))
    if labels.max() not in DIGITS:
        raise DamagedError(f"{path}: has the label {labels.max()}, expected labels from 0 to 9")
    return labels
