"""Sets of arrays: files that belong together, with a list of their digests that `sha256sum --check` can read too."""

import hashlib
from collections.abc import Container, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from stages.storage.arrays import Array, ByteArray
from stages.storage.errors import DamagedError
from stages.storage.files import paths_in, reading, replacing
from stages.storage.npy import check_size, read_header, write_array

SUMS = "SHA256SUMS"
DIGITS = 64  # hexadecimal, of a sha256
MOST_BYTES = 10_000  # of a list; every real one is shorter


def write_set(folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write each array as NAME.npy, and the list. No file is moved into place before all are written.

    If the process is killed while they are moved, the list does not match the files, and `check_set` raises.
    """
    with ExitStack() as stack:
        prepare_set(stack, folder, arrays)


def prepare_set(stack: ExitStack, folder: Path, arrays: Mapping[str, Array]) -> None:
    """Write a set to temporary files. The end of the stack moves them into place, or removes them after an error."""
    stack.push(lambda failed, *_: None if failed else remove_others(folder, arrays))
    sums = stack.enter_context(replacing(folder / SUMS))
    lines = []
    for name, array in arrays.items():
        temporary = stack.enter_context(replacing(folder / f"{name}.npy"))
        lines.append(f"{write_array(temporary, array)}  {name}.npy\n")
    sums.write_text("".join(lines), encoding="ascii", newline="\n")


def remove_others(folder: Path, names: Container[str]) -> None:
    """Remove the arrays of an earlier set that the new set does not have."""
    for path in paths_in(folder, "[!.]*.npy"):
        if path.stem not in names:
            path.unlink()


def check_set(folder: Path, names: Sequence[str], read: Sequence[str] = ()) -> None:
    """Raise DamagedError unless the list has these names, and all arrays, or those in `read`, match their digests."""
    if (listed := names_in(folder)) != list(names):
        raise DamagedError(f"{folder / SUMS}: lists {listed[:9]}, expected {', '.join(names)}; run 'dvc repro'")
    for name in read or names:
        with reading(path := folder / f"{name}.npy") as file:
            check_size(path, file, read_header(file).size)  # first, as a digest takes time
            file.seek(0)
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if f"{found}  {name}.npy" not in read_sums(folder).splitlines():
            raise DamagedError(f"{folder}/{name}.npy: does not match {SUMS}; run the stage that writes it")


def names_in(folder: Path) -> list[str]:
    """Return the names of a set's arrays from its list. The list must be exactly as `write_set` writes it."""
    *lines, rest = read_sums(folder).split("\n")
    names = [line.partition("  ")[2].removesuffix(".npy") for line in lines]
    if rest or any(len(line) != len(f"{name}  .npy") + DIGITS for name, line in zip(names, lines, strict=True)):
        raise DamagedError(f"{folder / SUMS}: is not a list of sha256 digests and names; run the stage that writes it")
    return names


def set_digest(folder: Path) -> ByteArray:
    """Return the sha256 that identifies a set, (32,) uint8: the digest of its list."""
    return np.frombuffer(hashlib.sha256(read_sums(folder).encode()).digest(), np.uint8)


def read_sums(folder: Path) -> str:
    """Return the text of a set's list."""
    with reading(folder / SUMS) as file:
        return file.read(MOST_BYTES).decode("ascii")
