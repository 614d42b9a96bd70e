"""Gives up a source that sends too slowly or takes too long."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

from stages.sources.download import Progress
from stages.storage.errors import UnavailableError

T = TypeVar("T")

WINDOW = 30  # seconds over which the speed is measured
SLOWEST = 10_000  # bytes a second, averaged over a window; gdown reports every half million bytes
LONGEST = 1200  # seconds, about what MNIST's four files take at the slowest speed
TICK = 0.1  # seconds between checks


class Received:
    """How many bytes all files and tries have brought, and whether they came in time."""

    def __init__(self) -> None:
        self.bytes = 0
        self.latest: tuple[int, int | None] = (0, None)  # of the current transfer: the arguments of `Progress`
        self.given_up = False
        self.began = time.monotonic()
        self.seen = deque([(self.began, 0)])  # times and bytes, for one window and one check before

    def take(self, so_far: int, total: int | None) -> None:
        """Note the progress of a transfer. Raise UnavailableError if the source is given up."""
        if self.given_up:
            raise UnavailableError("given up")
        before, _ = self.latest
        self.bytes += so_far - before if so_far >= before else so_far  # less than before: a new file or try
        self.latest = so_far, total

    def check(self) -> None:
        """Raise UnavailableError if too few bytes have come."""
        now = time.monotonic()
        self.seen.append((now, self.bytes))
        while self.seen[1][0] <= now - WINDOW:
            self.seen.popleft()
        since, before = self.seen[0]
        came = self.bytes - before
        if now - since >= WINDOW and came < WINDOW * SLOWEST:
            raise UnavailableError(f"too slow: {came} bytes in {WINDOW} s, expected {WINDOW * SLOWEST} or more")
        if now - self.began > LONGEST:
            raise UnavailableError(f"too slow: {self.bytes} bytes in {LONGEST} s, and more to come")


def with_deadline(fetch: Callable[[Progress], T], progress: Progress) -> T:
    """Return what `fetch` returns. Raise UnavailableError if its progress is too slow.

    A socket's time-out starts again with each byte, and looking up a host's name may take minutes. So `fetch` runs in a
    thread. A thread that is given up ends at its next piece or request. The process does not wait for it.
    """
    received, answer = Received(), Future[T]()

    def run() -> None:
        try:
            answer.set_result(fetch(received.take))
        except BaseException as error:  # raised again below
            answer.set_exception(error)

    Thread(target=run, name="fetch", daemon=True).start()
    try:
        while not answer.done():
            received.check()
            wait([answer], TICK)
            progress(*received.latest)
    finally:
        received.given_up = True
    return answer.result()
