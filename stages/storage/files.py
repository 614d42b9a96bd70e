"""Files that are written completely or not at all, and that are checked before they are read."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path

from stages.storage.errors import DamagedError, StageError, UnavailableError
from stages.storage.temporary import move, remove, temporary_for


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, with the same suffix. Move it to `path` on success, else remove it.

    Raises UnavailableError, naming `path`, if it cannot be written: the disk is full, or permission is missing.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_for(path)
        yield temporary
        move(temporary, path)
    except OSError as error:
        raise UnavailableError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if temporary:
            remove(temporary)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, with the same line ends on every system."""
    with ExitStack() as stack:
        prepare_text(stack, path, text)


def prepare_text(stack: ExitStack, path: Path, text: str) -> None:
    """Write text to a temporary file. The end of the stack moves it to `path`, or removes it after an error."""
    stack.enter_context(replacing(path)).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def reading(path: Path) -> Iterator[BufferedReader]:
    """Yield an open file. Turn any error while it is read into one line that names it.

    A pipe, a device or a folder is refused and not opened. Raises DamagedError, or UnavailableError without permission.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DamagedError(f"{path}: is not an ordinary file; remove it and run the stage that writes it")
        with path.open("rb") as file:
            yield file
    except (StageError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: found nothing, expected a file; run the stage that writes it") from error
    except PermissionError as error:
        raise UnavailableError(f"{path}: cannot be read ({error.strerror})") from error
    except Exception as error:  # NumPy's parser of headers passes on nearly any error of Python's
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DamagedError(f"{path}: cannot be read ({reason}); expected a whole {path.suffix} file") from error


def paths_in(folder: Path, pattern: str) -> list[Path]:
    """Return the paths in a folder that match a pattern. Raise UnavailableError if it cannot be listed."""
    try:
        return list(folder.glob(pattern))
    except OSError as error:
        raise UnavailableError(f"{folder}: cannot be listed ({error.strerror or error})") from error
