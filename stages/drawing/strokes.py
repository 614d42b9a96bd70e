"""Weights of strokes as pictures: eight short strokes in each place.

If ink increases to the right, that edge is the left side of a stroke. It is drawn as a vertical stroke, a little left
of the place's middle. Where strokes cross, the one with the largest weight is on top.
"""

from functools import cache

import numpy as np

from stages.features.directions import DIRECTIONS, PLACES
from stages.storage.arrays import Array, ByteArray

PAPER = 255
HALF = np.sqrt(0.5)
GROWS = [(1, 0), (HALF, HALF), (0, 1), (-HALF, HALF), (-1, 0), (-HALF, -HALF), (0, -1), (HALF, -HALF)]  # x, and y down
AWAY, LONG, THICK = 0.35, 0.75, 0.13  # of a stroke, in half places: distance from the middle, half of length and width


@cache
def strokes_in(side: int) -> Array:
    """Return which pixels of a place each direction's stroke covers, (8, side, side) bool."""
    at = (2 * np.arange(side) + 1 - side) / side
    x, y = at[None, :], at[:, None]
    covers = [(np.abs(x * r + y * d + AWAY) < THICK) & (np.abs(x * d - y * r) < LONG) for r, d in GROWS]
    return np.stack(covers)


def strokes_picture(colours: ByteArray, side: int) -> ByteArray:
    """Return the colours of 392 weights, (392, 3) uint8, as a picture, (side, side, 3) uint8; a place has side / 7."""
    places = colours.reshape(-1, DIRECTIONS, 3)
    covers = strokes_in(side // PLACES)
    picture = np.full((len(places), *covers.shape[1:], 3), PAPER, np.uint8)
    palest_first = np.argsort(-places.sum(axis=2, dtype=int), axis=1, kind="stable")
    for place, order in enumerate(palest_first):
        for direction in order:
            picture[place, covers[direction]] = places[place, direction]
    return picture.reshape(PLACES, PLACES, *picture.shape[1:]).transpose(0, 2, 1, 3, 4).reshape(side, side, 3)
