"""The kinds of features, by their names in params.yaml."""

from concurrent.futures import Executor
from typing import Protocol

import numpy as np

from stages.features.directions import directions
from stages.features.upright import upright
from stages.storage.arrays import ByteArray

PART = 256  # images: the arrays for so many stay in a processor's cache


class Feature(Protocol):
    """A kind of features: (n, 784) uint8 to (n, P) uint8, each row from its image alone; n may be 0.

    An executor computes several parts of the images at once. The bytes are the same without one.
    """

    def __call__(self, images: ByteArray, executor: Executor | None = None) -> ByteArray:
        """Return the features of images."""


def pixels(images: ByteArray, executor: Executor | None = None) -> ByteArray:  # noqa: ARG001
    """Return the images, (n, 784) uint8, unchanged."""
    return images


def strokes(images: ByteArray, executor: Executor | None = None) -> ByteArray:
    """Return the directions of strokes, (n, 392) uint8, of images that are first set upright."""
    parts = [images[start : start + PART] for start in range(0, max(len(images), 1), PART)]
    return np.concatenate(list((executor.map if executor else map)(strokes_of, parts)))


def strokes_of(images: ByteArray) -> ByteArray:
    """Return the strokes, (n, 392) uint8, of a few images, (n, 784) uint8."""
    return directions(upright(images))


FEATURES: dict[str, Feature] = {"pixels": pixels, "strokes": strokes}
