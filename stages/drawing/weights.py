"""Colours of weights: blue where ink says yes, vermilion where it says no, grey where there is hardly any ink."""

from typing import Any

import numpy as np
import numpy.typing as npt

from stages.storage.arrays import ByteArray, FloatArray, release

YES, NO = (0, 85, 160), (190, 65, 0)  # also different for colour-blind people
WHITE = 255
UNUSED = 225  # grey
AT_A_TIME = 4096  # images
SHARE = 100  # a column is used if one image in so many has ink there


def used_columns(X: ByteArray) -> npt.NDArray[np.bool_]:
    """Return the columns of features X, (n, P) uint8, above 0 in at least one image in a hundred, (P,) bool."""
    inked: Any = 0
    for start in range(0, len(X), AT_A_TIME):
        inked += np.count_nonzero(part := X[start : start + AT_A_TIME], axis=0)
        release(part)
    return np.asarray(SHARE * inked >= len(X))


def colours_of(weights: FloatArray, used: npt.NDArray[np.bool_], levels: int = WHITE) -> ByteArray:
    """Return the colours of weights, (..., P) float64, on one scale around zero, (..., P, 3) uint8; used (P,) bool."""
    largest = np.abs(weights[..., used]).max(initial=0) or 1.0
    shares = np.rint(np.clip(weights / largest, -1, 1) * levels) / levels
    return np.where(used[:, None], around_zero(shares), np.uint8(UNUSED))


def around_zero(shares: Any) -> ByteArray:
    """Return a colour for each number from -1 to 1, (..., 3) uint8: white at 0, stronger further away."""
    share = np.asarray(shares)[..., None]
    full = np.where(share > 0, YES, NO)
    colours: ByteArray = np.rint(WHITE + np.abs(share) * (full - WHITE)).astype(np.uint8)
    return colours
