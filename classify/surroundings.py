"""Remove what is not a digit: the edge of a sheet, a finger, the rest of a rule. Judges by place, size and darkness."""

import numpy as np

from classify.ink import Ink, stroke_width
from classify.parts import Part, usual_height
from stages.storage.arrays import Array

LOW, TALL = 0.6, 1.6  # of the usual height: a digit that touches the picture's border is between these
THIN, THICK = 0.6, 1.7  # of the usual width of strokes: its strokes are between these
MOST = 0.3  # of the ink: if less than this is away from the border, the digits may fill the picture
CORNER = 2  # a digit among others touches fewer sides of the picture than this
FAINT = 0.5  # of the usual darkness: a fainter part, if lower than LOW, is the paper's grain or a shadow's edge
FAINT_OUTSIDE = 0.7  # of the usual darkness: a part that touches the border is at least this dark


def without_surroundings(parts: list[Part], ink: Ink) -> list[Part]:
    """Return parts without faint specks and without those that reach in from the border, if others are left."""
    if not parts:
        return parts
    dark = darkness(parts, ink)
    low = LOW * usual_height(parts)
    kept = [i for i, part in enumerate(parts) if dark[i] >= FAINT or max(part.mask.shape) >= low]
    inside = [parts[i] for i in kept if not sides_touched(parts[i], ink)]
    if sum(part.area for part in inside) <= MOST * sum(parts[i].area for i in kept):
        return [parts[i] for i in kept]
    height, stroke = usual_height(inside), float(np.median([stroke_width(part.mask) for part in inside]))
    return [
        parts[i]
        for i in kept
        if not sides_touched(parts[i], ink) or (dark[i] >= FAINT_OUTSIDE and is_like(parts[i], height, stroke, ink))
    ]


def is_like(part: Part, height: float, stroke: float, ink: Ink) -> bool:
    """Tell whether a part that touches the border is like the others in height and in the width of its strokes."""
    is_high = LOW * height <= part.height <= TALL * height
    return is_high and THIN * stroke <= stroke_width(part.mask) <= THICK * stroke and sides_touched(part, ink) < CORNER


def darkness(parts: list[Part], ink: Ink) -> Array:
    """Return the darkness of each part relative to all of them, (n,) float64."""
    dark = np.array([ink.amount[part.top : part.bottom, part.left : part.right][part.mask].mean() for part in parts])
    relative: Array = dark / max(np.average(dark, weights=[part.area for part in parts]), 1e-9)
    return relative


def sides_touched(part: Part, ink: Ink) -> int:
    """Return how many sides of the picture a part touches."""
    height, width = ink.mask.shape
    return sum((part.left <= 1, part.top <= 1, part.right >= width - 1, part.bottom >= height - 1))
