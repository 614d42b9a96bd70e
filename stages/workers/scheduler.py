"""What is asked of a Dask scheduler and its workers; whoever does not answer in time is taken for lost."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

from dask import config
from dask.utils import parse_timedelta
from distributed import Client, Future, KilledWorker

from stages.storage.errors import UnavailableError
from stages.workers.code import installer, packed
from stages.workers.share import CODE
from stages.workers.waiting import bounded

T = TypeVar("T")
LOST = (OSError, RuntimeError, CancelledError, KilledWorker)  # what Dask raises for a worker that is, and TimeoutError
STILL = 5  # seconds until a worker that has not answered is asked whether it lives
FAREWELL = 5  # seconds to leave
GENEROUS = 600.0  # seconds for what is done once: to import, to send a block, to compile


class Scheduler:
    """A scheduler by its address. Each call raises UnavailableError where it does not answer, or has no worker."""

    def __init__(self, address: str) -> None:
        for name in ("distributed", "distributed.client", "distributed.core", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
        self.address = address
        self.patience = parse_timedelta(config.get("distributed.comm.timeouts.connect"))  # seconds, 30 by default
        self.silent: set[str] = set()  # the workers that did not answer; one that wakes up again is not asked again
        self.archive = packed()
        try:
            self.client = bounded(lambda: Client(address, timeout=self.patience), self.patience + FAREWELL)
        except (OSError, ValueError) as error:
            raise self.unavailable("does not answer") from error

    def ask(self, call: Callable[[], T]) -> T:
        """Return what a call to the scheduler returns."""
        if self.client.status != "running":
            raise self.unavailable("was lost")
        try:
            return bounded(call, self.patience)
        except TimeoutError as error:
            raise self.unavailable("does not answer") from error

    def threads(self) -> dict[str, int]:
        """Return how many threads each worker has that answers."""
        found: dict[str, int] = self.ask(self.client.nthreads)
        return {worker: threads for worker, threads in found.items() if worker not in self.silent}

    def threads_of_some(self) -> dict[str, int]:
        """Return how many threads each worker has; wait for the first."""
        latest = time.monotonic() + self.patience
        while not (threads := self.threads()):
            if time.monotonic() > latest:
                raise self.unavailable("has no worker")
            time.sleep(0.1)
        return threads

    def lives(self, worker: str) -> bool:
        """Tell whether a worker answers; the scheduler is asked first, through which it would."""
        if worker not in self.threads():
            return False
        with suppress(*LOST):
            return bool(bounded(lambda: self.client.run(lambda: True, workers=[worker]), self.patience)[worker])
        self.silent.add(worker)
        return False

    def answer(self, worker: str, call: Any, seconds: float = GENEROUS) -> Any:
        """Return the result of what a worker was asked to do; TimeoutError if that is late, or the worker silent."""
        latest = time.monotonic() + seconds
        while time.monotonic() < latest:
            try:
                return call.result(timeout=min(STILL, self.patience))
            except TimeoutError:
                if not self.lives(worker):
                    raise
        self.silent.add(worker)
        raise TimeoutError(f"{worker}: no answer within {seconds:.0f} s")

    def submit(self, worker: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Future[Any]:
        """Let one worker, and no other, run a function."""
        here = {"workers": [worker], "allow_other_workers": False, "pure": False}
        return self.client.submit(function, *arguments, **here, **options)

    def send_code(self, worker: str) -> None:
        """Let a worker have this code; raise UnavailableError if it has other code, whose sums might be others."""
        try:
            found = self.answer(worker, self.submit(worker, installer(self.archive), CODE))
        except LOST:
            raise
        except Exception as error:  # whatever an import raises
            found = error
        if found != CODE:
            raise self.unavailable(f"has a worker, {worker}, with other code or packages ({found})")

    def open_share(self, worker: str) -> tuple[Future[Any], Any]:
        """Return what makes a worker's share, and the share."""

        def share() -> Any:
            from stages.workers.share import Share

            return Share()

        future = self.submit(worker, share, actor=True)
        return future, self.answer(worker, future)

    def unavailable(self, what: str) -> UnavailableError:
        """Return the error for a cluster that cannot do its work."""
        return UnavailableError(f"Dask's scheduler {self.address} {what}; unset DASK_SCHEDULER_ADDRESS to train here")

    def leave(self) -> None:
        """Leave the cluster, which then forgets the blocks."""
        with suppress(*LOST):
            bounded(lambda: self.client.close(timeout=FAREWELL), FAREWELL)
