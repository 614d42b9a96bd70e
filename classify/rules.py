"""Remove the rules of paper and boxes: lines longer and straighter than strokes. Digits that cross them stay whole."""

import cv2
import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part, pieces
from classify.straight import SHORTEST, Line, drawn, lines_of, straight
from stages.storage.arrays import Array

STRAIGHT = 2  # stroke widths: the least length of a straight run without a gap
BORDER = 0.02  # of the picture's side: a rule that ends this close to the border goes on outside
SPAN = 0.3  # of the picture's side: the least length of a rule
LONGER, FAR_LONGER = 1.5, 2.5  # times the largest other part: a rule that goes on outside at both ends, or at one
ALIKE = 0.5  # of the longest line's length: lines this long are judged together
LEFT = 0.1  # of the ink: without its rules, a picture keeps at least this
SLENDER = 20  # times its thickness: the least length of a rule
ASIDE = 0.1  # of a rule's length: if a picture has one digit, it is at least this far from the rule's ends
ROUNDS = 4  # each finds lines that the lines of the round before had hidden
TOUCHING = 2  # pixels: the side of a box ends this close to a rule
ROW = 1.6  # times the largest other part: the least length of a row of boxes
INKED, THIN = 0.9, 0.7  # a rule has ink on this share of its length, or is thinner than this share of a stroke
EDGE, FRAMED = 0.06, 0.95  # of a frame's shorter side: its thickness; of each of its sides: the share with ink
HOLLOW = 6  # times its thickness: the least side of a frame
SIDES = 3  # at least so many sides of boxes end at the line above the boxes, or at the one below


def without_rules(ink: Ink) -> Array:
    """Return ink, (height, width) bool, without the lines of ruled or squared paper and without boxes."""
    mask, rules = ink.mask, np.zeros_like(ink.mask)
    shortest = max(SHORTEST, round(STRAIGHT * stroke_width(mask)))
    runs = straight(ink.with_faint, shortest), straight(ink.with_faint.T, shortest).T
    for _ in range(ROUNDS):
        found = drawn(mask, *long_rules(mask & ~rules, *(some & ~rules for some in runs)))
        if not found.any():
            break
        rules |= found
    rules |= frames(mask & ~rules)
    rules |= box_sides(rules, runs)
    return mended(mask, rules) if rules.any() and (mask & ~rules).any() else mask


def long_rules(mask: Array, lying_runs: Array, standing_runs: Array) -> tuple[list[Line], list[Line]]:
    """Return the lines, horizontal and vertical, that are rules: far longer than all else, or sides of boxes."""
    height, width = mask.shape
    lying, standing = lines_of(lying_runs), lines_of(standing_runs.T)
    stroke = stroke_width(mask)
    longest = max((line.length for line in lying + standing), default=0)
    alike = [
        [
            line
            for line in lines
            if line.length >= max(ALIKE * longest, SLENDER * line.thick)
            and (line.inked >= INKED or line.thick <= THIN * stroke)
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
        [line for line in lines if is_rule(line, side, largest, beside) or holds_boxes(line, side, across, largest)]
        for lines, side, beside, across in zip(alike, (width, height), ends, (standing, lying), strict=True)
    ]
    return found[0], found[1]


def is_rule(line: Line, side: int, largest: int, others: list[tuple[int, int]]) -> bool:
    """Tell whether a line is a rule, not a stroke of a digit; side is the picture's length along the line.

    largest is the size of the largest other part; others are where each large part begins and ends along the line.
    """
    if line.length < SPAN * side:
        return False
    if len(others) == 1:  # a 1, 2, 4 or 7 may be a long straight stroke with one other part at its end
        ((start, end),) = others
        if start < line.start + ASIDE * line.length or end > line.end - ASIDE * line.length:
            return False
    outside = (line.start <= BORDER * side) + (line.end >= (1 - BORDER) * side)
    if outside == 2:
        return line.length >= LONGER * largest
    return outside == 1 and len(others) > 1 and line.length >= FAR_LONGER * largest


def holds_boxes(line: Line, side: int, across: list[Line], largest: int) -> bool:
    """Tell whether a line is the upper or lower side of a row of boxes: enough lines across end at it."""
    if line.length < max(SPAN * side, ROW * largest) or line.inked < INKED:
        return False
    ending = [is_at(line, one.start, one.y[0]) or is_at(line, one.end - 1, one.y[-1]) for one in across]
    return sum(ending) >= SIDES


def is_at(line: Line, height: int, column: float) -> bool:
    """Tell whether a point is on a line."""
    inside = line.start - TOUCHING - line.thick <= column < line.end + TOUCHING + line.thick
    y = line.y[min(max(round(column) - line.start, 0), line.length - 1)]
    return inside and abs(y - height) <= TOUCHING + line.thick


def box_sides(rules: Array, runs: tuple[Array, Array]) -> Array:
    """Return the sides of boxes: lines with a rule at both ends."""
    if not rules.any():
        return rules
    lying, standing = (lines_of(some) for some in (runs[0] & ~rules, (runs[1] & ~rules).T))
    lying = [line for line in lying if ends_at(line, rules)]
    return drawn(rules, lying, [line for line in standing if ends_at(line, rules.T)])


def ends_at(line: Line, rules: Array) -> bool:
    """Tell whether a line has a rule at both ends."""
    reach, height = TOUCHING, rules.shape[0]
    ends = ((line.start, line.y[0]), (line.end, line.y[-1]))
    return all(
        rules[max(0, round(y) - reach) : min(height, round(y) + reach + 1), max(0, x - reach) : x + reach + 1].any()
        for x, y in ends
    )


def frames(mask: Array) -> Array:
    """Return the frames, each of four straight sides."""
    found = np.zeros_like(mask)
    smallest = HOLLOW * stroke_width(mask) if mask.any() else 0
    for part in pieces(mask, smallest):
        edge = frame_of(part)
        if edge is not None:
            found[part.top : part.bottom, part.left : part.right] |= edge
    return found


def frame_of(part: Part) -> Array | None:
    """Return the ink of a part's four sides; None if the part is not a frame: too thick, or a side is missing."""
    thick = max(2, round(EDGE * min(part.mask.shape)))
    if min(part.mask.shape) < HOLLOW * thick:
        return None
    edge = np.ones_like(part.mask)
    edge[thick:-thick, thick:-thick] = False
    lying = (part.mask[:thick].any(axis=0), part.mask[-thick:].any(axis=0))
    standing = (part.mask[:, :thick].any(axis=1), part.mask[:, -thick:].any(axis=1))
    return part.mask & edge if min(side.mean() for side in (*lying, *standing)) >= FRAMED else None


def mended(mask: Array, rules: Array) -> Array:
    """Return ink without rules, but with the pixels where a stroke crosses a rule."""
    rest = mask & ~rules
    side = round(2 * stroke_width(rest)) + 1
    closed = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    kept: Array = rest | (mask & rules & (closed > 0))
    return kept
