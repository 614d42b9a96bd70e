"""Moment normalisation: sets each image upright, in the middle, at the same size.

From Casey (1970), Moment normalization of handprinted characters, in the form of Liu, Nakashima, Sako and Fujisawa
(2003 and 2004), Handwritten digit recognition. Moments, positions (in fractions of a pixel) and interpolation are in
whole numbers. Between them are a few float64 + - * / and square roots, in the order written.
"""

from typing import NamedTuple

import numpy as np

from stages.images.form import SIDE
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray

MIDDLE = (SIDE - 1) / 2
SIZE = 5.5  # pixels: the vertical standard deviation of the ink; chosen in docs/strokes.md
SMALLEST, LARGEST = 0.5, 2.0  # so that a line does not become a square, nor a speck an image
MOST_SHEAR = 1.0  # 45 degrees
PIXEL = 1 << 16  # positions are whole numbers of 1 / PIXEL of a pixel
EDGE = 2  # pixels without ink around an image


class Frame(NamedTuple):
    """Where the new image lies in the old one: all (n,) float64, in pixels of the old image.

    x, y : its middle. shear : how far its rows move to the right for each pixel down. wide, high : its pixels' size.
    """

    x: FloatArray
    y: FloatArray
    shear: FloatArray
    wide: FloatArray
    high: FloatArray


def upright(pixels: ByteArray, size: float | None = SIZE) -> ByteArray:
    """Return images with the ink upright, its centre in the middle, and its size about the same.

    Column u and row v of the new image are interpolated from the old one at

        x = cx + fx (u - 13.5) + s fy (v - 13.5),  y = cy + fy (v - 13.5),

    with the centre c and the shear s = u11 / u02 of the ink, fy = sy / size and fx = sqrt(sx sy) / size, where sx and
    sy are its standard deviations, sx after the shear. So slender and wide ink become half as different.

    Parameters
    ----------
    pixels : (n, 784) uint8.
    size : above 0, in pixels; None keeps the size.

    Returns
    -------
    (n, 784) uint8. An image with ink in at most one pixel stays as it is.
    """
    frame, n, across = frames_of(pixels, size), len(pixels), SIDE + 2 * EDGE
    image = np.zeros((n, across, across), np.int32)
    image[:, EDGE:-EDGE, EDGE:-EDGE] = pixels.reshape(n, SIDE, SIDE)
    y = positions(frame.y - frame.high * MIDDLE, frame.high)
    rows = interpolated(image.reshape(n * across, across), y, np.arange(n)[:, None] * across)
    slope = frame.shear[:, None] * (frame.high[:, None] * (np.arange(SIDE) - MIDDLE))
    wide = frame.wide[:, None]
    x = positions(frame.x[:, None] + slope - wide * MIDDLE, wide)
    between = interpolated(rows.reshape(n * SIDE * across), x, np.arange(n * SIDE).reshape(n, SIDE, 1) * across)
    return ((between + (1 << 15)) >> 16).astype(np.uint8).reshape(n, SIDE * SIDE)


def frames_of(pixels: ByteArray, size: float | None) -> Frame:
    """Return the frames of images, (n, 784) uint8."""
    m00, m10, m01, m20, m11, m02 = moments_of(pixels)
    u20, u11, u02 = m00 * m20 - m10 * m10, m00 * m11 - m10 * m01, m00 * m02 - m01 * m01  # times m00 squared
    shear = np.clip(u11 / np.maximum(u02, 1), -MOST_SHEAR, MOST_SHEAR)
    sx = np.sqrt(np.maximum(u20 - shear * (2 * u11 - shear * u02), 0)) / m00
    sy = np.sqrt(u02) / m00
    extended = u20 + u02 > 0
    x, y = (np.where(extended, m / m00, MIDDLE) for m in (m10, m01))
    if size is None:
        return Frame(x, y, shear, np.ones(len(x)), np.ones(len(x)))
    factors = (np.clip(s / size, SMALLEST, LARGEST) for s in (np.sqrt(sx * sy), sy))
    return Frame(x, y, shear, *(np.where(extended, factor, 1.0) for factor in factors))


def moments_of(pixels: ByteArray) -> list[IntArray]:
    """Return m00, at least 1, m10, m01, m20, m11, m02, (n,) int64 each: sums of ink times powers of x and y."""
    ink, at = pixels.reshape(len(pixels), SIDE, SIDE), np.arange(SIDE)
    rows, columns = ink.sum(axis=2, dtype=np.int64), ink.sum(axis=1, dtype=np.int64)
    m11 = (ink @ at) @ at
    return [np.maximum(rows.sum(axis=1), 1), columns @ at, rows @ at, columns @ (at * at), m11, rows @ (at * at)]


def positions(start: FloatArray, step: FloatArray) -> IntArray:
    """Return the positions of 28 pixels from `start`, (..., 28) int64, in 1 / PIXEL, clipped at the image's edge."""
    first, apart = (np.floor(number * PIXEL + 0.5).astype(np.int64)[..., None] for number in (start, step))
    return np.clip(first + apart * np.arange(SIDE), -PIXEL, SIDE * PIXEL)


def interpolated(values: Array, position: IntArray, origin: IntArray) -> Array:
    """Return 256 times the values, (n, ...), at positions between them, counted along the first axis from an origin."""
    before = (position >> 16) + (origin + EDGE)
    share = ((position >> 8) & 255).astype(np.int32).reshape(position.shape + (1,) * (values.ndim - 1))
    near: Array = values.take(before, axis=0)
    between: Array = 256 * near + share * (values.take(before + 1, axis=0) - near)
    return between
