"""Images and weights as square pictures of any size: pixels as squares, strokes as strokes, columns as stripes."""

from typing import NamedTuple

import numpy as np

from stages.drawing.strokes import strokes_picture
from stages.storage.arrays import Array, ByteArray

PAPER = 255
SHARP = 64  # pixels; in larger images, pixels are not drawn as equal squares


def fitted(image: ByteArray, side: int, around: int) -> ByteArray:
    """Return an image, (height, width) or (height, width, 3) uint8, in the middle of a square, as large as it fits.

    Positions are whole numbers, the same everywhere. `around` is the value of the pixels beside it.
    """
    longest = max(image.shape[:2])
    height, width = (max(1, side * length // longest) for length in image.shape[:2])
    picture = np.full((side, side, *image.shape[2:]), around, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    picture[top : top + height, left : left + width] = stretched(image, height, width)
    return picture


def stretched(image: Array, height: int, width: int) -> Array:
    """Return an image in another height and width. Each pixel comes from the nearest above and to the left."""
    rows, columns = (np.arange(new) * old // new for new, old in zip((height, width), image.shape[:2], strict=True))
    picture: Array = image[rows[:, None], columns]
    return picture


class Look(NamedTuple):
    """How to draw a model's weights: its kind of features, and the height and width of the images.

    Of columns, each is a stripe, the first on top, and shape is (P, 1).
    """

    features: str
    shape: tuple[int, ...]

    def picture(self, colours: ByteArray, side: int) -> ByteArray:
        """Return the colours of weights, (P, 3) uint8, as a picture, (side, side, 3) uint8."""
        if self.features == "strokes":
            return strokes_picture(colours, side)
        if self.features == "pixels":
            return fitted(colours.reshape(*self.shape, 3), side, PAPER)
        return stretched(colours[:, None], side, side)

    @property
    def ink(self) -> str:
        """Return what the features of images are made of, in the words of a legend."""
        return "a stroke" if self.features == "strokes" else "ink"

    @property
    def unit(self) -> int:
        """Return the number of which a picture's side should be a multiple, so that all its squares are equal."""
        return max(self.shape) if max(self.shape) <= SHARP else 1
