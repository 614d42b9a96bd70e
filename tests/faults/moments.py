"""Signals at random moments."""

import os
import signal
from collections.abc import Callable

from tests.faults.processes import ends_within

ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}
LINES = {signal.SIGINT: 1, signal.SIGTERM: 1, signal.SIGKILL: 0}


def signal_after(seconds: float, number: signal.Signals, pid: int, begin: Callable[[], None]) -> None:
    """Send a signal to a process some seconds after it began, unless it has ended by then."""
    begin()
    if not ends_within(pid, seconds):
        os.kill(pid, number)
