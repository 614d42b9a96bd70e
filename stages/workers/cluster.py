"""Who sums the blocks on a cluster: the workers of a Dask scheduler.

Each block is sent once, to a worker that keeps it. An iteration sends each worker the weights, and brings back one
gradient, the sum of its blocks, however many they are. What a lost worker kept is sent again, to those that are left;
one that comes late gets blocks where that makes a pass shorter.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

from distributed import Future

from stages.core.blocks import Sums
from stages.storage.arrays import release
from stages.workers.balance import Keepers, balanced
from stages.workers.lines import Lines
from stages.workers.scheduler import GENEROUS, LOST, Scheduler

PAUSE = 0.2  # seconds, once a worker is lost, before the next try; more with every try
TRIES = 10  # passes in a row that may lose a worker
LOOK = 2.0  # seconds between looks for workers that have come
LONGER = 20  # times as long as the longest pass so far a later one may take, and a minute more


class Cluster(Executor):
    """An executor for `descend` on the workers of a Dask scheduler.

    Raises UnavailableError where no scheduler answers at the address, where it has no worker, and where they are lost.
    """

    def __init__(self, address: str) -> None:
        self.scheduler = Scheduler(address)
        self.shares: dict[str, tuple[Future[Any], Any]] = {}  # by worker: what made its share, and the share
        self.keepers: Keepers = {}
        self.lines = Lines()
        self.near = True  # whether all workers can be reached from here
        self.looked = -LOOK  # when, by the clock that only goes forward
        self.longest = 0.0  # seconds, of a pass

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Any:
        """Return the sums of each worker's blocks; every pass is over the same blocks."""
        (blocks,) = iterables
        for lost in range(TRIES):
            try:
                self.share_out(blocks)
                return self.one_pass(fn)
            except LOST as error:
                reason = str(error).partition("\n")[0]
                time.sleep(PAUSE * (1 + lost))
                self.forget_the_lost()
        raise self.scheduler.unavailable(f"loses its workers again and again ({reason})")

    def one_pass(self, fn: Callable[..., Any]) -> list[Sums]:
        """Return the sums of each worker's blocks."""
        began = time.monotonic()
        allowed = 60 + LONGER * self.longest if self.longest else GENEROUS
        workers = sorted(set(self.keepers.values()))
        calls = self.lines.ask(workers, fn) if self.near else [self.shares[worker][1].sums(fn) for worker in workers]
        sums = [self.scheduler.answer(worker, call, allowed) for worker, call in zip(workers, calls, strict=True)]
        self.longest = max(self.longest, time.monotonic() - began)
        return sums

    def share_out(self, blocks: Sequence[Any]) -> None:
        """Send each block to its keeper, where it is not there yet: at first, after a loss, when a worker has come."""
        if time.monotonic() < self.looked + LOOK:
            return
        threads = self.scheduler.threads_of_some()
        self.looked = time.monotonic()
        planned = balanced(len(blocks), self.keepers, threads)
        self.open_shares(set(planned.values()) - self.shares.keys())
        self.open_lines(set(planned.values()) - self.lines.to.keys())
        for number, worker in planned.items():
            before = self.keepers.get(number)
            if before != worker:
                self.send(number, blocks[number], worker)
                if before in self.shares:
                    self.scheduler.answer(before, self.shares[before][1].drop(number))

    def open_shares(self, workers: set[str]) -> None:
        """Let these workers have a share each, and the code for it."""
        for worker in workers:
            self.scheduler.send_code(worker)
            self.shares[worker] = self.scheduler.open_share(worker)

    def open_lines(self, workers: set[str]) -> None:
        """Open lines to these workers; from the first on that cannot be reached from here, do without."""
        for worker in workers if self.near else ():
            address = self.scheduler.answer(worker, self.shares[worker][1].listen(self.lines.key))
            self.near = address is not None and self.lines.open(worker, address)
        self.scheduler.client.direct_to_workers = self.near

    def send(self, number: int, block: Any, worker: str) -> None:
        """Send a block to a worker."""
        self.scheduler.answer(worker, self.shares[worker][1].add(number, block))
        release(block.X)
        self.keepers[number] = worker

    def forget_the_lost(self) -> None:
        """Forget the workers that are lost, and that they kept blocks."""
        there = self.scheduler.threads()
        self.lines.forget()
        self.looked = -LOOK
        self.shares = {
            worker: (future, share)
            for worker, (future, share) in self.shares.items()
            if worker in there and future.status == "finished"
        }
        self.keepers = {number: worker for number, worker in self.keepers.items() if worker in self.shares}

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Leave the cluster, which then forgets the blocks."""
        self.lines.forget()
        self.scheduler.leave()
