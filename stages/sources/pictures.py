"""Pictures of one size, a sub-folder for each class; or train/ and test/ with such sub-folders."""

import io
import warnings
from collections.abc import Mapping

import numpy as np
from PIL import Image

from stages.sources.parts import MOST_BYTES, Part
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError

FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM"]
MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}  # of eight bits; colours become greys
SETS = ["test", "train"]


def parts_of_pictures(files: Mapping[str, bytes]) -> list[Part]:
    """Return the parts in a folder's files, by their names: CLASS/NAME, or train/CLASS/NAME and test/CLASS/NAME."""
    ways = {name: name.split("/") for name in files}
    (deep, *others) = {len(way) for way in ways.values()}
    sets = sorted({way[0] for way in ways.values()}) if deep == 3 else []
    if others or deep not in (2, 3) or (deep == 3 and sets != SETS):
        odd = min(ways, key=lambda name: len(ways[name]))
        raise DamagedError(f"holds {odd}; expected CLASS/PICTURE, or train/CLASS/PICTURE and test/CLASS/PICTURE, alone")
    size = size_of(next(iter(files)), next(iter(files.values())))
    if len(files) * size[0] * size[1] > MOST_BYTES:
        raise DamagedError(f"holds {len(files)} pictures of {size[0]}x{size[1]}, expected at most {MOST_BYTES} pixels")
    parts = [[name for name in files if not sets or ways[name][0] == which] for which in (SETS[::-1] if sets else [""])]
    return [
        Part(np.stack([pixels_of(name, files[name], size) for name in part]), [ways[name][-2] for name in part])
        for part in parts
    ]


def size_of(name: str, content: bytes) -> tuple[int, int]:
    """Return a picture's width and height."""
    with opened(name, content) as image:
        return image.size


def pixels_of(name: str, content: bytes, size: tuple[int, int]) -> ByteArray:
    """Return a picture's greys, (height, width) uint8; raise DamagedError where it has another size, unread."""
    with opened(name, content) as image:
        if image.size != size or image.mode not in MODES:
            found = f"{image.width}x{image.height} in {image.mode}"
            expected = f"{size[0]}x{size[1]}, as the first, in {', '.join(sorted(MODES))}"
            raise DamagedError(f"{name}: is {found}, expected {expected}")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return np.asarray(image.convert("L"))
        except Exception as error:  # Pillow's plugins have a dozen
            raise DamagedError(f"{name}: is a damaged picture ({' '.join(str(error).split())})") from error


def opened(name: str, content: bytes) -> Image.Image:
    """Return a picture whose head alone is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception as error:  # as below
        raise DamagedError(f"{name}: is no picture that can be read ({type(error).__name__})") from error
