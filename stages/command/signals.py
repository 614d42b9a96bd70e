"""An interrupted stage ends at once: nothing half-written, one line, 128 and the signal's number as the exit code."""

import os
import signal
from contextlib import suppress
from types import FrameType

from stages.storage.system import endings
from stages.storage.temporary import remove_temporary_files


def end_at_signals() -> None:
    """Let whatever asks this process to end do so: Ctrl-C, and a polite kill."""
    for number in endings():
        signal.signal(number, end)


def end(number: int, _: FrameType | None) -> None:
    """End this process; an exception would be lost where the signal meets a destructor or a callback."""
    remove_temporary_files()
    with suppress(OSError):  # stderr may be closed or full
        os.write(2, f"interrupted ({signal.Signals(number).name})\n".encode())
    os._exit(endings()[number])
