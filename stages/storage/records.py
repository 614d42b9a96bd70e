"""Records: named numbers and arrays in one file that NumPy alone can read: `np.load(path)["weights"]`.

A record is a structured array without dimensions, in NumPy's .npy format. It is not a zip, because Python's versions
write different zip headers. It is not a pickle. The header has all sizes in a few hundred bytes. The last field is the
sha256 of everything before it.
"""

import hashlib
import io
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from stages.storage.arrays import Array
from stages.storage.errors import DamagedError
from stages.storage.files import reading, replacing
from stages.storage.npy import Header, Shape, check_finite, check_kind, check_size, read_header

Fields = Mapping[str, tuple[str, Shape]]  # dtype and shape of each field, by name

SEAL = "sha256"
SEAL_BYTES = 32
PIECE = 2**20  # bytes in memory at a time


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write named arrays and numbers as one file. The same values give the same bytes."""
    values = {name: np.asarray(value) for name, value in record.items()} | {SEAL: np.zeros(SEAL_BYTES, np.uint8)}
    array = np.zeros((), [(name, value.dtype, value.shape) for name, value in values.items()])
    for name, value in values.items():
        array[name] = value
    content = io.BytesIO()
    np.save(content, array)
    body = content.getvalue()[:-SEAL_BYTES]
    with replacing(path) as temporary:
        temporary.write_bytes(body + hashlib.sha256(body).digest())


def read_record(path: Path, fields: Fields, optional: Fields = MappingProxyType({})) -> dict[str, Array]:
    """Return what `write_record` wrote. Each field must be finite and have its expected dtype and shape.

    Optional fields may follow at the end. Only the header is read before the sizes are checked, and nothing is returned
    before the digest is checked. Raises DamagedError, with what was found and what was expected.
    """
    with reading(path) as file:
        header = read_header(file)
        fields = {**fields, **{name: optional[name] for name in optional if name in (header.dtype.names or ())}}
        check_fields(path, header, {**fields, SEAL: ("uint8", (SEAL_BYTES,))})
        check_size(path, file, header.size)
        check_seal(path, file, header.size - SEAL_BYTES)
        file.seek(header.start)
        (array,) = np.frombuffer(file.read(), header.dtype)
    record = {name: np.array(array[name]) for name in fields}
    for name, value in record.items():
        check_finite(path, name, value)
    return record


def check_fields(path: Path, header: Header, expected: Fields) -> None:
    """Raise DamagedError unless a header has these fields, in this order."""
    names = list(header.dtype.names or ())
    if header.shape != () or names != list(expected):
        raise DamagedError(f"{path}: has the fields {names}, expected {list(expected)}; run 'dvc repro'")
    for name in names:
        check_kind(path, name, header.dtype[name].base, header.dtype[name].shape, *expected[name])


def check_seal(path: Path, file: BufferedReader, sealed: int) -> None:
    """Raise DamagedError unless the first `sealed` bytes of a file are followed by their digest."""
    summed = hashlib.sha256()
    file.seek(0)
    for start in range(0, sealed, PIECE):
        summed.update(file.read(min(PIECE, sealed - start)))
    if file.read(SEAL_BYTES) != summed.digest():
        raise DamagedError(f"{path}: its content does not match the sha256 at its end; run the stage that writes it")
