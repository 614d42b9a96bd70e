"""An interrupted stage ends at once: nothing half-written, one line, 128 and the signal's number as the exit code.

Little is imported for it. Ctrl-C before that, in the first few hundredths of a second, while Python itself starts, is
Python's own KeyboardInterrupt: several lines, the same exit code in a shell, and nothing to lose yet.
"""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

TYPE_CHECKING = False  # to import typing takes longer than all of this
if TYPE_CHECKING:
    from collections.abc import Callable

last_things: "set[Callable[[], None]]" = set()  # what is still to be done then


def endings() -> dict[int, int]:
    """Return the signals that ask a process to end, each with the exit code that answers it."""
    codes: dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143}
    if sys.platform == "win32":
        codes[signal.SIGBREAK] = 143  # SIGTERM kills there and cannot be caught: this asks
    return codes


def end_at_signals() -> None:
    """Let whatever asks this process to end do so: Ctrl-C, and a polite kill."""
    for number in endings():
        signal.signal(number, end)


def end(number: int, _: FrameType | None) -> None:
    """End this process; an exception would be lost where the signal meets a destructor or a callback."""
    for do in last_things:
        do()
    with suppress(OSError):  # stderr may be closed or full
        os.write(2, f"interrupted ({signal.Signals(number).name})\n".encode())
    os._exit(endings()[number])
