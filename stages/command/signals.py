"""An interrupted stage ends at once: nothing half-written, one line, exit code 128 plus the signal's number.

This imports little, to work early. In the first few hundredths of a second, while Python itself starts, Ctrl-C gives
Python's own KeyboardInterrupt: several lines, the same exit code in a shell, and nothing to lose yet.
"""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

TYPE_CHECKING = False  # importing typing takes longer than all of this
if TYPE_CHECKING:
    from collections.abc import Callable

cleanups: "set[Callable[[], None]]" = set()  # called before the process ends early


def exit_codes() -> dict[int, int]:
    """Return the signals that ask a process to end, each with its exit code."""
    codes: dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143}
    if sys.platform == "win32":
        codes[signal.SIGBREAK] = 143  # there, SIGTERM kills and cannot be caught; SIGBREAK can
    return codes


def end_at_signals() -> None:
    """Let Ctrl-C and a polite kill end this process."""
    for number in exit_codes():
        signal.signal(number, end)


def end(number: int, _: FrameType | None) -> None:
    """End this process. An exception would be lost if the signal came during a destructor or a callback."""
    for clean_up in cleanups:
        clean_up()
    with suppress(OSError):  # stderr may be closed or full
        os.write(2, f"interrupted ({signal.Signals(number).name})\n".encode())
    os._exit(exit_codes()[number])
