"""Read picture files of any camera or program: upright, on paper, shrunk to a workable size."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from classify.bounds import check_file, check_size, silenced
from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError, StageError, UnavailableError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
KEPT_PIXELS = 2_600_000  # after shrinking: a digit on a full page still has forty on a side
STRIP_PIXELS = 2**22  # that are converted at a time
LARGE_WEBP = 40_000_000  # pixels: above this OpenCV decodes, with three bytes for each; Pillow takes sixteen
NEARLY_WHITE, OPAQUE = 200, 127  # levels of 255
ON_THEIR_SIDE = range(5, 9)  # the EXIF orientations that swap width and height

Box = tuple[int, int, int, int]  # left, top, width, height

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit prints a long warning; MOST_PIXELS replaces it


class Picture(NamedTuple):
    """A picture, pixels (height, width, 3) uint8 RGB, upright.

    scale is the number of file pixels on the side of one of its pixels; size is the file's (width, height), upright.
    """

    pixels: ByteArray
    scale: float
    size: tuple[int, int]

    def enlarged(self, side: int) -> "Picture":
        """Return the picture, enlarged to a shorter side of at least so many pixels if that is not too large."""
        height, width = self.pixels.shape[:2]
        factor = min(math.ceil(side / min(height, width)), math.isqrt(KEPT_PIXELS // (height * width)))
        pixels = cv2.resize(self.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        return self._replace(pixels=np.asarray(pixels, np.uint8), scale=self.scale / factor) if factor > 1 else self

    def in_file(self, box: Box) -> Box:
        """Return the smallest box in the file's pixels that holds a box of the picture."""
        left, top, width, height = box
        x, y = math.floor(self.scale * left), math.floor(self.scale * top)
        right, bottom = math.ceil(self.scale * (left + width)), math.ceil(self.scale * (top + height))
        return x, y, min(right, self.size[0]) - x, min(bottom, self.size[1]) - y


def read_picture(path: Path) -> Picture:
    """Return a file's first picture, upright, shrunk to at most 2.6 megapixels, with paper where it is transparent.

    Raises UnavailableError if the file is missing or cannot be read, and DamagedError if it is not a whole picture or
    would take longer than some seconds or more than a gigabyte to read.
    """
    with opened(path) as image:
        check_size(path, image)
        size, factor = image.size, factor_for(image)
        if image.format == "WEBP" and image.width * image.height > LARGE_WEBP:
            small = decoded_small(path)
        else:
            image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))  # JPEG decodes smaller
            image.load()
            small = shrunk(image, factor_for(image))
        turn = orientation(image)
    small.getexif()[ExifTags.Base.Orientation] = turn
    upright = on_paper(ImageOps.exif_transpose(small))
    return Picture(upright, round(max(size) / max(small.size)), size[::-1] if turn in ON_THEIR_SIDE else size)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Yield an open picture file; turn any error while it is read into an error of one line that names the file."""
    try:
        check_file(path)
        with (
            silenced(),
            warnings.catch_warnings(action="ignore"),
            Image.open(path, formats=FORMATS) as image,
        ):
            yield image
    except StageError:
        raise
    except UnidentifiedImageError as error:
        raise DamagedError(f"{path}: is not a picture, expected one of {', '.join(FORMATS)}") from error
    except Exception as error:  # on damaged bytes, Pillow's decoders may raise anything
        if isinstance(error, OSError) and error.errno:
            raise UnavailableError(f"{path}: cannot be read ({error.strerror}); expected a picture") from error
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DamagedError(f"{path}: cannot be read ({reason}); expected a whole picture") from error


def orientation(image: Image.Image) -> int:
    """Return a picture's EXIF orientation: 1, upright, if there is none or it is damaged."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # on damaged EXIF, Pillow's parser may raise anything; the picture itself is whole
        return 1
    return int(turn) if turn in range(1, 9) else 1


def factor_for(image: Image.Image) -> int:
    """Return the factor by which a picture's sides are shrunk."""
    return math.ceil(math.sqrt(image.width * image.height / KEPT_PIXELS))


def decoded_small(path: Path) -> Image.Image:
    """Return a large WebP, decoded at an eighth of its size."""
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_REDUCED_COLOR_8 | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise ValueError("damaged WebP")
    return Image.fromarray(pixels[:, :, ::-1])


def shrunk(image: Image.Image, factor: int) -> Image.Image:
    """Return a picture in RGB or RGBA, its sides divided by a factor; converts a strip at a time."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = Image.new(mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    deep = image.mode.startswith(("I", "F"))
    extremes = extremes_of(strip for _, strip in strips(image, factor)) if deep else (0, 0)
    for top, strip in strips(image, factor):
        small.paste((in_bytes(strip, *extremes) if deep else strip).convert(mode).reduce(factor), (0, top))
    return small


def strips(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """Yield strips of a picture from its top, each with the row at which it starts in the shrunk picture."""
    rows = max(1, STRIP_PIXELS // (image.width * factor))
    for top in range(0, math.ceil(image.height / factor), rows):
        yield top, image.crop((0, top * factor, image.width, min((top + rows) * factor, image.height)))


def extremes_of(images: Iterator[Image.Image]) -> tuple[float, float]:
    """Return the lowest and the highest level; raise ValueError if none is a finite number."""
    low, high = math.inf, -math.inf
    for image in images:
        levels: Array = np.asarray(image)
        finite = levels[np.isfinite(levels)] if levels.dtype.kind == "f" else levels
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low > high:
        raise ValueError("none of its levels is a finite number")
    return low, high


def in_bytes(image: Image.Image, low: float, high: float) -> Image.Image:
    """Return a picture of more than eight bits in eight: its lowest level 0, its highest 255."""
    levels: Array = np.asarray(image)
    if levels.dtype.kind == "f":
        finite = np.isfinite(levels)
        levels = np.where(finite, levels, np.median(levels[finite]) if finite.any() else high)
    shares = (levels / 2 - low / 2) / max(high / 2 - low / 2, 1e-12)  # halves, so that the difference never overflows
    return Image.fromarray(np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8))


def on_paper(image: Image.Image) -> ByteArray:
    """Return a picture as (height, width, 3) uint8 RGB. What is transparent becomes white, or black under white ink."""
    pixels = np.asarray(image)
    if image.mode == "RGB":
        return pixels
    visible = pixels[pixels[:, :, 3] > OPAQUE][:, :3]
    is_white_ink = 0 < len(visible) < image.width * image.height / 2 and visible.min() > NEARLY_WHITE
    paper = Image.new("RGBA", image.size, "black" if is_white_ink else "white")
    return np.asarray(Image.alpha_composite(paper, image).convert("RGB"))
