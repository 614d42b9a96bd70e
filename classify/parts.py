"""Parts of the ink: connected pieces, and digits that were joined from several of them."""

from typing import NamedTuple

import cv2
import numpy as np

from classify.pictures import Box
from stages.storage.arrays import Array
from stages.storage.errors import DamagedError

REACH = 0.2  # of the usual height: pieces of one digit are no farther apart
PIECE = 0.6  # of the usual height: a lower piece may be part of a digit
CLOSE, CLOSE_PIECE = 0.05, 0.75  # the same two limits, for pieces that almost touch
TANGLED = 8  # times the picture's area: the most that all pieces' boxes may cover
MAIN, BROKEN = 0.7, 2  # two halves of a picture's only digit: this share of all ink, and so few stroke widths apart
TALLEST = 1.4  # of the usual height: the greatest height of a digit
SLIMMEST = 0.55  # the least ratio of width to height of a digit that was joined from pieces above each other


class Part(NamedTuple):
    """Ink that belongs together: left, top, width, height, in pixels, and its mask (height, width) bool."""

    left: int
    top: int
    mask: Array

    @property
    def width(self) -> int:
        """Return the width of its box."""
        return int(self.mask.shape[1])

    @property
    def height(self) -> int:
        """Return the height of its box."""
        return int(self.mask.shape[0])

    @property
    def area(self) -> int:
        """Return how many pixels are ink."""
        return int(self.mask.sum())

    @property
    def box(self) -> Box:
        """Return left, top, width and height."""
        return self.left, self.top, self.width, self.height

    @property
    def right(self) -> int:
        """Return the right end of its box, exclusive."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Return the lower end of its box, exclusive."""
        return self.top + self.height


def pieces(mask: Array, smallest: float) -> list[Part]:
    """Return the connected pieces of ink that are at least `smallest` pixels wide or high.

    Raises DamagedError if their boxes overlap so much, as with long stripes, that they would fill the memory.
    """
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    large = np.flatnonzero(np.maximum(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]) >= smallest)
    areas = boxes[large, cv2.CC_STAT_WIDTH].astype(np.float64) * boxes[large, cv2.CC_STAT_HEIGHT]
    if areas[large > 0].sum() > TANGLED * mask.size:
        raise DamagedError("found a pattern of lines, expected digits")
    found = []
    for label in large[large > 0]:
        left, top, width, height = boxes[label, :4]
        found.append(Part(int(left), int(top), labels[top : top + height, left : left + width] == label))
    return found


def usual_height(parts: list[Part]) -> float:
    """Return the usual height of a digit: the median of the parts' heights, weighted by their ink."""
    heights = np.array([part.height for part in parts])
    ink = np.array([part.area for part in parts])
    order = np.argsort(heights)
    return float(heights[order][np.searchsorted(np.cumsum(ink[order]), ink.sum() / 2)])


def joined(parts: list[Part], height: float, stroke: float) -> list[Part]:
    """Return the parts, with the pieces of one digit joined. The smallest parts look for a partner first.

    height is the usual height of a digit, stroke the width of strokes, both in pixels.
    """
    whole: list[Part] = []
    most = MAIN * sum(part.area for part in parts)
    left = sorted(parts, key=lambda part: part.area)
    while left:
        part = left.pop(0)
        reach = REACH * height
        near = [
            (distance, i)
            for i, other in enumerate(left)
            if between_boxes(part, other) <= reach and (distance := gap(part, other)) <= reach
        ]
        for distance, i in sorted(near):
            piece = CLOSE_PIECE if distance <= CLOSE * height else PIECE
            alone = part.area + left[i].area >= most and distance <= BROKEN * stroke
            if is_one_digit(part, left[i], height, piece) or (alone and is_above(part, left[i])):
                left[i] = together(part, left[i])
                break
        else:
            whole.append(part)
    return whole


def is_above(one: Part, other: Part) -> bool:
    """Tell whether one part is above the other, or below."""
    return min(one.right, other.right) - max(one.left, other.left) >= min(one.width, other.width) / 2


def apart(one: Part, other: Part) -> tuple[int, int]:
    """Return the distances of two boxes, horizontal and vertical; below 0 if they overlap in that direction."""
    across = max(one.left, other.left) - min(one.right, other.right)
    return across, max(one.top, other.top) - min(one.bottom, other.bottom)


def between_boxes(one: Part, other: Part) -> int:
    """Return the greater of the two distances of two boxes, 0 if they overlap: no two of their points are closer."""
    return max(*apart(one, other), 0)


def gap(one: Part, other: Part) -> float:
    """Return the distance of two parts; if one is above the other or they are far apart, that of their boxes."""
    across, down = apart(one, other)
    if -across >= min(one.width, other.width) / 2 or max(across, down) > one.height + one.width:
        return float(max(across, down, 0))
    both = together(one, other)
    distances = cv2.distanceTransform(1 - placed(one, both).astype(np.uint8), cv2.DIST_L2, 5)
    return float(distances[placed(other, both)].min())


def is_one_digit(one: Part, other: Part, height: float, piece: float) -> bool:
    """Tell whether two near parts are one digit: one is as low as a piece, and together they have a digit's size."""
    both = together(one, other)
    if min(one.height, other.height) > piece * height or both.width > TALLEST * height:
        return False
    return both.height <= max(TALLEST * height, both.width / SLIMMEST)


def together(one: Part, other: Part) -> Part:
    """Return two parts joined into one."""
    left, top = min(one.left, other.left), min(one.top, other.top)
    frame = Part(left, top, np.zeros((max(one.bottom, other.bottom) - top, max(one.right, other.right) - left), bool))
    return frame._replace(mask=placed(one, frame) | placed(other, frame))


def placed(part: Part, frame: Part) -> Array:
    """Return the mask of a part, placed in the box of a larger part that holds it."""
    mask = np.zeros(frame.mask.shape, bool)
    mask[part.top - frame.top :, part.left - frame.left :][: part.height, : part.width] = part.mask
    return mask
