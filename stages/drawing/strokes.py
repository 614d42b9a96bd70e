"""Weights of strokes as a picture: in each place a ring of eight short strokes, one for each direction of an edge.

An edge where ink grows to the right is the left side of a stroke: it is drawn upright, left of the place's middle. So
what a model looks for is seen as the outline of a digit.
"""

from functools import cache

import numpy as np

from stages.features.directions import DIRECTIONS, PLACES
from stages.storage.arrays import Array, ByteArray

PAPER = 255
HALF = np.sqrt(0.5)
GROWS = [(1, 0), (HALF, HALF), (0, 1), (-HALF, HALF), (-1, 0), (-HALF, -HALF), (0, -1), (HALF, -HALF)]  # x and y, down
AWAY, LONG, THICK = 0.62, 0.30, 0.15  # a stroke's distance from the middle, half its length and width, in half places


@cache
def ring(side: int) -> Array:
    """Return which direction's stroke is at each pixel of a place, (side, side); DIRECTIONS where there is none."""
    at = (2 * np.arange(side) + 1 - side) / side
    x, y = at[None, :], at[:, None]
    found = np.full((side, side), DIRECTIONS)
    for direction, (right, down) in enumerate(GROWS):
        across, along = np.abs(x * right + y * down + AWAY), np.abs(x * down - y * right)
        found[(across < THICK) & (along < LONG)] = direction
    return found


def strokes_picture(colours: ByteArray, side: int) -> ByteArray:
    """Return the colours of 392 weights, (392, 3) uint8, as a picture, (side, side, 3) uint8, each place side / 7."""
    places = colours.reshape(PLACES, PLACES, DIRECTIONS, 3)
    paper = np.full((PLACES, PLACES, 1, 3), PAPER, np.uint8)
    tiles = np.concatenate([places, paper], axis=2)[:, :, ring(side // PLACES)]
    return np.ascontiguousarray(tiles.transpose(0, 2, 1, 3, 4)).reshape(side, side, 3)


def pixels_picture(colours: ByteArray, side: int) -> ByteArray:
    """Return the colours of 784 weights, (784, 3) uint8, as a picture, (side, side, 3) uint8, of squares."""
    across = round(len(colours) ** 0.5)
    return colours.reshape(across, across, 3).repeat(side // across, axis=0).repeat(side // across, axis=1)


PICTURES = {"pixels": pixels_picture, "strokes": strokes_picture}
