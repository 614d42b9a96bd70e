"""Who sums the blocks on a cluster: the workers of a Dask scheduler, each started in a clone of this repository.

Each block is sent once, to a worker that keeps it. An iteration sends each worker the weights and brings back the sums
of its blocks. What a lost worker kept is sent again, to those that are left and to those that came since.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Executor
from typing import Any

from dask import config
from dask.utils import parse_timedelta
from distributed import Client, Future, KilledWorker

from stages.storage.arrays import release
from stages.storage.errors import UnavailableError
from stages.workers.share import CODE

PAUSE = 0.2  # seconds, once a worker is lost, before the next try; more with every try
TRIES = 10  # passes in a row that may lose a worker
LOST = (OSError, RuntimeError, CancelledError, KilledWorker)  # what Dask raises for a worker that is


class Cluster(Executor):
    """An executor for `descend` on the workers of a Dask scheduler.

    Dask sends a function of this project by its name, a function within a function as it is: so the scheduler, which
    unpacks what it is sent, need not have this project, and a worker without it can say so.

    Raises UnavailableError where no scheduler answers at the address, where it has no worker, and where they are lost.
    """

    def __init__(self, address: str) -> None:
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
        self.address = address
        self.patience = parse_timedelta(config.get("distributed.comm.timeouts.connect"))  # seconds, 30 by default
        self.shares: dict[str, tuple[Future[Any], Any]] = {}  # by worker: what made its share, and the share
        self.keepers: dict[int, str] = {}  # by block: the worker that keeps it
        try:
            self.client = Client(address, timeout=self.patience)
        except (OSError, ValueError) as error:
            raise self.unavailable("does not answer") from error

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Any:
        """Return the function's value for each block, in their order; every pass is over the same blocks."""
        (blocks,) = iterables
        for lost in range(TRIES):
            try:
                self.send(blocks)
                calls = [share.values(fn) for _, share in self.shares.values()]
                values = {number: value for call in calls for number, value in call.result().items()}
                return [values[number] for number in range(len(blocks))]
            except LOST as error:
                reason = str(error).partition("\n")[0]
                time.sleep(PAUSE * (1 + lost))
                self.forget_the_lost(error)
        raise self.unavailable(f"loses its workers again and again ({reason})")

    def send(self, blocks: Sequence[Any]) -> None:
        """Send each block that no worker keeps to the one with the least to do for each of its threads."""
        missing = [number for number in range(len(blocks)) if number not in self.keepers]
        if not missing:
            return
        threads = self.open_shares()
        load = {worker: list(self.keepers.values()).count(worker) for worker in threads}
        for number in missing:
            worker = min(threads, key=lambda worker: (load[worker] + 1) / threads[worker])
            self.shares[worker][1].add(number, blocks[number]).result()
            release(blocks[number].pixels)
            self.keepers[number] = worker
            load[worker] += 1

    def open_shares(self) -> dict[str, int]:
        """Let every worker have a share; return how many threads each has."""
        try:
            self.client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError as error:
            raise self.unavailable("has no worker") from error
        threads: dict[str, int] = self.client.nthreads()
        new = threads.keys() - self.shares.keys()
        self.check_code(new)
        for worker in new:
            self.shares[worker] = self.open_share(worker)
        return threads

    def open_share(self, worker: str) -> tuple[Future[Any], Any]:
        """Return what makes a worker's share, and the share."""

        def share() -> Any:
            from stages.workers.share import Share

            return Share()

        here = {"workers": [worker], "allow_other_workers": False}
        future = self.client.submit(share, actor=True, pure=False, **here)
        return future, future.result(timeout=self.patience)

    def check_code(self, workers: Iterable[str]) -> None:
        """Raise UnavailableError for a worker that has not the code that is here: its sums might be others."""

        def code() -> str:
            from stages.workers.share import CODE

            return CODE

        for worker, found in self.client.run(code, workers=list(workers), on_error="return").items():
            if isinstance(found, OSError):
                raise found
            if found != CODE:
                raise self.unavailable(f"has a worker, {worker}, that is not in a clone of this code ({found})")

    def forget_the_lost(self, error: BaseException) -> None:
        """Forget the workers that are lost, and that they kept blocks."""
        if self.client.status != "running":
            raise self.unavailable("was lost") from error
        alive = self.client.nthreads().keys()
        self.shares = {
            worker: (future, share)
            for worker, (future, share) in self.shares.items()
            if worker in alive and future.status == "finished"
        }
        self.keepers = {number: worker for number, worker in self.keepers.items() if worker in self.shares}

    def unavailable(self, what: str) -> UnavailableError:
        """Return the error for a cluster that cannot do its work."""
        return UnavailableError(f"Dask's scheduler {self.address} {what}; unset DASK_SCHEDULER_ADDRESS to train here")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Leave the cluster, which then forgets the blocks."""
        self.client.close()
