"""Sets of arrays: files that are one thing, sealed by a list of their digests, which `sha256sum --check` reads too."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError
from stages.storage.files import reading, replacing
from stages.storage.npy import write_array

SUMS = "SHA256SUMS"
MOST = 10_000  # bytes of such a list, more than any has


def write_set(folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write each array as NAME.npy, and the list; none is in its place before all are written.

    Where a process is killed while they are moved there, the list does not fit, and `check_set` says so.
    """
    with ExitStack() as stack:
        prepare_set(stack, folder, arrays)


def prepare_set(stack: ExitStack, folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write a set beside its place; at the end of the stack it is moved there, or removed if something fails."""
    sums = stack.enter_context(replacing(folder / SUMS))
    lines = []
    for name, array in arrays.items():
        temporary = stack.enter_context(replacing(folder / f"{name}.npy"))
        lines.append(f"{write_array(temporary, array)}  {name}.npy\n")
    sums.write_text("".join(lines), encoding="ascii", newline="\n")


def check_set(folder: Path, names: list[str]) -> None:
    """Raise DamagedError unless a folder's list names the arrays of these names, and each is as the list says.

    The list is taken as `write_set` writes it, to the letter: `set_digest` is of its letters.
    """
    *lines, rest = read_sums(folder).split("\n")
    listed = [line.partition("  ")[::2] for line in lines]
    if rest or [name for _, name in listed] != [f"{name}.npy" for name in names]:
        found = [name for _, name in listed][:9]
        raise DamagedError(f"{folder / SUMS}: names {found}, expected the sha256 of {', '.join(names)}")
    for digest, name in listed:
        with reading(folder / name) as file:
            summed = hashlib.file_digest(file, "sha256")
        if summed.hexdigest() != digest:
            raise DamagedError(f"{folder / name}: is not what {SUMS} beside it says; run the stage that writes them")


def set_digest(folder: Path) -> ByteArray:
    """Return what identifies a set, all its arrays in their order: a sha256, (32,) uint8."""
    return np.frombuffer(hashlib.sha256(read_sums(folder).encode()).digest(), np.uint8)


def read_sums(folder: Path) -> str:
    """Return a set's list."""
    with reading(folder / SUMS) as file:
        return file.read(MOST).decode("ascii")
