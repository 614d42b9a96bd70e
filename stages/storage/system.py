"""The differences between Linux, macOS and Windows in handling files.

The functions ask for `sys.platform` themselves: the type checker then checks each system, and a test can set another.
"""

import mmap
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries to replace an open file


def free_pages(mapped: mmap.mmap, start: int, length: int) -> None:
    """Free the memory of whole pages of a mapped file. Windows frees them itself when memory is short."""
    if sys.platform != "win32":
        mapped.madvise(mmap.MADV_DONTNEED, start, length)


def moves_open_files() -> bool:
    """Tell whether an open file can be moved, replaced and removed."""
    return sys.platform != "win32"


def replace(source: Path, target: Path) -> None:
    """Move a file into place. On Windows, try for 1.5 seconds while another process has the target open."""
    for pause in () if moves_open_files() else PAUSES:
        with suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(pause)
    source.replace(target)


def flush(path: Path) -> None:
    """Wait until a file, or the list of files in a folder, is on the disk. Windows does this for folders itself."""
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> bool | None:
    """Lock an open file until it is closed. Return False if it is already locked, None if there are no locks.

    The lock ends with its process, however that ends. Other machines and containers see it too.
    """
    if sys.platform == "win32":
        return None  # not needed: an open file cannot be removed
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
