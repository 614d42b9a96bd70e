"""Ink and paper told apart: of any colour, dark on light or light on dark, under uneven light."""

from typing import NamedTuple

import cv2
import numpy as np

from stages.storage.arrays import Array, ByteArray

OVERVIEW = 256  # pixels: the longer side of the small picture in which colours and light are judged
WIDEST = 0.4  # of the longer side: whatever is thinner than this can be ink, and whatever is not is paper or shadow
STROKES = 6  # strokes are this much thinner than the patches by which the light is told, once they are known
FAINTEST = 14  # levels of 255 by which ink differs from paper
GRAIN = 1  # pixel: how far a picture is smoothed before its ink is looked for
REACH = 3  # strokes' widths
SHARE = 0.45  # of the darkest ink within reach: halfway from paper to ink
FAINTER, DARKER = 0.7, 1.3  # times the least by which ink is told from the paper's noise
SMOOTH = 0.12  # of a stroke's width: likewise, once this is known; a pencil leaves gaps
NOISE = 5  # deviations of the paper by which it does


class Ink(NamedTuple):
    """How much ink each pixel has, amount (height, width) float32 in 0-1; mask, likewise bool, says which are ink.

    all, likewise, has what is faint beside darker ink, too, as a rule is beside a digit.
    """

    amount: Array
    mask: Array
    all: Array


def find_ink(pixels: ByteArray) -> Ink | None:
    """Return a picture's ink, nothing where it has none; pixels (height, width, 3) uint8."""
    g, dark = grey(pixels)
    ink = None
    widest = round(min(WIDEST * max(g.shape), min(g.shape)))
    for local in (False, True):  # the second time with patches that fit the strokes: the light may change more quickly
        ink = above_paper(g, dark, widest, local)
        if ink is None:
            return None
        w = stroke_width(ink.mask)
        widest = min(widest, round(STROKES * w))
    return ink


def grey(pixels: ByteArray) -> tuple[Array, bool]:
    """Return the mixture of colours in which ink and paper differ most, ink brighter, 0-255; and if it was darker."""
    v, dark = direction_of_ink(pixels)
    g = pixels.astype(np.float32) @ v.astype(np.float32) - 255 * v[v < 0].sum()
    return cv2.GaussianBlur(255 - g if dark else g, (0, 0), GRAIN), dark


def is_dark(pixels: ByteArray) -> bool:
    """Tell whether the ink is darker than the paper."""
    return direction_of_ink(pixels)[1]


def direction_of_ink(pixels: ByteArray) -> tuple[Array, bool]:
    """Return the direction in red, green, blue in which ink and paper differ, (3,), and if ink is at its darker end.

    It is the first principal component of what colours differ by from those around them. Ink is what is rarer.
    """
    small = overview(pixels).astype(np.float32)
    around = cv2.GaussianBlur(small, (0, 0), max(small.shape) / 4)
    differences = (small - around).reshape(-1, 3)
    v = np.linalg.eigh(differences.T @ differences)[1][:, -1]
    v = v * np.sign(v.sum() or 1) / np.abs(v).sum()
    return v, bool(((differences @ v) ** 3).sum() < 0)


def above_paper(g: Array, dark: bool, widest: int, local: bool) -> Ink | None:
    """Return the ink that is brighter than the paper around it, and no wider than so many pixels.

    local says by what it is told: by the darkest ink near it, or by all ink.
    """
    paper = paper_of(g, widest)
    above = g - paper
    if dark:  # light multiplies what the paper reflects
        above *= 255 / np.maximum(255 - paper, 32)
    low, middle = np.percentile(above, (5, 25))  # of the paper, though half of the picture may be ink
    deviation = (middle - low) / 0.97
    floor = middle + 0.67 * deviation + max(NOISE * deviation, FAINTEST)
    above = np.clip(above, 0, 255)
    strong = above[above > floor]
    if not strong.size:
        return None
    threshold, _ = cv2.threshold(strong.astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    mask = above > max(threshold, floor)
    if local and mask.any():
        mask = beside_the_darkest(above, floor, round(REACH * stroke_width(mask)))
    if not mask.any():
        return None
    full = float(np.percentile(above[mask], 75))
    base = floor / 2
    return Ink(np.clip((above - base) / (full - base), 0, 1), mask, mask | (above > floor))


def beside_the_darkest(above: Array, floor: float, reach: int) -> Array:
    """Return as ink what has a share of the darkest within reach: so faint strokes are whole, and dark ones not wider.

    What is fainter than the floor is ink only where it goes on from what is darker.
    """
    block = max(1, reach // 6)
    height, width = above.shape
    padded = np.pad(above, ((0, -height % block), (0, -width % block)))
    darkest = padded.reshape(padded.shape[0] // block, block, -1, block).max(axis=(1, 3))
    square = (2 * round(reach / block) + 1,) * 2
    darkest = cv2.blur(cv2.dilate(darkest, np.ones(square, np.uint8)), square)
    darkest = cv2.resize(darkest, padded.shape[::-1], interpolation=cv2.INTER_LINEAR)[:height, :width]
    share = above > SHARE * darkest
    _, labels = cv2.connectedComponents((share & (above > FAINTER * floor)).astype(np.uint8))
    kept = np.bincount(labels[share & (above > DARKER * floor)], minlength=labels.max() + 1) > 0
    kept[0] = False
    mask: Array = kept[labels]
    return mask


def paper_of(g: Array, widest: int) -> Array:
    """Return how bright the paper is under what is brighter and narrower than so many pixels."""
    small = cv2.GaussianBlur(overview(g), (3, 3), 0)
    side = max(3, round(widest * max(small.shape) / max(g.shape)))
    edges = [min(side, length - 1) for length in small.shape]
    pads, square = [(edge, edge) for edge in edges], np.ones((side, side), np.uint8)
    wider = np.pad(small, pads, mode="reflect", reflect_type="odd"), np.pad(small, pads, mode="edge")
    opened = np.maximum(*(cv2.morphologyEx(one, cv2.MORPH_OPEN, square) for one in wider))  # light goes on, or a shadow
    smooth = cv2.GaussianBlur(opened, (0, 0), side / 16)[edges[0] :, edges[1] :][: small.shape[0], : small.shape[1]]
    smooth = np.minimum(smooth, small)
    return cv2.resize(smooth, g.shape[::-1], interpolation=cv2.INTER_LINEAR)


def overview(pixels: Array) -> Array:
    """Return a picture shrunk, if it is larger, to 256 pixels a side."""
    height, width = pixels.shape[:2]
    factor = OVERVIEW / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def stroke_width(mask: Array) -> float:
    """Return the strokes' width, in pixels: over a long stroke the mean distance to its edge is a quarter of it."""
    padded = np.pad(mask, 1)
    distances = cv2.distanceTransform(padded.astype(np.uint8), cv2.DIST_L2, 3)
    return max(1.0, 4 * float(distances[padded].mean()))
