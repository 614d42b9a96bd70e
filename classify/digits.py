"""Find the digits in a picture's ink, in reading order."""

import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part, joined, pieces, usual_height
from classify.rules import without_rules
from classify.surroundings import without_surroundings
from classify.touching import ALONE, WIDE, separated

MOST = 200  # digits in a picture
LOWEST = 0.35  # of the usual height: the least height of a digit
SPECK = 1.5  # stroke widths: a piece that is smaller in width and height is a speck, no part of a digit
TINY = 0.08  # of the usual height: a smaller piece is a speck too
IN_LINE = 0.4  # of the lower one's height: neighbours in a line overlap in height by at least this

Line = list[Part]


def find_digits(ink: Ink) -> list[Line]:
    """Return the digits in ink: lines from the top, and in each line digits from the left.

    If there are more than 3 * MOST pieces, returns them all as one line, without joining them: the caller refuses them.
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
    """Return digits in lines, in reading order. A line may rise or fall: only neighbours have to overlap in height."""
    lines: list[Line] = []
    for digit in sorted(digits, key=lambda part: part.left):
        beside = [line for line in lines if overlap(line[-1], digit) >= IN_LINE]
        if beside:
            min(beside, key=lambda line: digit.left - line[-1].right).append(digit)
        else:
            lines.append([digit])
    return sorted(lines, key=lambda line: np.mean([part.top + part.height / 2 for part in line]))


def overlap(one: Part, other: Part) -> float:
    """Return by how much two parts overlap in height, as a share of the lower one's height."""
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common / min(one.height, other.height)
