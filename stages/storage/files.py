"""Files that are there whole or not at all, and that are opened with care."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path

from stages.storage.errors import DamagedError, StageError, UnavailableError
from stages.storage.temporary import move, remove, temporary_for


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
    """Write text beside its place; at the end of the stack it is moved there, or removed if something fails."""
    stack.enter_context(replacing(path)).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def reading(path: Path) -> Iterator[BufferedReader]:
    """Yield an ordinary file, open; turn whatever goes wrong while it is read into an error of one line that names it.

    A pipe, a device or a folder in its place is refused unopened. Raises DamagedError, and UnavailableError where the
    file may not be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DamagedError(f"{path}: is no ordinary file, expected one; remove it and run the stage that writes it")
        with path.open("rb") as file:
            yield file
    except (StageError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: found nothing, expected a file; run the stage that writes it") from error
    except PermissionError as error:
        raise UnavailableError(f"{path}: cannot be read ({error.strerror})") from error
    except Exception as error:  # NumPy's parser of headers lets through nearly whatever Python's raises
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DamagedError(f"{path}: cannot be read ({reason}); expected a whole {path.suffix} file") from error
