"""Files that are there whole or not at all, and that are checked when they are read."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from stages.storage.arrays import Array
from stages.storage.errors import DamagedError, UnavailableError
from stages.storage.temporary import remove, temporary_for

Shape = tuple[int | None, ...]  # None: any length


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, with its suffix; move it there if all went well, else remove it.

    Raises UnavailableError, naming `path`, where it cannot be written: no space, no permission.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_for(path)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise UnavailableError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if temporary:
            remove(temporary)


def write_arrays(folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write each array as NAME.npy; none is in its place before all are written."""
    with ExitStack() as stack:
        for name, array in arrays.items():
            np.save(stack.enter_context(replacing(folder / f"{name}.npy")), array)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_array(path: Path, dtype: str, shape: Shape) -> Array:
    """Return the array in a .npy file, memory-mapped, of the dtype and shape it must have.

    Raises DamagedError, with what was found and what was expected.
    """
    with reading(path):
        array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    check_array(path, array, dtype, shape)
    return array


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write named arrays and numbers as .npz."""
    with replacing(path) as temporary:
        np.savez(temporary, **record)


def read_record(path: Path, shapes: Mapping[str, tuple[str, Shape]]) -> dict[str, Array]:
    """Return the arrays in a .npz file, each of the dtype and shape it must have, and finite.

    Raises DamagedError, with what was found and what was expected.
    """
    with reading(path), path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        record = {name: archive[name] for name in archive}
    if sorted(record) != sorted(shapes):
        raise DamagedError(f"{path}: has the keys {sorted(record)}, expected {sorted(shapes)}")
    for name, (dtype, shape) in shapes.items():
        check_array(path, record[name], dtype, shape, name)
    return record


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into a DamagedError that names the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: found nothing, expected a file; run the stage that writes it") from error
    except PermissionError as error:
        raise UnavailableError(f"{path}: cannot be read ({error.strerror})") from error
    except Exception as error:  # NumPy, zipfile and zlib each have their own
        raise DamagedError(f"{path}: cannot be read ({error}); expected a whole {path.suffix} file") from error


def check_array(path: Path, array: Array, dtype: str, shape: Shape, name: str = "array") -> None:
    """Raise DamagedError unless the array has this dtype and shape, and holds finite numbers."""
    fits = len(array.shape) == len(shape) and all(e in (None, a) for a, e in zip(array.shape, shape, strict=True))
    if array.dtype != np.dtype(dtype) or not fits:
        expected = f"{dtype} {shape}".replace("None", "any")
        raise DamagedError(f"{path}: {name} is {array.dtype} {array.shape}, expected {expected}")
    if not array.size or not array.flags.c_contiguous:
        raise DamagedError(f"{path}: {name} is empty or in column order, expected some rows, in row order")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DamagedError(f"{path}: {name} has values that are not finite, expected finite ones")
