"""IDX, the format of MNIST's authors: a file of images and one of labels, each gzipped or not."""

import gzip
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from stages.sources.parts import MOST_BYTES, Part
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError

IMAGES_IDX = re.compile(r"images-idx3-ubyte(\.gz)?$")
LABELS = "labels-idx1-ubyte"
TEST = re.compile(r"t10k|test")
GZIPPED = b"\x1f\x8b"
PIECE = 2**20  # bytes


def labels_beside(path: Path) -> list[Path]:
    """Return the path of the labels that belong to an IDX file of images; nothing for other files."""
    return [path.with_name(IMAGES_IDX.sub(rf"{LABELS}\1", path.name))] if IMAGES_IDX.search(path.name) else []


def parts_of_idx(files: Mapping[str, bytes]) -> list[Part]:
    """Return the parts in one or two pairs of IDX files. The test part has 't10k' or 'test' in its names."""
    images = sorted(filter(IMAGES_IDX.search, files), key=lambda name: bool(TEST.search(name)))
    pairs = [(name, IMAGES_IDX.sub(rf"{LABELS}\1", name)) for name in images]
    tests = [bool(TEST.search(name)) for name in images]
    if {name for pair in pairs for name in pair} != set(files) or tests not in ([False], [True], [False, True]):
        expected = f"pairs of NAMEimages-idx3-ubyte and NAME{LABELS}; of two, one with 't10k' or 'test' in its name"
        raise DamagedError(f"holds {', '.join(files)[:200]}; expected one or two {expected}")
    arrays = [
        [array_of_idx(files[name], dimensions) for name, dimensions in zip(p, (3, 1), strict=True)] for p in pairs
    ]
    return [Part(pixels, labels.astype(str).tolist()) for pixels, labels in arrays]


def array_of_idx(content: bytes, dimensions: int) -> ByteArray:
    """Return the array in an IDX file. Raise DamagedError unless it has this many dimensions of bytes."""
    plain = unpacked(content) if content.startswith(GZIPPED) else content
    start = 4 + 4 * dimensions
    shape = [int(size) for size in np.frombuffer(plain[4:start].ljust(start - 4, b"\0"), ">u4")]
    if plain[:4] != bytes([0, 0, 8, dimensions]) or len(plain) != start + math.prod(shape):
        found = f"begins with {plain[:4].hex(' ')}, gives the shape {shape}, and has {len(plain)} bytes"
        raise DamagedError(f"is an IDX file that {found}; expected 00 00 08 {dimensions:02} and the bytes of its shape")
    return np.frombuffer(plain, np.uint8, offset=start).reshape(shape)


def unpacked(content: bytes) -> bytearray:
    """Return the content of a gzip. Raise DamagedError if it is damaged or unpacks to too many bytes."""
    plain = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:  # which takes memory for as much as it is asked for
            while len(plain) <= MOST_BYTES and (piece := file.read(PIECE)):
                plain += piece
    except Exception as error:  # gzip and zlib raise several kinds
        raise DamagedError(f"is a damaged gzip: {error}") from error
    if len(plain) > MOST_BYTES:
        raise DamagedError(f"unpacks to more than {MOST_BYTES} bytes, expected fewer")
    return plain
