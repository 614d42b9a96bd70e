"""The directions of strokes: how much the ink increases in each of eight directions, at each of 7x7 places.

From Liu, Nakashima, Sako and Fujisawa (2003), Handwritten digit recognition: benchmarking of state-of-the-art
techniques. Dalal and Triggs (2005) also use histograms of directions at places. No angle is computed. All numbers are
whole until the square roots at the end.
"""

import numpy as np

from stages.images.form import SIDE
from stages.storage.arrays import Array, ByteArray, ShortArray

PLACES = 7  # on each side
APART = SIDE // PLACES  # pixels from the middle of one place to the next
DIRECTIONS = 8
WINDOW = (1, 3, 5, 7, 7, 5, 3, 1)  # a triangle over 8 pixels; it reaches 0 at the middles of the next places
BORDER = (len(WINDOW) - APART) // 2  # pixels outside the image that the windows of the outer places cover
SCALE = 0.4  # it clips one in 20,000 of MNIST's bytes


def directions(pixels: ByteArray, scale: float = SCALE) -> ByteArray:
    """Return the strength of the strokes' edges by place and direction.

    Sobel's differences give each pixel a vector (gx, gy). It is split between the two nearest of eight directions: the
    axis gets the larger of |gx| and |gy| minus the smaller, the diagonal gets the smaller times sqrt 2. A place adds up
    the vectors under its window. The byte is the square root of this sum times scale, at most 255, rounded.

    Parameters
    ----------
    pixels : (n, 784) uint8.
    scale : above 0.

    Returns
    -------
    (n, 392) uint8: 7 rows of 7 places of 8 directions. Direction k, in which ink increases, is
        k times 45 degrees clockwise from the right, so 2 is down.
    """
    n = len(pixels)
    sums = np.empty((PLACES, PLACES, DIRECTIONS, n))
    for direction, part in enumerate(parts_of(*differences(pixels))):
        sums[:, :, direction] = sums_at_places(np.maximum(part, 0))
    sums[:, :, 1::2] *= np.sqrt(2.0)
    strengths = np.minimum(np.sqrt(sums) * scale, 255) + 0.5
    return np.ascontiguousarray(strengths.astype(np.uint8).reshape(PLACES * PLACES * DIRECTIONS, n).T)


def differences(pixels: ByteArray) -> tuple[ShortArray, ShortArray]:
    """Return Sobel's differences gx and gy of images, each (28, 28, n) int16, at most 1020. Outside is no ink."""
    n = len(pixels)
    image = np.zeros((SIDE + 2, SIDE + 2, n), np.int16)
    image[1:-1, 1:-1] = pixels.T.reshape(SIDE, SIDE, n)
    across, down = image[:, 2:] - image[:, :-2], image[2:] - image[:-2]
    gx = across[:-2] + 2 * across[1:-1] + across[2:]
    gy = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    return gx, gy


def parts_of(gx: ShortArray, gy: ShortArray) -> list[ShortArray]:
    """Return a vector's part in each of the eight directions, (28, 28, n) int16 each. A negative part counts as 0."""
    left, up, wide, high = -gx, -gy, np.abs(gx), np.abs(gy)
    axes = [gx - high, gy - wide, left - high, up - wide]
    diagonals = [np.minimum(*pair) for pair in ((gx, gy), (left, gy), (left, up), (gx, up))]
    return [part for pair in zip(axes, diagonals, strict=True) for part in pair]


def sums_at_places(part: ShortArray) -> Array:
    """Return the sums over the places' windows, (7, 7, n) int32, of (28, 28, n) int16."""
    rows = windowed(part).astype(np.int32)  # so far at most 32 times 1020, which int16 holds
    return windowed(rows.transpose(1, 0, 2)).transpose(1, 0, 2)


def windowed(values: Array) -> Array:
    """Return the sums over the windows along the first axis: (28, k, n) becomes (7, k, n) of the same dtype."""
    wider = np.zeros((SIDE + 2 * BORDER, *values.shape[1:]), values.dtype)
    wider[BORDER:-BORDER] = values
    sums: Array = sum(values.dtype.type(w) * wider[at : at + SIDE : APART] for at, w in enumerate(WINDOW))
    return sums
