"""Pictures of one size in a sub-folder for each class, or in such sub-folders of train/ and test/."""

import io
import warnings
from collections.abc import Mapping

import numpy as np
from PIL import Image

from stages.sources.parts import MOST_BYTES, Part
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError

FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM"]
MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}  # of eight bits; colours are converted to grey
SETS = ["test", "train"]


def parts_of_pictures(files: Mapping[str, bytes]) -> list[Part]:
    """Return the parts in a folder's files, by name: CLASS/NAME, or train/CLASS/NAME and test/CLASS/NAME."""
    steps = {name: name.split("/") for name in files}
    (deep, *others) = {len(path) for path in steps.values()}
    sets = sorted({path[0] for path in steps.values()}) if deep == 3 else []
    if others or deep not in (2, 3) or (deep == 3 and sets != SETS):
        odd = min(steps, key=lambda name: len(steps[name]))
        raise DamagedError(f"holds {odd}; expected only CLASS/PICTURE, or train/CLASS/PICTURE and test/CLASS/PICTURE")
    size = size_of(next(iter(files)), next(iter(files.values())))
    if len(files) * size[0] * size[1] > MOST_BYTES:
        raise DamagedError(f"holds {len(files)} pictures of {size[0]}x{size[1]}, expected at most {MOST_BYTES} pixels")
    parts = [[name for name in files if not sets or steps[name][0] == part] for part in (SETS[::-1] if sets else [""])]
    return [
        Part(np.stack([pixels_of(name, files[name], size) for name in part]), [steps[name][-2] for name in part])
        for part in parts
    ]


def size_of(name: str, content: bytes) -> tuple[int, int]:
    """Return a picture's width and height."""
    with open_picture(name, content) as image:
        return image.size


def pixels_of(name: str, content: bytes, size: tuple[int, int]) -> ByteArray:
    """Return a picture's greys, (height, width) uint8. Raise DamagedError, unread, if it has another size."""
    with open_picture(name, content) as image:
        if image.size != size or image.mode not in MODES:
            found = f"{image.width}x{image.height} in mode {image.mode}"
            expected = f"{size[0]}x{size[1]}, like the first, in mode {', '.join(sorted(MODES))}"
            raise DamagedError(f"{name}: is {found}, expected {expected}")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return np.asarray(image.convert("L"))
        except Exception as error:  # Pillow's plugins raise a dozen kinds
            raise DamagedError(f"{name}: is a damaged picture ({' '.join(str(error).split())})") from error


def open_picture(name: str, content: bytes) -> Image.Image:
    """Return a picture of which only the header is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content), formats=FORMATS)
    except Exception as error:  # Pillow's plugins raise a dozen kinds
        raise DamagedError(f"{name}: is not a readable picture ({type(error).__name__})") from error
