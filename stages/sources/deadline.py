"""No source is waited for without an end: one that sends too slowly, or for too long, is given up."""

import time
from collections import deque
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from typing import TypeVar

from stages.sources.download import Progress
from stages.storage.errors import UnavailableError

T = TypeVar("T")

WINDOW = 30  # seconds over which a speed is measured, from the first moment on
SLOWEST = 10_000  # bytes a second that have to come, on a window's average; gdown tells of half a million at a time
LONGEST = 1200  # seconds; at the slowest speed MNIST's four files take about that
TICK = 0.1  # seconds between looks


class Received:
    """How much has come, of all files and tries together, and whether that is in time."""

    def __init__(self) -> None:
        self.bytes = 0
        self.latest: tuple[int, int | None] = (0, None)  # of the transfer that goes on, as `Progress` is told
        self.given_up = False
        self.began = time.monotonic()
        self.seen = deque([(self.began, 0)])  # when how much had come: of one window, and the look before it

    def take(self, so_far: int, total: int | None) -> None:
        """Take in the progress of one transfer; where it is given up, end it."""
        if self.given_up:
            raise UnavailableError("given up")
        before, _ = self.latest
        self.bytes += so_far - before if so_far >= before else so_far  # less than before: another file, or a new try
        self.latest = so_far, total

    def check(self) -> None:
        """Raise UnavailableError unless enough has come."""
        now = time.monotonic()
        self.seen.append((now, self.bytes))
        while self.seen[1][0] <= now - WINDOW:
            self.seen.popleft()
        since, before = self.seen[0]
        came = self.bytes - before
        if now - since >= WINDOW and came < WINDOW * SLOWEST:
            raise UnavailableError(f"too slow: {came} bytes in {WINDOW} s, expected {WINDOW * SLOWEST} or more")
        if now - self.began > LONGEST:
            raise UnavailableError(f"too slow: {self.bytes} bytes in {LONGEST} s, and not the end")


def in_time(fetch: Callable[[Progress], T], progress: Progress) -> T:
    """Return what a function fetches that tells its progress; raise UnavailableError where it does not come in time.

    A socket's own time-out begins anew with each byte, and a host's name may be looked up for minutes. So it runs in a
    thread, that stays behind when it is given up: it ends with its next piece or request, or with the process.
    """
    received = Received()
    with ThreadPool(1) as pool:  # which does not wait for its thread, as that of `concurrent.futures` does
        answer = pool.apply_async(fetch, [received.take])
        try:
            while not answer.ready():
                received.check()
                answer.wait(TICK)
                progress(*received.latest)
        finally:
            received.given_up = True
        return answer.get()
