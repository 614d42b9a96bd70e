"""What is no digit, by where it is, how large and how dark: the edge of a sheet, a finger, the remains of a rule."""

import numpy as np

from classify.ink import Ink
from classify.parts import Part, usual_height

LOW, TALL = 0.6, 1.6  # of the usual height: what touches the picture's border and is a digit is neither
MOST = 0.3  # of the ink: if less is inside, the digits may fill the picture
CORNER = 2  # sides of the picture that a digit among others does not touch
FAINT = 0.5  # of the usual ink: what is fainter, and lower than LOW, is the paper's grain, or a shadow's edge


def without_surroundings(parts: list[Part], ink: Ink) -> list[Part]:
    """Return the parts of a picture without those that come in from its border, and faint specks, if others are left."""
    parts = without_faint(parts, ink)
    sides = [touched(part, ink) for part in parts]
    inside = [part for part, touching in zip(parts, sides, strict=True) if not touching]
    if sum(part.area for part in inside) <= MOST * sum(part.area for part in parts):
        return parts
    usual = usual_height(inside)
    return [
        part
        for part, touching in zip(parts, sides, strict=True)
        if not touching or (touching < CORNER and LOW * usual <= part.height <= TALL * usual)
    ]


def without_faint(parts: list[Part], ink: Ink) -> list[Part]:
    """Return parts without those that are small and faint."""
    if not parts:
        return parts
    dark = np.array([ink.amount[part.top : part.bottom, part.left : part.right][part.mask].mean() for part in parts])
    size = np.array([max(part.mask.shape) for part in parts])
    areas = [part.area for part in parts]
    keep = (dark >= FAINT * np.average(dark, weights=areas)) | (size >= LOW * usual_height(parts))
    return [part for part, kept in zip(parts, keep, strict=True) if kept]


def touched(part: Part, ink: Ink) -> int:
    """Return how many sides of the picture a part touches."""
    height, width = ink.mask.shape
    return (part.left <= 1) + (part.top <= 1) + (part.right >= width - 1) + (part.bottom >= height - 1)
