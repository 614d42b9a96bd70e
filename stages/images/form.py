"""Labelled images, or columns of numbers, in memory and on disk."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import Array, ByteArray
from stages.storage.npy import Shape, read_array
from stages.storage.sets import check_set, names_in, write_set

SIDE = 28
PIXELS = SIDE * SIDE
LARGEST_PIXEL = 255
DIGITS = range(10)  # MNIST's classes
WORD = "S96"  # a label or a column's name, UTF-8


class Images(NamedTuple):
    """Labelled images: pixels (n, 784) uint8, rows of 28 from the top left; labels (n,) uint8, from 0.

    Images of another size are (n, height, width).
    """

    pixels: ByteArray
    labels: ByteArray


class Data(NamedTuple):
    """What `fetch` brings: n images, or n rows of P numbers, with their labels.

    values : of images (n, 784) or (n, height, width) uint8; of columns (n, P) float64, finite.
    labels : (n,) uint8 or words. test : (n,) bool, the rows of the data's own test set; None if there is none.
    names : (P,) words, of columns; None for images.
    """

    values: Array
    labels: Array
    test: Array | None = None
    names: Array | None = None

    @property
    def kind(self) -> str:
        """Return what the values are, `images` or `columns`. The file with the values has this name."""
        return "images" if self.values.dtype == np.uint8 else "columns"


def image_of(pixels: ByteArray) -> ByteArray:
    """Return one image as (height, width): (784,) is reshaped, any other shape stays."""
    return pixels.reshape(SIDE, SIDE) if pixels.ndim == 1 else pixels


def write_images(folder: Path, images: Images) -> None:
    """Write images with their labels as a set."""
    write_data(folder, Data(*images))


def write_data(folder: Path, data: Data) -> None:
    """Write the arrays as a set: images.npy or columns.npy, labels.npy, and test.npy and names.npy if there are any."""
    arrays = {data.kind: data.values, "labels": data.labels, "test": data.test, "names": data.names}
    write_set(folder, {name: array for name, array in arrays.items() if array is not None})


def read_data(folder: Path) -> Data:
    """Return what `write_data` wrote, memory-mapped. Raise DamagedError for anything else."""
    listed = names_in(folder)
    if listed[:1] == ["columns"]:
        values = read_array(folder / "columns.npy", "float64", (None, None))
    else:
        values = read_pixels(folder, "images")
    forms: dict[str, tuple[str, Shape]] = {"test": ("bool", (len(values),)), "names": (WORD, values.shape[1:])}
    more = {name: read_array(folder / f"{name}.npy", *forms[name]) for name in listed[2:] if name in forms}
    labels = read_array(folder / "labels.npy", "uint8", (len(values),), (WORD, (len(values),)))
    data = Data(values, labels, **more)
    check_set(folder, [data.kind, "labels", *more])
    return data


def read_pixels(folder: Path, name: str = "pixels") -> ByteArray:
    """Return the images in one file of a set, memory-mapped, uint8: (n, 784), or (n, height, width) of other sizes.

    Raises DamagedError for anything else.
    """
    return read_array(folder / f"{name}.npy", "uint8", (None, PIXELS), ("uint8", (None, None, None)))
