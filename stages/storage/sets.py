"""Sets of arrays: files that are one thing, sealed by a list of their digests, which `sha256sum --check` reads too."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError
from stages.storage.files import reading, replacing
from stages.storage.npy import write_array

SUMS = "SHA256SUMS"
DIGITS = 64  # of a sha256
MOST = 10_000  # bytes of such a list, more than any has


def write_set(folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write each array as NAME.npy, and the list; none is in its place before all are written.

    Where a process is killed while they are moved there, the list does not fit, and `check_set` says so.
    """
    with ExitStack() as stack:
        prepare_set(stack, folder, arrays)


def prepare_set(stack: ExitStack, folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write a set beside its place; at the end of the stack it is moved there, or removed if something fails."""
    stack.push(lambda failed, *_: None if failed else remove_others(folder, arrays))
    sums = stack.enter_context(replacing(folder / SUMS))
    lines = []
    for name, array in arrays.items():
        temporary = stack.enter_context(replacing(folder / f"{name}.npy"))
        lines.append(f"{write_array(temporary, array)}  {name}.npy\n")
    sums.write_text("".join(lines), encoding="ascii", newline="\n")


def remove_others(folder: Path, names: Container[str]) -> None:
    """Remove the arrays of an earlier set that are none of the one that took its place."""
    for path in folder.glob("[!.]*.npy"):
        if path.stem not in names:
            path.unlink()


def check_set(folder: Path, names: Sequence[str], read: Sequence[str] = ()) -> None:
    """Raise DamagedError unless a folder's list names these arrays, and each, or each that is read, is as it says."""
    if (listed := names_in(folder)) != list(names):
        raise DamagedError(f"{folder / SUMS}: names {listed[:9]}, expected the sha256 of {', '.join(names)}")
    for name in read or names:
        with reading(folder / f"{name}.npy") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if f"{found}  {name}.npy" not in read_sums(folder).splitlines():
            raise DamagedError(f"{folder}/{name}.npy: is not what {SUMS} says; run the stage that writes them")


def names_in(folder: Path) -> list[str]:
    """Return the names of a set's arrays, by its list, which is taken as `write_set` writes it, to the letter."""
    *lines, rest = read_sums(folder).split("\n")
    names = [line.partition("  ")[2].removesuffix(".npy") for line in lines]
    if rest or any(len(line) != len(f"{name}  .npy") + DIGITS for name, line in zip(names, lines, strict=True)):
        raise DamagedError(f"{folder / SUMS}: is no list of sha256 and names; run the stage that writes it")
    return names


def set_digest(folder: Path) -> ByteArray:
    """Return what identifies a set, all its arrays in their order: a sha256, (32,) uint8."""
    return np.frombuffer(hashlib.sha256(read_sums(folder).encode()).digest(), np.uint8)


def read_sums(folder: Path) -> str:
    """Return a set's list."""
    with reading(folder / SUMS) as file:
        return file.read(MOST).decode("ascii")
