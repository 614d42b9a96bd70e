"""Temporary files: written beside their place, never left behind."""

import os
from contextlib import suppress
from pathlib import Path

in_use: set[Path] = set()


def temporary_for(path: Path) -> Path:
    """Create and return an empty temporary file beside `path`, with its suffix; remove what killed processes left."""
    for leftover in path.parent.glob(f".{path.stem}.*.partial{path.suffix}"):
        if not Path("/proc", leftover.name.split(".")[-3]).exists():
            remove(leftover)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    in_use.add(temporary)
    temporary.touch()
    return temporary


def remove_temporary_files() -> None:
    """Remove the temporary files of this process."""
    for temporary in in_use:
        remove(temporary)


def remove(path: Path) -> None:
    """Remove a file if it is there and may be removed."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
