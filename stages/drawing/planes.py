"""Frames as a film stores them: a plane of brightness, and two of colour at halved the size. All numbers are whole.

The weights are those of ITU-R BT.709 for 8 bits in 1/256: brightness 16 to 235, colours 16 to 240 around 128. They are
rounded so that the three weights of a colour add up to 0.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from stages.storage.arrays import ByteArray

BRIGHTNESS = (47, 157, 16)  # of red, green and blue
BLUE = (-26, -86, 112)
RED = (112, -102, -10)


def planes(rgb: ByteArray) -> ByteArray:
    """Return a frame, (height, width, 3) uint8 with even sides, in YUV 4:2:0, (3/2 height, width) uint8.

    The brightness comes first, then the two colours, each with a quarter as many numbers.
    """
    channels = cv2.split(rgb)
    means = [mean_of_four(channel) for channel in channels]
    parts = [weighted(channels, BRIGHTNESS, 16), weighted(means, BLUE, 128), weighted(means, RED, 128)]
    return np.concatenate([part.ravel() for part in parts]).reshape(-1, rgb.shape[1])


def weighted(channels: Sequence[Any], weights: tuple[int, int, int], start: int) -> ByteArray:
    """Return the weighted sum of three channels, (height, width) uint8, plus `start`; halves are rounded up.

    Sixteen bits hold every sum. Negative weights make it wrap around, and back again at the end.
    """
    total = np.full(channels[0].shape, 256 * start + 128, dtype=np.uint16)
    for channel, weight in zip(channels, weights, strict=True):
        total += np.multiply(channel, weight % 2**16, dtype=np.uint16)
    return (total >> 8).astype(np.uint8)


def halved(rgb: ByteArray) -> ByteArray:
    """Return a frame, (height, width, 3) uint8, at half its size. Each pixel is the mean of four, halves rounded up."""
    return np.asarray(cv2.merge([mean_of_four(channel) for channel in cv2.split(rgb)]), dtype=np.uint8)


def mean_of_four(channel: Any) -> ByteArray:
    """Return one channel at half its width and height, (height / 2, width / 2) uint8."""
    rows = np.add(channel[::2], channel[1::2], dtype=np.uint16)
    means: ByteArray = ((rows[:, ::2] + rows[:, 1::2] + 2) >> 2).astype(np.uint8)
    return means
