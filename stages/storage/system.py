"""What Linux, macOS and Windows do differently with files, each thing once.

`sys.platform` is asked within the functions: the type checker then follows each system, and a test can be another one.
"""

import mmap
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries to replace a file that somebody has open


def let_go(mapped: mmap.mmap, start: int, length: int) -> None:
    """Let the memory of some whole pages of a mapped file go; Windows takes it by itself when it is short."""
    if sys.platform != "win32":
        mapped.madvise(mmap.MADV_DONTNEED, start, length)


def moves_open_files() -> bool:
    """Tell whether a file that is open can be moved, replaced and removed."""
    return sys.platform != "win32"


def replace(source: Path, target: Path) -> None:
    """Move a file to its place; on Windows try again while another process has open what is there, for 1.5 seconds."""
    for pause in () if moves_open_files() else PAUSES:
        with suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(pause)
    source.replace(target)


def flush(path: Path) -> None:
    """Wait until a file, or what is in a folder, is on the disk; Windows does so for folders by itself."""
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> bool | None:
    """Lock an open file until it is closed; return False where it is locked already, None where there are no locks.

    The lock ends with its process, however that ends; also other machines and containers see it.
    """
    if sys.platform == "win32":
        return None  # nor need of them: what is open cannot be removed
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
