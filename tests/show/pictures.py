"""Draw clean pictures of digits: each is a few lines of one width and colour, on even paper."""

import math

import cv2
import numpy as np

from stages.storage.arrays import ByteArray

Colour = tuple[int, int, int]
Line = list[tuple[float, float]]

FINE = 4  # lines are drawn so much larger, then made smaller: their edges are soft


def ring(x: float, y: float, wide: float, high: float) -> Line:
    """Return an ellipse's points."""
    return [(x + wide * math.sin(k / 4), y - high * math.cos(k / 4)) for k in range(26)]


SEVEN: Line = [(0.1, 0), (0.9, 0), (0.4, 1)]
DIGITS: list[list[Line]] = [  # in a box from 0 to 1
    [ring(0.5, 0.5, 0.4, 0.5)],
    [[(0.4, 0.1), (0.55, 0), (0.5, 1)]],
    [[(0.1, 0.2), (0.4, 0), (0.8, 0.15), (0.7, 0.5), (0.1, 1), (0.9, 1)]],
    [[(0.2, 0), (0.8, 0.05), (0.8, 0.35), (0.4, 0.48), (0.85, 0.6), (0.8, 0.95), (0.1, 1)]],
    [[(0.3, 0), (0.1, 0.6), (0.9, 0.6)], [(0.75, 0.25), (0.7, 1)]],
    [[(0.25, 0.15), (0.2, 0.5), (0.7, 0.5), (0.8, 0.8), (0.5, 1), (0.1, 0.95)], [(0.35, 0), (0.9, 0)]],  # in two pieces
    [[(0.7, 0), (0.3, 0.4), (0.2, 0.75)], ring(0.5, 0.72, 0.3, 0.28)],
    [SEVEN],
    [ring(0.5, 0.24, 0.3, 0.24), ring(0.5, 0.74, 0.36, 0.26)],
    [ring(0.5, 0.28, 0.35, 0.28), [(0.85, 0.28), (0.7, 1)]],
]


def clean(*lines: str, high: int = 100, pen: Colour = (30, 30, 30), paper: Colour = (250, 250, 250)) -> ByteArray:
    """Return a picture of lines of digits, each `high` pixels high, (height, width, 3) uint8 RGB."""
    unit, step = FINE * high, 1.2 * high
    size = round(1.6 * high * len(lines) + high), round(step * max(map(len, lines)) + high)
    ink = np.zeros((FINE * size[0], FINE * size[1]), np.uint8)
    for row, line in enumerate(lines):
        for column, digit in enumerate(line):
            corner = FINE * np.array([high / 2 + step * column, 0.8 * high + 1.6 * high * row])
            for points in DIGITS[int(digit)]:
                path = np.rint(corner + unit * np.array(points) * [0.7, 1]).astype(np.int32)
                cv2.polylines(ink, [path], isClosed=False, color=255, thickness=round(0.1 * unit), lineType=cv2.LINE_AA)
    share = cv2.resize(ink, size[::-1], interpolation=cv2.INTER_AREA)[..., None] / 255
    return np.rint(share * pen + (1 - share) * paper).astype(np.uint8)
