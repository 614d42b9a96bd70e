"""Temporary files: written beside their final place, never left behind."""

import secrets
import time
from contextlib import suppress
from io import FileIO
from pathlib import Path

from stages.storage import system

OLD = 3600  # seconds; without locks, an older file is a leftover

in_use: dict[Path, FileIO | None] = {}  # by this process; each stays open and locked


def temporary_for(path: Path) -> Path:
    """Create and return an empty temporary file beside `path`, with its suffix. Remove what killed processes left.

    A lock shows that a process is alive. Process numbers do not, if containers or machines share a folder.
    """
    for leftover in path.parent.glob(f".{path.stem}.*.partial{path.suffix}"):
        remove_leftover(leftover)
    while True:
        temporary = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.partial{path.suffix}")
        in_use[temporary] = None  # first: a signal may come while the file is opened
        try:
            in_use[temporary] = file = temporary.open("xb", buffering=0)
            if system.lock(file.fileno()) is not False and temporary.exists():
                return temporary
        except OSError:
            remove(temporary)
            raise
        remove(temporary)  # another process removed it before it was locked


def remove_leftover(path: Path) -> None:
    """Remove the temporary file of an ended process: one that is not locked or, without locks, is old."""
    with suppress(OSError):
        with path.open("r+b") as file:
            free = system.lock(file.fileno())
            if free:
                path.unlink()
        if free is None and time.time() - path.stat().st_mtime > OLD:
            path.unlink()


def move(temporary: Path, path: Path) -> None:
    """Move a temporary file into place, and flush it, so that it survives a power cut."""
    system.flush(temporary)
    if not system.moves_open_files():
        close(temporary)  # elsewhere it stays locked until it is moved, so nobody removes it
    system.replace(temporary, path)
    system.flush(path.parent)


def close(temporary: Path) -> None:
    """Close and unlock a temporary file."""
    if file := in_use.get(temporary):
        file.close()


def remove(temporary: Path) -> None:
    """Remove a temporary file of this process, if it exists and may be removed."""
    close(temporary)
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
    in_use.pop(temporary, None)


def remove_temporary_files() -> None:
    """Remove the temporary files of this process."""
    for temporary in list(in_use):
        remove(temporary)
