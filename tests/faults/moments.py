"""Signals at random moments."""

import os
import signal

from tests.faults.processes import Trouble, catches, ends_within

ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}
LINES = {signal.SIGINT: 1, signal.SIGTERM: 1, signal.SIGKILL: 0}


class Signalled(Trouble):
    """Send a signal some seconds after a process has installed its handlers, while it still has them."""

    def __init__(self, after: float, number: signal.Signals) -> None:
        self.after, self.number = after, number

    def __call__(self, pid: int) -> None:
        """Wait until Python itself has started, and then for the moment."""
        while not ends_within(pid, 0.002) and not catches(pid, signal.SIGTERM):
            pass
        if not ends_within(pid, self.after) and catches(pid, signal.SIGTERM):
            os.kill(pid, self.number)
