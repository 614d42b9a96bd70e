"""Labelled images, in memory and on disk."""

from pathlib import Path
from typing import NamedTuple

from stages.storage.arrays import ByteArray
from stages.storage.npy import read_array
from stages.storage.sets import check_set, write_set

SIDE = 28
PIXELS = SIDE * SIDE
LARGEST_PIXEL = 255
DIGITS = range(10)  # MNIST's classes


class Images(NamedTuple):
    """Labelled images: pixels (n, 784) uint8, rows of 28 from the top left; labels (n,) uint8, from 0."""

    pixels: ByteArray
    labels: ByteArray


def write_images(folder: Path, images: Images) -> None:
    """Write images.npy and labels.npy, as a set."""
    write_set(folder, {"images": images.pixels, "labels": images.labels})


def read_images(folder: Path) -> Images:
    """Return what `write_images` wrote, memory-mapped; raise DamagedError for anything else."""
    pixels = read_pixels(folder, "images")
    labels = read_array(folder / "labels.npy", "uint8", (len(pixels),))
    check_set(folder, ["images", "labels"])
    return Images(pixels, labels)


def read_pixels(folder: Path, name: str = "pixels") -> ByteArray:
    """Return the pixels in one file of a set, (n, 784), memory-mapped; raise DamagedError for anything else."""
    return read_array(folder / f"{name}.npy", "uint8", (None, PIXELS))
