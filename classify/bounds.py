"""Limits that are checked before decoding, so that no file takes too long or too much memory; and a silent stderr."""

import math
import mmap
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from stages.storage.errors import DamagedError

MOST_BYTES = 250_000_000  # of a file: a decoder may read it whole
MOST_PIXELS = 120_000_000  # of a picture: decoding takes up to six bytes for each
MOST_UNSHRUNK = 40_000_000  # pixels, if Pillow needs sixteen bytes for each
SLIMMEST = 100  # times the shorter side: even 200 digits in a row are not longer
MOST_SCANS = 100  # of a progressive JPEG: each scan goes over the whole picture
SCANNED = 1_500_000_000  # pixels of all scans together
SCAN = b"\xff\xda"  # the marker at the start of a scan; it occurs nowhere else in a JPEG's data


def check_file(path: Path) -> None:
    """Raise DamagedError if a path is not an ordinary file or too large to read; OSError if there is no such file."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise DamagedError(f"{path}: is not an ordinary file, expected a picture")
    if found.st_size > MOST_BYTES:
        sizes = f"{found.st_size / 1e6:.0f} MB, expected {MOST_BYTES / 1e6:.0f} at most"
        raise DamagedError(f"{path}: has {sizes}; save it in another format, or shrink it")


def check_size(path: Path, image: Image.Image) -> None:
    """Raise DamagedError if a picture's header says that it has too many pixels or is far longer than wide."""
    pixels, (shorter, longer) = image.width * image.height, sorted(image.size)
    most = MOST_UNSHRUNK if image.format == "WEBP" and image.has_transparency_data else MOST_PIXELS
    if pixels > most:
        kind = "megapixels" if most == MOST_PIXELS else "megapixels, some transparent"
        found = f"{math.ceil(pixels / 1e6)} {kind}, expected {most / 1e6:.0f} at most"
        raise DamagedError(f"{path}: has {found}; shrink it")
    if longer > SLIMMEST * shorter:
        found = f"{image.width} x {image.height} pixels, expected a longer side of at most {SLIMMEST} times the shorter"
        raise DamagedError(f"{path}: has {found}; cut it")
    if image.format in ("JPEG", "MPO"):  # MPO: several JPEGs in one file, as phones write
        check_scans(path, pixels)


def check_scans(path: Path, pixels: int) -> None:
    """Raise DamagedError if a JPEG has so many scans that decoding takes minutes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        scans, at = 0, data.find(SCAN)
        while at >= 0 and scans <= MOST_SCANS:
            scans, at = scans + 1, data.find(SCAN, at + 2)
    if scans > max(1, min(MOST_SCANS, SCANNED // pixels)):
        raise DamagedError(f"{path}: has too many scans for its size; save it as a JPEG that is not progressive")


@contextmanager
def silenced() -> Iterator[None]:
    """Discard what libraries write on stderr. Nothing else silences all of libtiff and OpenCV."""
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, AttributeError):  # there is no stderr
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 -- a device, not a path
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
