"""Picture files: read upright, on paper, small enough to work on, whatever camera or program wrote them."""

import math
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError, StageError, UnavailableError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
MOST_PIXELS = 120_000_000  # of a picture: decoded they take up to six bytes each
KEPT_PIXELS = 4_000_000  # of what is worked on: a digit of a full page still has fifty a side
STRIP_PIXELS = 2**22  # unpacked at a time
LARGE_WEBP = 40_000_000  # pixels: Pillow would take sixteen bytes for each, OpenCV takes three
NEARLY_WHITE, OPAQUE = 200, 127
ON_THEIR_SIDE = range(5, 9)  # EXIF's orientations that swap width and height

Box = tuple[int, int, int, int]  # left, top, width, height

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is a warning of several lines; MOST_PIXELS is held instead


class Picture(NamedTuple):
    """A picture, pixels (height, width, 3) uint8 RGB, upright.

    scale is how many of its file's pixels are the side of one; size is the file's, width and height, upright.
    """

    pixels: ByteArray
    scale: float
    size: tuple[int, int]

    def enlarged(self, side: int) -> "Picture":
        """Return the picture with a shorter side of at least so many pixels, if it stays small enough to work on."""
        height, width = self.pixels.shape[:2]
        factor = min(math.ceil(side / min(height, width)), math.isqrt(KEPT_PIXELS // (height * width)))
        pixels = cv2.resize(self.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        return self._replace(pixels=np.asarray(pixels, np.uint8), scale=self.scale / factor) if factor > 1 else self

    def in_file(self, box: Box) -> Box:
        """Return a box in the file's pixels, the smallest that holds this one."""
        left, top, width, height = box
        x, y = math.floor(self.scale * left), math.floor(self.scale * top)
        right, bottom = math.ceil(self.scale * (left + width)), math.ceil(self.scale * (top + height))
        return x, y, min(right, self.size[0]) - x, min(bottom, self.size[1]) - y


def read_picture(path: Path) -> Picture:
    """Return a file's first picture, upright, shrunk to four megapixels, and on paper where it is transparent.

    Raises UnavailableError where there is no such file or it cannot be read, DamagedError for what is no whole picture.
    """
    with opened(path) as image:
        size, factor = image.size, factor_for(path, image)
        if image.format == "WEBP" and image.width * image.height > LARGE_WEBP:
            small = decoded_small(path)
        else:
            image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))  # a JPEG's part of it
            image.load()
            small = shrunk(image, factor_for(path, image))
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    small.getexif()[ExifTags.Base.Orientation] = turn
    upright = on_paper(ImageOps.exif_transpose(small))
    return Picture(upright, round(max(size) / max(small.size)), size[::-1] if turn in ON_THEIR_SIDE else size)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Yield a picture file, open; turn whatever goes wrong while it is read into an error of one line that names it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DamagedError(f"{path}: is no ordinary file, expected a picture")
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as image:
            yield image
    except StageError:
        raise
    except UnidentifiedImageError as error:
        raise DamagedError(f"{path}: is no picture, expected one of {', '.join(FORMATS)}") from error
    except Exception as error:  # Pillow's decoders let through whatever damaged bytes make them stumble over
        if isinstance(error, OSError) and error.errno:
            raise UnavailableError(f"{path}: cannot be read ({error.strerror}); expected a picture") from error
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DamagedError(f"{path}: cannot be read ({reason}); expected a whole picture") from error


def factor_for(path: Path, image: Image.Image) -> int:
    """Return by how much a picture's sides are shrunk; raise DamagedError where it is too large to be decoded."""
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        found, most = pixels / 1e6, MOST_PIXELS / 1e6
        raise DamagedError(f"{path}: has {found:.0f} megapixels, expected {most:.0f} at most; shrink it")
    return math.ceil(math.sqrt(pixels / KEPT_PIXELS))


def decoded_small(path: Path) -> Image.Image:
    """Return a large WebP, decoded to an eighth of its sides."""
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_REDUCED_COLOR_8 | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise ValueError("it is damaged")
    return Image.fromarray(pixels[:, :, ::-1])


def shrunk(image: Image.Image, factor: int) -> Image.Image:
    """Return a picture in RGB or RGBA, its sides divided by a factor; a strip of it is unpacked at a time."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = Image.new(mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    image = image.convert("I") if image.mode.startswith("I;") else image
    extremes = image.getextrema() if image.mode.startswith(("I", "F")) else None
    rows = max(1, STRIP_PIXELS // (image.width * factor))
    for top in range(0, small.height, rows):
        bottom = min(top + rows, small.height)
        strip = image.crop((0, top * factor, image.width, min(bottom * factor, image.height)))
        strip = in_bytes(strip, *extremes) if extremes else strip
        small.paste(strip.convert(mode).reduce(factor), (0, top))
    return small


def in_bytes(image: Image.Image, low: float, high: float) -> Image.Image:
    """Return a picture of more than eight bits in eight, its darkest pixel 0 and its brightest 255."""
    levels = (np.asarray(image, np.float64) - low) / max(high - low, 1e-12)
    return Image.fromarray(np.rint(255 * np.clip(np.nan_to_num(levels), 0, 1)).astype(np.uint8))


def on_paper(image: Image.Image) -> ByteArray:
    """Return a picture's colours, (height, width, 3) uint8, on white where it is transparent; white ink is on black."""
    pixels = np.asarray(image)
    if image.mode == "RGB":
        return pixels
    visible = pixels[pixels[:, :, 3] > OPAQUE][:, :3]
    is_white_ink = 0 < len(visible) < image.width * image.height / 2 and visible.min() > NEARLY_WHITE
    paper = Image.new("RGBA", image.size, "black" if is_white_ink else "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"))
