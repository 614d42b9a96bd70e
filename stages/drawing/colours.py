"""Colours of numbers around zero."""

from typing import Any

import numpy as np

from stages.storage.arrays import ByteArray

WHITE = 255
ABOVE, BELOW = (0, 85, 160), (190, 65, 0)  # at 1 and at -1: blue and vermilion, which any eye tells apart


def around_zero(numbers: Any) -> ByteArray:
    """Return a colour for each number from -1 to 1, (..., 3) uint8: white at 0, the more colour the further from it."""
    share = np.asarray(numbers)[..., None]
    full = np.where(share > 0, ABOVE, BELOW)
    colours: ByteArray = np.rint(WHITE + np.abs(share) * (full - WHITE)).astype(np.uint8)
    return colours
