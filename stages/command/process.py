"""A stage as a process: its name, its output, and its exit code.

Exit codes: 0 done, 2 wrong parameters, 3 data unavailable, 4 data damaged, 5 training failed, 6 rendering failed,
7 not enough memory, 130 or 143 interrupted.
"""

import gc
import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import NoReturn, TextIO

from stages.command.signals import cleanups
from stages.command.start import shortage
from stages.storage.errors import StageError, UnavailableError
from stages.storage.temporary import remove_temporary_files


def run(main: Callable[[], None]) -> NoReturn:
    """Run a stage as a process. Exit with 0, or with one line on stderr and the exit code of the error."""
    gc.freeze()  # imports stay until the end, so garbage collection may skip them
    gc.enable()
    cleanups.add(remove_temporary_files)
    open_closed_streams()
    code = 0
    try:
        run_and_print(main)
    except Exception as error:
        code, line = shortage(error)
        if isinstance(error, StageError) and code in (0, error.exit_code):
            code, line = error.exit_code, str(error)
        if not code:
            raise
        complain(f"{stage_name()}: {line}")
    gc.freeze()  # skips freeing them at exit, which takes half a second
    sys.exit(code)


def run_and_print(main: Callable[[], None]) -> None:
    """Run a stage, and print its output only after its work is done: a failing stdout then loses nothing."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            main()
    finally:
        say(said.getvalue())


def say(text: str) -> None:
    """Print on stdout; escape letters that it cannot encode. Raise UnavailableError if it is closed or full."""
    if not text:
        return
    try:
        if not sys.stdout:
            raise OSError("it is closed")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        print(text, end="", flush=True)
    except OSError as error:
        discard(sys.stdout)
        message = f"stdout: cannot be written ({error.strerror or error}); the rest is done"
        raise UnavailableError(message) from error


def complain(line: str) -> None:
    """Print a line on stderr, if it is open and has space."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO | None) -> None:
    """Discard what a stream still holds. Otherwise Python writes it at exit, fails, and exits with 120."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def open_closed_streams() -> None:
    """Open stdin, stdout and stderr if they are closed. Otherwise the next file that is opened would take their place.

    Output to such a stderr is discarded. Python still knows that stdout was closed. Without /dev/null, nothing changes.
    """
    with suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(descriptor)
        if not sys.stderr:
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- until the process ends


def stage_name() -> str:
    """Return the name of the stage or the folder that this process runs."""
    path = Path(sys.argv[0])
    return path.parent.name if path.stem == "__main__" else path.stem
