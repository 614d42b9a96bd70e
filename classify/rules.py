"""Rules and boxes: lines longer and straighter than strokes; a digit that crosses one is mended."""

import cv2
import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part, pieces
from classify.straight import SHORTEST, Line, drawn, lines_of, straight
from stages.storage.arrays import Array

STRAIGHT = 2  # strokes' widths: so long is a straight piece without a gap
BORDER = 0.02  # of the picture's side: a rule that ends closer to it goes on outside
SPAN = 0.3  # of the picture's side: so long is a rule, at least
LONGER, FAR_LONGER = 1.5, 2.5  # times the largest of all else: a rule that goes on outside on both sides, and on one
ALIKE = 0.5  # of the longest line's length: what is this long is looked at together
LEFT = 0.1  # of the ink: a picture has more than rules
SLENDER = 20  # times its thickness: so long is a rule
ASIDE = 0.1  # of a rule's length: the only digit of a picture is further from its ends
ROUNDS = 4  # the next finds what was hidden by the first's lines
TOUCHING = 2  # pixels: a side of a box ends as close as this to a rule
ROW = 1.6  # times the largest of all else: so long is a row of boxes
WHOLE, THIN = 0.9, 0.7  # of a line's length is ink, or it is thinner than strokes: else strokes stand in a row
EDGE, FRAMED = 0.06, 0.95  # of a frame's shorter side: how thick it is; of each side: how much is ink
HOLLOW = 6  # times as wide as thick is a frame
SIDES = 3  # of boxes in a row, at least, end at the line above them and at the one below


def without_rules(ink: Ink) -> Array:
    """Return ink, (height, width) bool, without the lines of ruled or squared paper, and without boxes."""
    mask, rules = ink.mask, np.zeros_like(ink.mask)
    shortest = max(SHORTEST, round(STRAIGHT * stroke_width(mask)))
    runs = straight(ink.all, shortest), straight(ink.all.T, shortest).T
    for _ in range(ROUNDS):
        found = drawn(mask, *long_ones(mask & ~rules, *(some & ~rules for some in runs)))
        if not found.any():
            break
        rules |= found
    rules |= frames(mask & ~rules)
    rules |= box_sides(rules, runs)
    return mended(mask, rules) if rules.any() and (mask & ~rules).any() else mask


def long_ones(mask: Array, lying_runs: Array, standing_runs: Array) -> tuple[list[Line], list[Line]]:
    """Return the lines that are rules: they go on outside the picture, or are far longer than all else."""
    height, width = mask.shape
    lying, standing = lines_of(lying_runs), lines_of(standing_runs.T)
    stroke = stroke_width(mask)
    longest = max((line.length for line in lying + standing), default=0)
    alike = [
        [
            line
            for line in lines
            if line.length >= max(ALIKE * longest, SLENDER * line.thick)
            and (line.whole >= WHOLE or line.thick <= THIN * stroke)
        ]
        for lines in (lying, standing)
    ]
    rest = mask & ~drawn(mask, *alike)
    if not longest or rest.sum() < LEFT * mask.sum():
        return [], []
    others = pieces(rest, 1)
    largest = max(max(part.mask.shape) for part in others)
    large = [part for part in others if max(part.mask.shape) >= largest / 3]
    ends = [[(part.left, part.right) for part in large], [(part.top, part.bottom) for part in large]]
    found = [
        [line for line in lines if is_rule(line, side, largest, beside) or is_of_boxes(line, side, across, largest)]
        for lines, side, beside, across in zip(alike, (width, height), ends, (standing, lying), strict=True)
    ]
    return found[0], found[1]


def is_rule(line: Line, side: int, largest: int, others: list[tuple[int, int]]) -> bool:
    """Tell whether a line in a picture with so long a side is a rule, and no stroke of a digit.

    largest is the size of what else is there, others are where each of it begins and ends beside the line.
    """
    if line.length < SPAN * side:
        return False
    if len(others) == 1:  # a 1, a 2, a 7, a 4 is a long straight stroke and one thing at its end
        ((start, end),) = others
        if start < line.start + ASIDE * line.length or end > line.end - ASIDE * line.length:
            return False
    outside = (line.start <= BORDER * side) + (line.end >= (1 - BORDER) * side)
    if outside == 2:
        return line.length >= LONGER * largest
    return outside == 1 and len(others) > 1 and line.length >= FAR_LONGER * largest


def is_of_boxes(line: Line, side: int, across: list[Line], largest: int) -> bool:
    """Tell whether as many lines across end at a line as at one of some boxes."""
    if line.length < max(SPAN * side, ROW * largest) or line.whole < WHOLE:
        return False
    ending = [is_at(line, one.start, one.y[0]) or is_at(line, one.end - 1, one.y[-1]) for one in across]
    return sum(ending) >= SIDES


def is_at(line: Line, height: int, column: float) -> bool:
    """Tell whether a point is on a line."""
    inside = line.start - TOUCHING - line.thick <= column < line.end + TOUCHING + line.thick
    y = line.y[min(max(round(column) - line.start, 0), line.length - 1)]
    return inside and abs(y - height) <= TOUCHING + line.thick


def box_sides(rules: Array, runs: tuple[Array, Array]) -> Array:
    """Return the lines that end at rules above and below, or left and right: the sides of boxes."""
    if not rules.any():
        return rules
    lying, standing = (lines_of(some) for some in (runs[0] & ~rules, (runs[1] & ~rules).T))
    lying = [line for line in lying if ends_at(line, rules)]
    return drawn(rules, lying, [line for line in standing if ends_at(line, rules.T)])


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
    smallest = HOLLOW * stroke_width(mask) if mask.any() else 0
    for part in pieces(mask, smallest):
        edge = frame_of(part)
        if edge is not None:
            found[part.top : part.bottom, part.left : part.right] |= edge
    return found


def frame_of(part: Part) -> Array | None:
    """Return the four sides of a part; None where it has not all four, or nothing is within."""
    thick = max(2, round(EDGE * min(part.mask.shape)))
    if min(part.mask.shape) < HOLLOW * thick:
        return None
    edge = np.ones_like(part.mask)
    edge[thick:-thick, thick:-thick] = False
    lying = (part.mask[:thick].any(axis=0), part.mask[-thick:].any(axis=0))
    standing = (part.mask[:, :thick].any(axis=1), part.mask[:, -thick:].any(axis=1))
    return part.mask & edge if min(side.mean() for side in (*lying, *standing)) >= FRAMED else None


def mended(mask: Array, rules: Array) -> Array:
    """Return ink without rules, with what strokes that cross one have in it."""
    rest = mask & ~rules
    side = round(2 * stroke_width(rest)) + 1
    closed = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    kept: Array = rest | (mask & rules & (closed > 0))
    return kept
