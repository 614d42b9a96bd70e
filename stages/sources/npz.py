"""NumPy's .npz: x_train, y_train, x_test and y_test, as Keras names them, or x and y. Nothing is unpickled."""

import io
import math
import zipfile
from typing import Any

import numpy as np

from stages.sources.archives import ENTRY, METHODS, MOST_ENTRIES
from stages.sources.parts import MOST_BYTES, Part, column_numbers, label_text
from stages.storage.arrays import Array
from stages.storage.errors import DamagedError, StageError
from stages.storage.npy import read_header

KEYS = [["x", "y"], ["x_train", "y_train"], ["x_train", "y_train", "x_test", "y_test"]]


def parts_of_npz(content: bytes) -> list[Part]:
    """Return the parts in a .npz file: images (n, height, width) uint8, or columns (n, P) of any numbers."""
    arrays = arrays_in(content)
    keys = next((keys for keys in KEYS if set(keys) == set(arrays)), None)
    if keys is None:
        raise DamagedError(f"holds {', '.join(arrays)[:200]}; expected x and y, or x_train, y_train, x_test, y_test")
    return [part_of(arrays[x], arrays[y], (x, y)) for x, y in zip(keys[::2], keys[1::2], strict=True)]


def arrays_in(content: bytes) -> dict[str, Array]:
    """Return the arrays in a .npz file by name. Raise DamagedError if they would be too many or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if content.count(ENTRY) > MOST_ENTRIES or sum(member.file_size for member in members) > MOST_BYTES:
                raise DamagedError(f"holds more than {MOST_ENTRIES} arrays or {MOST_BYTES} bytes, expected fewer")
            return {member.filename.removesuffix(".npy"): array_in(archive, member) for member in members}
    except StageError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy's parser raise a dozen kinds
        raise DamagedError(f"is a damaged .npz: {' '.join(str(error).split())}; expected a whole one") from error


def array_in(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    """Return one array. Its header is checked before its memory is allocated."""
    if member.compress_type not in METHODS:
        raise DamagedError(
            f"{member.filename}: is compressed by method {member.compress_type}, expected stored or deflated"
        )
    with archive.open(member) as opened:
        file: Any = opened
        header = read_header(file)
        if header.dtype.kind not in "biufUS" or header.size != member.file_size:
            found = f"is {header.dtype} {header.shape} in {member.file_size} bytes"
            raise DamagedError(f"{member.filename}: {found}, expected numbers or words of that many bytes")
        values = np.frombuffer(file.read(member.file_size), header.dtype, math.prod(header.shape))
    return values.reshape(header.shape, order="F" if header.by_columns else "C")


def part_of(x: Array, y: Array, names: tuple[str, str]) -> Part:
    """Return the part with rows x, (n, ...), and labels y, (n,) or (n, 1)."""
    if y.size != len(y):
        raise DamagedError(f"{names[1]}: is {y.dtype} {y.shape}, expected one label for each row")
    texts, places = np.unique(y.ravel(), return_inverse=True)
    labels = np.array([label_text(text) for text in decoded(texts)], object)[places].tolist()
    if x.ndim == 4 and x.shape[3] == 1:
        x = x[..., 0]
    if x.ndim == 3 and x.dtype == np.uint8:
        return Part(x, labels)
    if x.ndim == 2 and x.dtype.kind in "biuf":
        return Part(x.astype(np.float64), labels, column_numbers(x.shape[1]))
    expected = "images (n, height, width) uint8, or columns (n, P) of numbers"
    raise DamagedError(f"{names[0]}: is {x.dtype} {x.shape}, expected {expected}")


def decoded(texts: Array) -> list[Any]:
    """Return distinct labels, (n,), as words or numbers."""
    return [text.decode() if isinstance(text, bytes) else text for text in texts.tolist()]
