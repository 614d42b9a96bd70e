"""The digits in a picture's ink: each as a part, in the order in which they are read."""

import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part, joined, pieces, usual_height
from classify.rules import without_rules
from classify.surroundings import without_surroundings
from classify.touching import ALONE, WIDE, separated

MOST = 200  # digits of a picture
LOWEST = 0.35  # a digit's height, against the usual one
SPECK = 1.5  # strokes' widths: what is smaller both ways is no digit, nor a piece of one
TINY = 0.08  # of the usual height: likewise
IN_LINE = 0.4  # of the lower one's height by which neighbours in a line are beside each other

Line = list[Part]


def find_digits(ink: Ink) -> list[Line]:
    """Return the digits in ink: lines from the top, the digits of each from the left.

    Where there are far more pieces than digits that would be read, they come as they are.
    """
    mask = without_rules(ink)
    w = stroke_width(mask)
    parts = without_surroundings(pieces(mask, SPECK * w), ink)
    if not parts:
        return []
    height = usual_height(parts)
    parts = [part for part in parts if max(part.mask.shape) >= TINY * height]
    if len(parts) > 3 * MOST:
        return [parts]
    whole = [part for part in joined(parts, height, w) if part.height >= LOWEST * height]
    wide = WIDE if len(whole) > 1 else ALONE
    return in_lines([digit for part in whole for digit in separated(part, height, wide)])


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
