"""Picture files: read upright, on paper, small enough to work on, whatever camera or program wrote them."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from classify.bounds import check_file, check_size, without_words
from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError, StageError, UnavailableError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
KEPT_PIXELS = 2_600_000  # of what is worked on: a digit of a full page still has forty a side
STRIP_PIXELS = 2**22  # unpacked at a time
LARGE_WEBP = 40_000_000  # pixels: Pillow would take sixteen bytes for each, OpenCV takes three
NEARLY_WHITE, OPAQUE = 200, 127
ON_THEIR_SIDE = range(5, 9)  # EXIF's orientations that swap width and height

Box = tuple[int, int, int, int]  # left, top, width, height

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is a warning of several lines; ours is held instead


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
    """Return a file's first picture, upright, shrunk to 2.6 megapixels, and on paper where it is transparent.

    Raises UnavailableError where there is no such file or it cannot be read, DamagedError for what is no whole picture,
    or would take longer than some seconds or more than a gigabyte.
    """
    with opened(path) as image:
        check_size(path, image)
        size, factor = image.size, factor_for(image)
        if image.format == "WEBP" and image.width * image.height > LARGE_WEBP:
            small = decoded_small(path)
        else:
            image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))  # a JPEG's part of it
            image.load()
            small = shrunk(image, factor_for(image))
        turn = orientation(image)
    small.getexif()[ExifTags.Base.Orientation] = turn
    upright = on_paper(ImageOps.exif_transpose(small))
    return Picture(upright, round(max(size) / max(small.size)), size[::-1] if turn in ON_THEIR_SIDE else size)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Yield a picture file, open; turn whatever goes wrong while it is read into an error of one line that names it."""
    try:
        check_file(path)
        with (
            without_words(),
            warnings.catch_warnings(action="ignore"),
            Image.open(path, formats=FORMATS) as image,
        ):
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


def orientation(image: Image.Image) -> int:
    """Return how a camera held a picture, by EXIF: 1, which is upright, where this is damaged."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # whatever Pillow's parser of EXIF stumbles over; the picture is whole
        return 1
    return int(turn) if turn in range(1, 9) else 1


def factor_for(image: Image.Image) -> int:
    """Return by how much a picture's sides are shrunk."""
    return math.ceil(math.sqrt(image.width * image.height / KEPT_PIXELS))


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
    deep = image.mode.startswith(("I", "F"))
    extremes = extremes_of(strip for _, strip in strips(image, factor)) if deep else (0, 0)
    for top, strip in strips(image, factor):
        small.paste((in_bytes(strip, *extremes) if deep else strip).convert(mode).reduce(factor), (0, top))
    return small


def strips(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """Yield a picture from its top, some rows at a time, each with its place in a picture shrunk by a factor."""
    rows = max(1, STRIP_PIXELS // (image.width * factor))
    for top in range(0, math.ceil(image.height / factor), rows):
        yield top, image.crop((0, top * factor, image.width, min((top + rows) * factor, image.height)))


def extremes_of(images: Iterator[Image.Image]) -> tuple[float, float]:
    """Return the darkest and the brightest level; raise ValueError where none is a number."""
    low, high = math.inf, -math.inf
    for image in images:
        levels: Array = np.asarray(image)
        finite = levels[np.isfinite(levels)] if levels.dtype.kind == "f" else levels
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low > high:
        raise ValueError("none of its levels is a number")
    return low, high


def in_bytes(image: Image.Image, low: float, high: float) -> Image.Image:
    """Return a picture of more than eight bits in eight, its darkest pixel 0, its brightest 255."""
    levels: Array = np.asarray(image)
    if levels.dtype.kind == "f":
        finite = np.isfinite(levels)
        levels = np.where(
            finite, levels, np.median(levels[finite]) if finite.any() else high
        )  # what is none is like most
    shares = (levels / 2 - low / 2) / max(high / 2 - low / 2, 1e-12)  # halves, for levels as far apart as floats go
    return Image.fromarray(np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8))


def on_paper(image: Image.Image) -> ByteArray:
    """Return a picture's colours, (height, width, 3) uint8, on white where it is transparent; white ink is on black."""
    pixels = np.asarray(image)
    if image.mode == "RGB":
        return pixels
    visible = pixels[pixels[:, :, 3] > OPAQUE][:, :3]
    is_white_ink = 0 < len(visible) < image.width * image.height / 2 and visible.min() > NEARLY_WHITE
    paper = Image.new("RGBA", image.size, "black" if is_white_ink else "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"))
