"""Rules and boxes: lines that no hand draws, longer and straighter than strokes; where a digit crosses, it is mended."""

from typing import NamedTuple

import cv2
import numpy as np

from classify.ink import stroke_width
from classify.parts import Part, pieces
from stages.storage.arrays import Array

RUN = 0.1  # of the picture's side: so long is a straight piece without a gap
STEEPEST = 0.14  # how far a rule rises or falls over its length
BORDER = 0.02  # of the picture's side: a rule that ends closer to it goes on outside
SPAN = 0.3  # of the picture's side: so long is a rule, at least
LONGER, FAR_LONGER = 1.5, 2.5  # times the largest of all else: a rule that goes on outside on both sides, and on one
ALIKE = 0.5  # of the longest line's length: what is this long is looked at together
LEFT = 0.1  # of the ink: a picture has more than rules
THICKEST = 1 / 16  # of the picture's side
ASIDE = 0.1  # of a rule's length: the only digit of a picture is further from its ends
BENT = 50  # times its thickness: so long a line may be bent, as paper is
SHORTEST = 8  # pixels
COVERED = 0.5  # of a line's length, which is ink
MOST = 40  # lines, in each direction
ROUNDS = 3  # the second finds what was hidden by the first's lines
TOUCHING = 2  # pixels: a side of a box ends as close as this to a rule
SIDE, HOLE = 0.8, 0.4  # of a frame's side, which is ink; of its width, which is within


class Line(NamedTuple):
    """A straight line in a picture, from left to right: its ends, how thick it is, and its heights between them."""

    start: int
    end: int
    thick: float
    y: Array

    @property
    def length(self) -> int:
        """Return how many columns it crosses."""
        return self.end - self.start


def without_rules(mask: Array) -> Array:
    """Return ink, (height, width) bool, without the lines of ruled or squared paper, and without boxes."""
    rules = np.zeros_like(mask)
    for _ in range(ROUNDS):
        lying, standing = lines_of(mask & ~rules), lines_of((mask & ~rules).T)
        lying, standing = long_ones(mask & ~rules, lying, standing)
        found = drawn(mask, lying, standing)
        if not found.any():
            break
        rules |= found
    rules |= box_sides(mask, rules)
    rules |= frames(mask & ~rules)
    return mended(mask, rules) if (mask & ~rules).any() else mask


def lines_of(mask: Array) -> list[Line]:
    """Return the straight lines from left to right, the longest first."""
    runs = straight(mask)
    gap = max(3, runs.shape[1] // 16)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(runs, np.ones((1, gap), np.uint8)))
    longest = np.argsort(-boxes[1:, cv2.CC_STAT_WIDTH], kind="stable")[:MOST] + 1
    return [line for label in longest if (line := line_of(runs, labels, boxes[label], label))]


def line_of(runs: Array, labels: Array, box: Array, label: int) -> Line | None:
    """Return the line that connected runs are; None where they are no line."""
    left, top, width, height = box[:4]
    here = slice(top, top + height), slice(left, left + width)
    y, x = np.nonzero((labels[here] == label) & (runs[here] > 0))
    thick = float(np.median(np.unique(x, return_counts=True)[1]))
    degree = 2 if width > BENT * thick else 1
    for _ in range(2):  # the second time without what strokes add to it
        if np.ptp(x) < SHORTEST:
            return None
        curve = np.polynomial.Polynomial.fit(x, y, degree)
        near = np.abs(y - curve(x)) <= thick
        x, y = x[near], y[near]
    columns = np.unique(x)
    if not near.size or len(columns) < max(COVERED * np.ptp(columns), SHORTEST):
        return None
    across = np.arange(columns[0], columns[-1] + 1)
    return Line(int(columns[0] + left), int(columns[-1] + 1 + left), thick, curve(across) + top)


def straight(mask: Array) -> Array:
    """Return the ink in long straight runs from left to right, (height, width) uint8, that rise or fall a little."""
    height, width = mask.shape
    run = max(8, round(RUN * width))
    drop = round(STEEPEST * width)
    found = np.zeros((height, width), np.uint8)
    for slope in np.arange(-STEEPEST, STEEPEST, 2 / run):
        shear = np.array([[1, 0, 0], [slope, 1, drop if slope < 0 else 0]], np.float32)
        sheared = cv2.warpAffine(mask.astype(np.uint8), shear, (width, height + drop), flags=cv2.INTER_NEAREST)
        runs = cv2.morphologyEx(sheared, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
        found |= cv2.warpAffine(runs, shear, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return found & mask


def long_ones(mask: Array, lying: list[Line], standing: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines that are rules: they go on outside the picture, or are far longer than all else."""
    height, width = mask.shape
    longest = max((line.length for line in lying + standing), default=0)
    alike = [[line for line in lines if line.length >= ALIKE * longest] for lines in (lying, standing)]
    rest = mask & ~drawn(mask, *alike)
    if not longest or rest.sum() < LEFT * mask.sum():
        return [], []
    others = pieces(rest, 1)
    largest = max(max(part.mask.shape) for part in others)
    large = [part for part in others if max(part.mask.shape) >= largest / 3]
    ends = [[(part.left, part.right) for part in large], [(part.top, part.bottom) for part in large]]
    return (
        [line for line in alike[0] if is_rule(line, width, largest, ends[0])],
        [line for line in alike[1] if is_rule(line, height, largest, ends[1])],
    )


def is_rule(line: Line, side: int, largest: int, others: list[tuple[int, int]]) -> bool:
    """Tell whether a line in a picture with so long a side is a rule, and no stroke of a digit.

    largest is the size of what else is there, others are where each of it begins and ends beside the line.
    """
    if line.length < SPAN * side or line.thick > max(3, THICKEST * side):
        return False
    if len(others) == 1:  # a 1, a 2, a 7, a 4 is a long straight stroke and one thing at its end
        ((start, end),) = others
        if start < line.start + ASIDE * line.length or end > line.end - ASIDE * line.length:
            return False
    outside = (line.start <= BORDER * side) + (line.end >= (1 - BORDER) * side)
    if outside == 2:
        return line.length >= LONGER * largest
    return outside == 1 and len(others) > 1 and line.length >= FAR_LONGER * largest


def drawn(mask: Array, lying: list[Line], standing: list[Line]) -> Array:
    """Return the ink of lines, (height, width) bool."""
    found = np.zeros_like(mask, np.uint8)
    for image, lines in ((found, lying), (found.T, standing)):
        canvas = np.zeros(image.shape, np.uint8)
        for line in lines:
            points = np.stack([np.arange(line.start, line.end), np.rint(line.y)], axis=1).astype(np.int32)
            cv2.polylines(canvas, [points], False, 1, thickness=round(line.thick) + 2)
        image |= canvas
    return mask & (found > 0)


def box_sides(mask: Array, rules: Array) -> Array:
    """Return the lines that end at rules, or at the picture's border, above and below: the sides of boxes."""
    found = np.zeros_like(mask)
    for ink, known, sides in ((mask.T, rules.T, found.T), (mask, rules, found)):
        lines = [line for line in lines_of(ink & ~known) if ends_at(line, known)]
        sides |= drawn(ink, lines, []) & ink
    return found


def ends_at(line: Line, rules: Array) -> bool:
    """Tell whether a line ends at rules on both sides."""
    reach, height = TOUCHING, rules.shape[0]
    ends = ((line.start, line.y[0]), (line.end, line.y[-1]))
    return all(
        rules[max(0, round(y) - reach) : min(height, round(y) + reach + 1), max(0, x - reach) : x + reach + 1].any()
        for x, y in ends
    )


def frames(mask: Array) -> Array:
    """Return the frames that are drawn around something, each of four straight sides."""
    found = np.zeros_like(mask)
    smallest = 6 * stroke_width(mask) if mask.any() else 0
    for part in pieces(mask, smallest):
        edge = frame_of(part)
        if edge is not None:
            found[part.top : part.bottom, part.left : part.right] |= edge
    return found


def frame_of(part: Part) -> Array | None:
    """Return the four sides of a part; None where it has not all four, or nothing is within."""
    thick = max(2, round(0.06 * min(part.mask.shape)))
    if min(part.mask.shape) < 6 * thick:
        return None
    edge = np.ones_like(part.mask)
    edge[thick:-thick, thick:-thick] = False
    sides = (part.mask[:thick].any(0), part.mask[-thick:].any(0), part.mask[:, :thick].any(1), part.mask[:, -thick:].any(1))
    return part.mask & edge if min(side.mean() for side in sides) >= 0.95 else None


def mended(mask: Array, rules: Array) -> Array:
    """Return ink without rules, with what strokes that cross one have in it."""
    rest = mask & ~rules
    side = round(2 * stroke_width(rest)) + 1
    closed = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    kept: Array = rest | (rules & (closed > 0))
    return kept
