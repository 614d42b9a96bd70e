"""Find straight lines in ink, horizontal or vertical, which may be a little slanted."""

from typing import NamedTuple

import cv2
import numpy as np

from stages.storage.arrays import Array

RUN = 0.1  # of the picture's side: the least length of a straight run without a gap
STEEPEST = 0.14  # the greatest slope of a rule
BENT = 50  # times its thickness: a longer line may be bent, as paper is
SHORTEST = 8  # pixels
COVERED = 0.75  # of a line's length: the least share with ink
MOST = 16  # lines in each direction and round


class Line(NamedTuple):
    """A straight line from left to right: its first column, its end, exclusive, its thickness, and y in each column.

    inked is the share of its length that has ink.
    """

    start: int
    end: int
    thick: float
    y: Array
    inked: float

    @property
    def length(self) -> int:
        """Return how many columns it crosses."""
        return self.end - self.start


def straight(mask: Array, shortest: int) -> Array:
    """Return the ink in nearly horizontal straight runs, (height, width) bool.

    shortest is their least length, in pixels.
    """
    height, width = mask.shape
    run = max(shortest, round(RUN * width))
    if run > width:
        return np.zeros_like(mask)
    steepest = min(STEEPEST, height / width)
    drop = round(steepest * width)
    found = np.zeros((height, width), np.uint8)
    loose = cv2.dilate(mask.astype(np.uint8), np.ones((3, 1), np.uint8))  # since a thin slanted line has steps
    for slope in np.arange(-steepest, steepest, 2 / run):
        shear = np.array([[1, 0, 0], [slope, 1, drop if slope < 0 else 0]], np.float32)
        sheared = cv2.warpAffine(loose, shear, (width, height + drop), flags=cv2.INTER_NEAREST)
        runs = cv2.morphologyEx(sheared, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        back = cv2.warpAffine(runs, shear, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
        found = np.maximum(found, back)
    return mask & (found > 0)


def lines_of(runs: Array) -> list[Line]:
    """Return the nearly horizontal straight lines in runs, the longest first; a line may have gaps."""
    runs = runs.astype(np.uint8)
    gap = max(3, runs.shape[1] // 16)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(runs, np.ones((1, gap), np.uint8)))
    labels *= runs  # removes what dilation added to join them
    y, x = np.nonzero(runs)
    label = labels[y, x]
    found = []
    for longest in (np.argsort(-boxes[1:, cv2.CC_STAT_WIDTH], kind="stable") + 1)[:MOST]:
        seed = label == longest
        if seed.any() and (line := line_of(x[seed], y[seed], x[label > 0], y[label > 0])):
            found.append(line)
            label[seed & (x >= line.start) & (x < line.end)] = 0
    return found


def line_of(x: Array, y: Array, all_x: Array, all_y: Array) -> Line | None:
    """Return the line through some points, fitted to all points that lie on it; None if they are not a line."""
    counts = np.bincount(x)
    thick = float(np.median(counts[counts > 0]))
    degree = 2 if np.ptp(x) > BENT * thick else 1
    for _ in range(3):  # each time, points of crossing strokes drop out, and points beyond a gap come in
        many, total = np.bincount(x), np.bincount(x, y)
        (columns,) = np.nonzero(many)
        if len(columns) < SHORTEST:
            return None
        many = many[columns]  # a fit to each column's mean, weighted, is the fit to all points, and faster
        curve = np.polynomial.Polynomial.fit(columns, total[columns] / many, degree, w=np.sqrt(many))
        on_it = np.abs(all_y - curve(np.arange(all_x.max() + 1))[all_x]) <= thick
        x, y = all_x[on_it], all_y[on_it]
    columns = np.flatnonzero(np.bincount(x))
    if len(columns) < max(COVERED * np.ptp(columns), SHORTEST):
        return None
    across = np.arange(columns[0], columns[-1] + 1)
    return Line(int(columns[0]), int(columns[-1]) + 1, thick, curve(across), len(columns) / len(across))


def drawn(like: Array, lying: list[Line], standing: list[Line]) -> Array:
    """Return which pixels lines cover, (height, width) bool, in a picture of the size of `like`."""
    found = np.zeros_like(like, np.uint8)
    for image, lines in ((found, lying), (found.T, standing)):
        canvas = np.zeros(image.shape, np.uint8)
        for line in lines:
            points = np.stack([np.arange(line.start, line.end), np.rint(line.y)], axis=1).astype(np.int32)
            cv2.polylines(canvas, [points], False, 1, thickness=max(1, round(line.thick)))
        image |= canvas
    return found > 0
