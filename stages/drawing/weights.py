"""Colours of weights: blue where ink says yes, vermilion where it says no, grey where there is hardly any."""

from typing import Any

import numpy as np
import numpy.typing as npt

from stages.storage.arrays import ByteArray, FloatArray, release

YES, NO = (0, 85, 160), (190, 65, 0)  # which any eye tells apart
WHITE = 255
UNSEEN = 225  # a grey
AT_A_TIME = 4096  # images
SHARE = 100  # one image in so many has ink there, or the weight follows from the others


def seen(X: ByteArray) -> npt.NDArray[np.bool_]:
    """Return in which columns of features, (n, P), at least one image in a hundred has something, (P,)."""
    inked: Any = 0
    for start in range(0, len(X), AT_A_TIME):
        inked += np.count_nonzero(part := X[start : start + AT_A_TIME], axis=0)
        release(part)
    return np.asarray(SHARE * inked >= len(X))


def colours_of(weights: FloatArray, seen: npt.NDArray[np.bool_], levels: int = WHITE) -> ByteArray:
    """Return a colour for each weight of any number of models, (..., P, 3) uint8, all on one scale around zero."""
    largest = np.abs(weights[..., seen]).max(initial=0) or 1.0
    shares = np.rint(np.clip(weights / largest, -1, 1) * levels) / levels
    return np.where(seen[:, None], around_zero(shares), np.uint8(UNSEEN))


def around_zero(shares: Any) -> ByteArray:
    """Return a colour for each number from -1 to 1, (..., 3) uint8: white at 0, the more colour the further from it."""
    share = np.asarray(shares)[..., None]
    full = np.where(share > 0, YES, NO)
    colours: ByteArray = np.rint(WHITE + np.abs(share) * (full - WHITE)).astype(np.uint8)
    return colours
