"""Arrays in NumPy's .npy files. The header is checked before anything is read; the array is memory-mapped."""

import hashlib
import io
import math
import os
import warnings
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.storage.arrays import Array
from stages.storage.errors import DamagedError
from stages.storage.files import reading

Shape = tuple[int | None, ...]  # None: any length above 0


class Header(NamedTuple):
    """The header of a .npy file. The array starts `start` bytes after the file's beginning."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    by_columns: bool
    start: int

    @property
    def size(self) -> int:
        """Return how many bytes the file should have."""
        return self.start + self.dtype.itemsize * math.prod(self.shape)


def write_array(path: Path, array: Array) -> str:
    """Write an array as `np.save` does, in row order. Return the sha256 of the file as it should be, in hexadecimal.

    `np.save` leaves the writing to C and reports no error if the disk is full.
    """
    rows, header = np.ascontiguousarray(array), io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(rows))
    summed = hashlib.sha256()
    with path.open("wb") as file:
        for part in (header.getvalue(), rows.reshape(-1).view(np.uint8).data):
            file.write(part)
            summed.update(part)
    return summed.hexdigest()


def read_array(path: Path, dtype: str, shape: Shape, *others: tuple[str, Shape]) -> Array:
    """Return the array in a .npy file, memory-mapped and finite, of this dtype and shape, or of one of the `others`.

    Raises DamagedError, with what was found and what was expected.
    """
    with reading(path) as file:
        header = read_header(file)
        form = next((other for other in others if fits(header.dtype, header.shape, *other)), (dtype, shape))
        check_kind(path, "array", header.dtype, header.shape, *form)
        if header.by_columns:
            raise DamagedError(f"{path}: array is in column order, expected row order")
        check_size(path, file, header.size)
        array = np.asarray(np.memmap(file, header.dtype, "r", header.start, header.shape))
    check_finite(path, "array", array)
    return array


def read_header(file: BufferedReader) -> Header:
    """Return the header of an open .npy file. Raise any error of NumPy's if the header makes no sense."""
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a header that NumPy finds odd is not one of ours
        try:
            shape, by_columns, dtype = readers[np.lib.format.read_magic(file)](file)
        except MemoryError:  # from Python's parser, for deeply nested brackets
            raise ValueError("its header is nested too deeply") from None
    return Header(dtype, shape, by_columns and len(shape) > 1, file.tell())


def check_kind(
    path: Path, name: str, dtype: np.dtype[Any], shape: tuple[int, ...], expected_dtype: str, expected_shape: Shape
) -> None:
    """Raise DamagedError unless the dtype and the shape are the expected ones, and the array is not empty."""
    if not fits(dtype, shape, expected_dtype, expected_shape):
        expected = f"{expected_dtype} {expected_shape}".replace("None", "any")
        raise DamagedError(f"{path}: {name} is {dtype} {shape}, expected {expected}")
    if not math.prod(shape):
        raise DamagedError(f"{path}: {name} is empty, expected at least one row")


def fits(dtype: np.dtype[Any], shape: tuple[int, ...], expected_dtype: str, expected_shape: Shape) -> bool:
    """Tell whether the dtype and the shape are the expected ones."""
    same = len(shape) == len(expected_shape) and all(e in (None, a) for a, e in zip(shape, expected_shape, strict=True))
    return same and dtype == np.dtype(expected_dtype)


def check_size(path: Path, file: BufferedReader, expected: int) -> None:
    """Raise DamagedError unless an open file has the expected number of bytes."""
    found = os.fstat(file.fileno()).st_size
    if found != expected:
        raise DamagedError(f"{path}: has {found} bytes, expected {expected}; run the stage that writes it")


def check_finite(path: Path, name: str, array: Array) -> None:
    """Raise DamagedError if an array of floats contains infinity or NaN."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DamagedError(f"{path}: {name} has values that are not finite, expected finite values")
