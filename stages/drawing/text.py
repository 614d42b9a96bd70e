"""Text on images of bytes, the same on every processor: FreeType and the blending use whole numbers."""

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from stages.storage.arrays import ByteArray

Colour = tuple[int, int, int]
Place = tuple[int, int]  # x to the right, y down

MATPLOTLIB: Any = find_spec("matplotlib")  # it brings the font; found, but not imported
FONTS = Path(MATPLOTLIB.origin).parent / "mpl-data/fonts/ttf"


@cache
def font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans at a size in pixels."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def mask(text: str, size: int, bold: bool) -> tuple[ByteArray, int, int]:
    """Return how much of each pixel a text covers, 0 to 255, and the upper left corner from the baseline's start."""
    letters = font(size, bold)
    left, top, right, bottom = (int(edge) for edge in letters.getbbox(text, anchor="ls"))
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=letters, anchor="ls")
    return np.asarray(image), left, top


def write(canvas: ByteArray, text: str, place: Place, size: int, colour: Colour, *, bold: bool = False) -> None:
    """Write text on a canvas, (height, width, 3) uint8, with the baseline from (x, y); what does not fit is cut off."""
    covered, left, top = mask(text, size, bold)
    x, y = place[0] + left, place[1] + top
    area = canvas[y : y + covered.shape[0], x : x + covered.shape[1]]
    share = covered[: area.shape[0], : area.shape[1], None].astype(np.uint16)
    area[:] = (area * (255 - share) + np.array(colour, dtype=np.uint16) * share + 127) // 255
