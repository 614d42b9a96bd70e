"""The digits in a picture's ink: each as a part, in the order in which they are read."""

import cv2
import numpy as np

from classify.ink import stroke_width
from classify.parts import Part, joined, pieces, usual_height
from classify.touching import ALONE, WIDE, separated
from stages.storage.arrays import Array

MOST = 200  # digits of a picture
LOWEST = 0.25  # a digit's height, against the usual one
SPECK = 1.5  # strokes' widths: what is smaller both ways is no digit, nor a piece of one
TINY = 0.08  # of the usual height: likewise
IN_LINE = 0.4  # of the lower one's height by which neighbours in a line are beside each other

Line = list[Part]


def find_digits(mask: Array) -> list[Line]:
    """Return the digits in ink, mask (height, width) bool: lines from the top, the digits of each from the left.

    Where there are far more pieces than digits that would be read, they come as they are.
    """
    mask = without_rules(mask)
    smallest = SPECK * stroke_width(mask)
    parts = pieces(mask, smallest)
    if not parts:
        return []
    height = usual_height(parts)
    parts = [part for part in parts if max(part.mask.shape) >= TINY * height]
    if len(parts) > 5 * MOST:
        return [parts]
    whole = [part for part in joined(parts, height) if part.height >= LOWEST * height]
    wide = WIDE if len(whole) > 1 else ALONE
    return in_lines([digit for part in whole for digit in separated(part, height, wide)])


def without_rules(mask: Array) -> Array:
    """Return ink without the lines of ruled or squared paper: thin, straight, from one side to the other."""
    rules = np.zeros_like(mask)
    for ink, found in ((mask, rules), (mask.T, rules.T)):
        width = ink.shape[1]
        runs = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, width // 8 + 1), np.uint8))
        joint = cv2.dilate(runs, np.ones((3, width // 16 + 1), np.uint8))
        _, labels, boxes, _ = cv2.connectedComponentsWithStats(joint)
        across = (boxes[:, cv2.CC_STAT_WIDTH] >= 0.98 * width) & (boxes[:, cv2.CC_STAT_HEIGHT] <= width / 16)
        found |= across[labels] & (runs > 0)
    rest = mask & ~rules
    if not rules.any() or not rest.any():
        return mask
    side = round(2 * stroke_width(rest)) + 1
    mended = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    kept: Array = rest | (rules & (mended > 0))
    return kept


def in_lines(digits: list[Part]) -> list[Line]:
    """Return digits in lines, as they are read; a line may rise or fall, its neighbours are beside each other."""
    lines: list[Line] = []
    for digit in sorted(digits, key=lambda part: part.left):
        beside = [line for line in lines if overlap(line[-1], digit) >= IN_LINE]
        if beside:
            min(beside, key=lambda line: digit.left - line[-1].right).append(digit)
        else:
            lines.append([digit])
    return sorted(lines, key=lambda line: np.mean([part.top + part.height / 2 for part in line]))


def overlap(one: Part, other: Part) -> float:
    """Return how much of the lower one's height two parts have in common."""
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common / min(one.height, other.height)
