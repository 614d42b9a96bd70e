"""MNIST's form: 28x28, the digit's longer side 20 pixels, its centre of mass in the middle, ink 255 on paper 0.

Source: Yann LeCun, Corinna Cortes, Christopher Burges, "The MNIST database of handwritten digits". The exact middle and
the width of strokes were measured on its images.
"""

import cv2
import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part
from stages.images.form import LARGEST_PIXEL, SIDE
from stages.storage.arrays import Array, ByteArray

LONGER = 20
MIDDLE = 14.5  # pixels from the left and from the top: the middle of the fifteenth pixel
FINE = 8  # points on a pixel's side: the digit is scaled and moved on this finer grid
THINNEST, THICKEST = 0.12, 0.15  # of the longer side: the width of MNIST's strokes
THINNED = 0.5  # of the excess of a thick stroke: removing all of it would break the loops of blurred digits
GAIN = 1.2  # so that the middle of a stroke reaches 255, as in most of MNIST


def mnist_form(ink: Ink, part: Part) -> ByteArray:
    """Return a digit in MNIST's form, (784,) uint8: in proportion, antialiased, with strokes about as wide."""
    amount = amount_of(ink, part)
    longer = max(part.mask.shape)
    thickness = stroke_width(part.mask) / longer
    wider = max(THINNEST - thickness, 0) + THINNED * min(THICKEST - thickness, 0)
    fine = with_strokes(scaled(amount, FINE * LONGER / longer), FINE * LONGER * wider)
    small = cv2.resize(centred(fine), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    levels: Array = np.clip(GAIN * small / small.max(), 0, 1)
    image: ByteArray = np.rint(LARGEST_PIXEL * levels).astype(np.uint8)
    return image.ravel()


def amount_of(ink: Ink, part: Part) -> Array:
    """Return the ink of a part with its soft edge and without its neighbours, (height, width) float32."""
    edge = 1 + max(part.mask.shape) // LONGER
    mask = np.pad(part.mask.astype(np.uint8), edge)
    around = cv2.dilate(mask, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8))
    amount: Array = np.pad(ink.amount, edge)[part.top :, part.left :][: mask.shape[0], : mask.shape[1]]
    return amount * around


def scaled(amount: Array, factor: float) -> Array:
    """Return an image with its sides multiplied by a factor."""
    height, width = (max(1, round(side * factor)) for side in amount.shape)
    return cv2.resize(amount, (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)


def with_strokes(fine: Array, wider: float) -> Array:
    """Return an image with its strokes widened by so many pixels, or narrowed if that is below 0."""
    side = min(round(abs(wider)), FINE * LONGER // 2)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(1, side), max(1, side)))
    changed = (cv2.dilate if wider > 0 else cv2.erode)(fine, disc, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return changed if changed.any() else fine


def centred(fine: Array) -> Array:
    """Return an image on a square of 28 * FINE pixels, with its centre of mass where MNIST has it."""
    moments = cv2.moments(fine)
    x, y = (moments[name] / moments["m00"] + 0.5 for name in ("m10", "m01"))
    shift = np.array([[1, 0, round(FINE * MIDDLE - x)], [0, 1, round(FINE * MIDDLE - y)]], np.float32)
    return cv2.warpAffine(fine, shift, (SIDE * FINE, SIDE * FINE), flags=cv2.INTER_NEAREST)
