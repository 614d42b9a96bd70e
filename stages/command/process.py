"""A stage as a process: its name, what it says, and how it ends.

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

from stages.command.signals import last_things
from stages.command.start import want
from stages.storage.errors import StageError, UnavailableError
from stages.storage.temporary import remove_temporary_files


def run(main: Callable[[], None]) -> NoReturn:
    """Run a stage as a process: exit with 0, or with one line on stderr and the code of what went wrong."""
    gc.freeze()  # what is imported stays to the end, and need not be searched for garbage
    gc.enable()
    last_things.add(remove_temporary_files)
    open_the_closed()
    code = 0
    try:
        run_and_say(main)
    except Exception as error:
        code, line = want(error)
        if isinstance(error, StageError) and code in (0, error.exit_code):
            code, line = error.exit_code, str(error)
        if not code:
            raise
        complain(f"{stage_name()}: {line}")
    gc.freeze()  # nor be taken apart then, which takes half a second
    sys.exit(code)


def run_and_say(main: Callable[[], None]) -> None:
    """Run a stage, and print what it says once its work is done: nothing is lost where that cannot be printed."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            main()
    finally:
        say(said.getvalue())


def say(text: str) -> None:
    """Print on stdout; raise UnavailableError where that is closed or full."""
    if not text:
        return
    try:
        if not sys.stdout:
            raise OSError("it is closed")
        print(text, end="", flush=True)
    except OSError as error:
        forget(sys.stdout)
        message = f"stdout: cannot be written ({error.strerror or error}); the rest is done"
        raise UnavailableError(message) from error


def complain(line: str) -> None:
    """Print a line on stderr, if it is open and has space."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        forget(sys.stderr)


def forget(stream: TextIO | None) -> None:
    """Let what a stream still holds go nowhere, or Python writes it when it ends, fails, and exits with 120."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def open_the_closed() -> None:
    """Open stdin, stdout and stderr where they are closed: else the next file that is opened is taken for one.

    What is said on such a stderr goes nowhere; a stdout that was closed is still known as such. Without /dev/null all
    stays as it is.
    """
    with suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(descriptor)
        if not sys.stderr:
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 -- until the process ends


def stage_name() -> str:
    """Return the name of the stage, or of the room, that this process runs."""
    path = Path(sys.argv[0])
    return path.parent.name if path.stem == "__main__" else path.stem
