"""Images and weights as square pictures of any size: pixels as squares, strokes as strokes, columns as stripes."""

from typing import NamedTuple

import numpy as np

from stages.drawing.strokes import strokes_picture
from stages.storage.arrays import Array, ByteArray

PAPER = 255
SHARP = 64  # pixels: larger images are not drawn in whole squares


def fitted(image: ByteArray, side: int, around: int) -> ByteArray:
    """Return an image, (height, width) or with colours behind, in the middle of a square, as large as it fits in.

    Places are whole numbers, so that it is the same everywhere. `around` is what is beside it.
    """
    longest = max(image.shape[:2])
    height, width = (max(1, side * length // longest) for length in image.shape[:2])
    picture = np.full((side, side, *image.shape[2:]), around, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    picture[top : top + height, left : left + width] = stretched(image, height, width)
    return picture


def stretched(image: Array, height: int, width: int) -> Array:
    """Return an image in another height and width, each pixel the nearest above and to the left."""
    rows, columns = (np.arange(new) * old // new for new, old in zip((height, width), image.shape[:2], strict=True))
    picture: Array = image[rows[:, None], columns]
    return picture


class Look(NamedTuple):
    """What a model's weights look like: of which features they are, and the images' height and width.

    Of columns the first is on top, and each a stripe; shape is (P, 1) then.
    """

    features: str
    shape: tuple[int, ...]

    def picture(self, colours: ByteArray, side: int) -> ByteArray:
        """Return the colours of weights, (P, 3) uint8, as a picture, (side, side, 3)."""
        if self.features == "strokes":
            return strokes_picture(colours, side)
        if self.features == "pixels":
            return fitted(colours.reshape(*self.shape, 3), side, PAPER)
        return stretched(colours[:, None], side, side)

    @property
    def unit(self) -> int:
        """Return of how many pixels a picture's side should be a multiple, so that all its squares are alike."""
        return max(self.shape) if max(self.shape) <= SHARP else 1
