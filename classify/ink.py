"""Tell ink from paper: of any colour, dark on light or light on dark, under uneven light."""

from typing import NamedTuple

import cv2
import numpy as np

from stages.storage.arrays import Array, ByteArray

OVERVIEW = 256  # pixels: the longer side of the small copy from which colours and light are measured
WIDEST = 0.4  # of the longer side: ink is thinner than this; what is wider is paper or shadow
STROKES = 6  # stroke widths: the same limit, once the strokes' width is known
FAINTEST = 14  # levels of 255: ink differs from paper by at least this
GRAIN = 1  # pixel: the sigma of the smoothing before ink is looked for
REACH = 3  # stroke widths: ink is compared with the darkest ink within this distance
SHARE = 0.45  # of that darkest ink: the least that counts as ink
FAINTER, DARKER = 0.7, 1.3  # times the floor: fainter ink counts down to the first if it touches ink above the second
NOISE = 5  # standard deviations of the paper: ink differs from paper by at least this, too


class Ink(NamedTuple):
    """The ink of a picture: amount (height, width) float32 in 0-1, and mask, of the same shape, bool: which are ink.

    with_faint is a mask that also has faint ink near darker ink, such as a rule near a digit.
    """

    amount: Array
    mask: Array
    with_faint: Array


def find_ink(pixels: ByteArray) -> Ink | None:
    """Return a picture's ink, None if there is none; pixels (height, width, 3) uint8 RGB."""
    g, dark = grey(pixels)
    ink = None
    widest = round(min(WIDEST * max(g.shape), min(g.shape)))
    for local in (False, True):  # the second time, the strokes' width is known: light that changes quickly is followed
        ink = above_paper(g, dark, widest, local)
        if ink is None:
            return None
        w = stroke_width(ink.mask)
        widest = min(widest, round(STROKES * w))
    return ink


def grey(pixels: ByteArray) -> tuple[Array, bool]:
    """Return the mixture of colours in which ink differs most from paper, 0-255, ink brighter; and if it was darker."""
    v, dark = direction_of_ink(pixels)
    g = pixels.astype(np.float32) @ v.astype(np.float32) - 255 * v[v < 0].sum()
    return cv2.GaussianBlur(255 - g if dark else g, (0, 0), GRAIN), dark


def is_dark(pixels: ByteArray) -> bool:
    """Tell whether the ink is darker than the paper."""
    return direction_of_ink(pixels)[1]


def direction_of_ink(pixels: ByteArray) -> tuple[Array, bool]:
    """Return the direction in RGB, (3,), in which ink and paper differ most, and whether ink is at its darker end.

    It is the first principal component of each pixel's difference from its surroundings. Ink is the rarer of the two.
    """
    small = overview(pixels).astype(np.float32)
    around = cv2.GaussianBlur(small, (0, 0), max(small.shape) / 4)
    differences = (small - around).reshape(-1, 3)
    v = np.linalg.eigh(differences.T @ differences)[1][:, -1]
    v = v * np.sign(v.sum() or 1) / np.abs(v).sum()
    return v, bool(((differences @ v) ** 3).sum() < 0)


def above_paper(g: Array, dark: bool, widest: int, local: bool) -> Ink | None:
    """Return the ink that is brighter than the paper around it and no wider than `widest` pixels.

    local says what decides: the darkest ink nearby, or a threshold for the whole picture.
    """
    paper = paper_of(g, widest)
    above = g - paper
    if dark:  # the same ink differs less from paper in the shade: scale it by the light
        above *= 255 / np.maximum(255 - paper, 32)
    low, middle = np.percentile(above, (5, 25))  # both are paper, even if half of the picture is ink
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
    return Ink(np.clip((above - base) / (full - base), 0, 1), mask, with_faint=mask | (above > floor))


def beside_the_darkest(above: Array, floor: float, reach: int) -> Array:
    """Return which pixels have a share of the darkest ink within reach. So faint strokes stay whole, dark ones thin.

    Pixels fainter than the floor are ink only if they are connected to darker ones.
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
    """Return the brightness of the paper, also under ink: what is brighter and narrower than `widest` pixels."""
    small = cv2.GaussianBlur(overview(g), (3, 3), 0)
    side = max(3, round(widest * max(small.shape) / max(g.shape)))
    edges = [min(side, length - 1) for length in small.shape]
    pads, square = [(edge, edge) for edge in edges], np.ones((side, side), np.uint8)
    wider = np.pad(small, pads, mode="reflect", reflect_type="odd"), np.pad(small, pads, mode="edge")
    # at the border, either the light's slope goes on, or its level
    opened = np.maximum(*(cv2.morphologyEx(one, cv2.MORPH_OPEN, square) for one in wider))
    smooth = cv2.GaussianBlur(opened, (0, 0), side / 16)[edges[0] :, edges[1] :][: small.shape[0], : small.shape[1]]
    smooth = np.minimum(smooth, small)
    return cv2.resize(smooth, g.shape[::-1], interpolation=cv2.INTER_LINEAR)


def overview(pixels: Array) -> Array:
    """Return a picture, shrunk to a longer side of 256 pixels if it is larger."""
    height, width = pixels.shape[:2]
    factor = OVERVIEW / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def stroke_width(mask: Array) -> float:
    """Return the strokes' width in pixels: four times the mean distance of ink from its edge."""
    padded = np.pad(mask, 1)
    distances = cv2.distanceTransform(padded.astype(np.uint8), cv2.DIST_L2, 3)
    return max(1.0, 4 * float(distances[padded].mean()))
