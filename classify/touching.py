"""Digits that touch, cut where the ink between them is thinnest."""

import numpy as np

from classify.ink import stroke_width
from classify.parts import Part, pieces

WIDE, ALONE = 1.2, 1.5  # times its height: what is narrower is left as one digit, with others beside it or alone
USUAL = 0.75  # times its height: how wide a digit is among some that touch
TALL = 0.7  # of the part's height: each side of a cut has to be as tall
NARROW = 0.25  # of the height: no digit is cut off that is narrower
THIN = 2  # strokes: a cut goes through no more ink
SMALLEST = 8  # pixels: what is lower has no digits side by side
TRIES = 20  # columns
ONE = 1.4  # likewise, where nothing else is there: a 0 that lies has two
ASIDE = 6  # strokes that a cut may save, for each height that it is aside from where digits of one width would end


def separated(part: Part, height: float, wide: float = WIDE) -> list[Part]:
    """Return the digits that a part is made of; one, unless it is wide, thin somewhere, and tall on both sides of that.

    height is that of the digits around it, wide how many times as wide as high it may be.
    """
    if part.width <= wide * max(part.height, height) or part.height < SMALLEST:
        return [part]
    edge = round(NARROW * part.height)
    columns = np.arange(edge, part.width - edge)
    strokes = part.mask.sum(axis=0)[columns] / stroke_width(part.mask)
    digits = max(2, round(part.width / (USUAL * part.height)))
    aside = np.abs((columns / part.width * digits + 0.5) % 1 - 0.5) * part.width / digits / part.height
    for i in np.argsort(strokes + ASIDE * aside, kind="stable")[:TRIES]:
        if strokes[i] <= (THIN if wide < ALONE else ONE):
            sides = cut(part, int(columns[i]))
            if min(map(tallest, sides)) >= TALL * part.height:
                return [digit for side in sides for digit in separated(side, height, wide)]
    return [part]


def tallest(part: Part) -> int:
    """Return the height of the highest of a part's connected pieces."""
    return max((piece.height for piece in pieces(part.mask, 1)), default=0)


def cut(part: Part, column: int) -> tuple[Part, Part]:
    """Return what is left and what is right of a column of a part, each in a box of its own."""
    left, right = part.mask[:, :column], part.mask[:, column:]
    return trimmed(Part(part.left, part.top, left)), trimmed(Part(part.left + column, part.top, right))


def trimmed(part: Part) -> Part:
    """Return a part in the smallest box that holds its ink."""
    if not part.mask.any():
        return part._replace(mask=part.mask[:0])
    rows, columns = np.flatnonzero(part.mask.any(axis=1)), np.flatnonzero(part.mask.any(axis=0))
    mask = part.mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Part(part.left + int(columns[0]), part.top + int(rows[0]), mask)
