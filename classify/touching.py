"""Cut digits that touch where the ink between them is thinnest."""

import numpy as np

from classify.ink import stroke_width
from classify.parts import Part, pieces

WIDE, ALONE = 1.2, 1.5  # times its height: a narrower part is one digit, among others or alone
USUAL = 0.75  # times its height: the usual width of a digit that touches others
TALL = 0.7  # of the part's height: the least height of each side of a cut
NARROW = 0.25  # of the part's height: the least width of a digit that is cut off
THIN = 2  # stroke widths: the most ink that a cut may go through
SMALLEST = 8  # pixels: a lower part is not cut
TRIES = 20  # columns
ONE = 1.4  # stroke widths: likewise, in a picture with no other part, where a wide 0 must not be cut
ASIDE = 6  # stroke widths: what a cut costs for each height that it is off the place where equal digits would part


def separated(part: Part, height: float, wide: float = WIDE) -> list[Part]:
    """Return the digits in a part: several if it is wide, thin somewhere, and tall on both sides of that; else one.

    height is the usual height of a digit; wide is the ratio of width to height from which a part may be cut.
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
    """Return the height of the tallest of a part's connected pieces."""
    return max((piece.height for piece in pieces(part.mask, 1)), default=0)


def cut(part: Part, column: int) -> tuple[Part, Part]:
    """Return a part's two sides, left and right of a column, each in a box of its own."""
    left, right = part.mask[:, :column], part.mask[:, column:]
    return trimmed(Part(part.left, part.top, left)), trimmed(Part(part.left + column, part.top, right))


def trimmed(part: Part) -> Part:
    """Return a part in the smallest box that holds its ink."""
    if not part.mask.any():
        return part._replace(mask=part.mask[:0])
    rows, columns = np.flatnonzero(part.mask.any(axis=1)), np.flatnonzero(part.mask.any(axis=0))
    mask = part.mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Part(part.left + int(columns[0]), part.top + int(rows[0]), mask)
