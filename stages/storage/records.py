"""Records: named numbers and arrays as one file, which NumPy alone reads: `np.load(path)["weights"]`.

A record is a structured array without dimensions, in NumPy's .npy format: no zip, whose headers Python's versions write
differently; no pickle; and all sizes stand in a header of a few hundred bytes. Its last field is the sha256 of all that
comes before.
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

Fields = Mapping[str, tuple[str, Shape]]  # by name: dtype and shape

SEAL = "sha256"
SEAL_BYTES = 32
PIECE = 2**20  # bytes that are in memory at a time


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write named arrays and numbers as one file, the same bytes for the same values."""
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
    """Return what `write_record` wrote, each field of the dtype and shape it must have, and finite.

    At the end there may be optional fields.

    Nothing but the header is read before sizes are known to be right, and nothing is kept before the digest is.
    Raises DamagedError, with what was found and what was expected.
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
    """Raise DamagedError unless a header has these fields, in their order."""
    names = list(header.dtype.names or ())
    if header.shape != () or names != list(expected):
        raise DamagedError(f"{path}: has the fields {names}, expected {list(expected)}; run 'dvc repro'")
    for name in names:
        check_kind(path, name, header.dtype[name].base, header.dtype[name].shape, *expected[name])


def check_seal(path: Path, file: BufferedReader, sealed: int) -> None:
    """Raise DamagedError unless what follows so many bytes of a file is their digest."""
    summed = hashlib.sha256()
    file.seek(0)
    for start in range(0, sealed, PIECE):
        summed.update(file.read(min(PIECE, sealed - start)))
    if file.read(SEAL_BYTES) != summed.digest():
        raise DamagedError(f"{path}: has another sha256 than it was written with; run the stage that writes it")
