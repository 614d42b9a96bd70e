"""Who sums the blocks on a cluster: the workers of a Dask scheduler.

Each keeps a part of the blocks. A pass sends it the weights, and brings back one gradient: the sum of its blocks.
"""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import CancelledError, Executor
from contextlib import asynccontextmanager
from typing import Any

import dask.utils
from distributed import Client, KilledWorker

from stages.storage.arrays import release
from stages.storage.errors import UnavailableError
from stages.workers.executor import ADDRESS
from stages.workers.share import opener

LOST = (OSError, RuntimeError, CancelledError, KilledWorker)  # what Dask raises for a worker that is
TRIES = 10  # in a row that may lose a worker
PATIENCE = 30.0  # seconds, at most, for an answer from the scheduler, or a worker's sign of life
LONGEST = 600.0  # seconds that a worker may take for an answer: it may have to compile
LOOK = 2.0  # seconds between looks at who is there
SOON = 10.0  # seconds until a wait is spoken of


class Cluster(Executor):
    """An executor for `descend` on a cluster. Raises UnavailableError where no scheduler answers, or no worker."""

    def __init__(self, address: Any) -> None:
        logging.disable()  # what matters is raised
        self.address, self.opener = address, opener()
        self.workers: dict[str, tuple[Any, list[int]]] = {}  # by address: its `Share`, and the numbers of its blocks
        self.heard: dict[tuple[str, float], float] = {}  # of each: when last by the scheduler's clock, and by this one
        self.looked = -LOOK  # when, by a clock that only goes forward
        self.loop = asyncio.new_event_loop()
        self.do(self.connect())

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return what comes of some work on the loop. Raises UnavailableError for whatever Dask may raise."""
        try:
            return self.loop.run_until_complete(work)
        except Exception as error:  # an address or a setting that is none can be any
            what = str(error) or type(error).__name__
            raise UnavailableError(f"Dask at {self.address} fails ({what}); unset {ADDRESS} to train here") from error

    async def connect(self) -> None:
        """Connect, in the time that Dask's own setting gives, if that is not too long."""
        self.patience = min(PATIENCE, dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect")))
        async with patience(self.patience, "the scheduler"):
            self.client: Any = await Client(self.address, asynchronous=True, timeout=self.patience)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Leave the cluster, which then forgets the blocks."""
        self.do(asyncio.wait([self.loop.create_task(self.client.close())], timeout=LOOK))

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Any:
        """Return the sums of each worker's blocks; every pass is over the same blocks."""
        for lost in range(TRIES):
            if time.monotonic() < self.looked + LOOK or self.do(self.share_out(*iterables)):
                asked = {one: self.call(one, "sums", fn, kept) for one, (_, kept) in self.workers.items() if kept}
                if (sums := self.do(self.answers(asked))).keys() == asked.keys():
                    return sums.values()
            time.sleep(0.2 * (1 + lost))
        raise UnavailableError(f"Dask's workers are lost again and again ({self.reason})")

    async def share_out(self, blocks: Sequence[Any]) -> bool:
        """Send the blocks that no worker keeps, or that one keeps beyond its part; tell whether no worker was lost."""
        async with patience(2 * self.patience, "a worker that runs"):
            while not (threads := await self.threads()):
                await asyncio.sleep(0.1)
        self.looked = time.monotonic()
        self.workers = {one: kept for one, kept in self.workers.items() if one in threads}
        new = threads.keys() - self.workers.keys()
        shares = {one: self.client.submit(self.opener, workers=[one], actor=True, pure=False) for one in new}
        self.workers |= {one: (share, []) for one, share in (await self.answers(shares)).items()}
        part = {one: -(-len(blocks) * count // sum(threads.values())) for one, count in threads.items()}
        for one, (_, numbers) in self.workers.items():
            del numbers[part[one] :]
        rest = set(range(len(blocks))).difference(*(numbers for _, numbers in self.workers.values()))
        while rest and self.workers.keys() == threads.keys():
            free = [one for one, (_, numbers) in self.workers.items() if len(numbers) < part[one]]
            sent = {one: rest.pop() for one in free[: len(rest)]}
            for one in await self.answers({one: self.call(one, "add", of, blocks[of]) for one, of in sent.items()}):
                self.workers[one][1].append(sent[one])
                for array in blocks[sent[one]]:
                    release(array)
        return self.workers.keys() == threads.keys()

    async def call(self, worker: str, method: str, *arguments: Any) -> Any:
        """Return what a method of a worker's share returns."""
        return await getattr(self.workers[worker][0], method)(*arguments)

    async def answers(self, calls: Mapping[str, Awaitable[Any]]) -> dict[str, Any]:
        """Return what workers answer, by address; forget those that are lost."""
        tasks = {worker: asyncio.ensure_future(call) for worker, call in calls.items()}
        waiting, found = set(tasks), {}
        async with patience(LONGEST, f"workers {' '.join(sorted(tasks))}"):
            while waiting:
                await asyncio.wait([tasks[worker] for worker in waiting], timeout=LOOK)
                waiting = {worker for worker in waiting if not tasks[worker].done()}
                waiting &= (await self.threads()).keys() if waiting else set()
        for worker, task in tasks.items():
            error = task.exception() if task.done() else TimeoutError("silent or paused")
            if isinstance(error, LOST):
                self.workers.pop(worker, None)
                self.looked, self.reason = -LOOK, str(error)
            elif error:
                raise ValueError(f"worker {worker}: {error}") from error
            else:
                found[worker] = task.result()
        return found

    async def threads(self) -> dict[str, int]:
        """Return how many threads each worker has that runs, and is not paused, and shows signs of life."""
        async with patience(self.patience, "the scheduler"):
            found = (await self.client.scheduler.identity(n_workers=-1))["workers"]
        now, signs = time.monotonic(), {(worker, about["last_seen"]): about for worker, about in found.items()}
        self.heard = {sign: self.heard.get(sign, now) for sign in signs}
        live = {sign[0]: about for sign, about in signs.items() if now < self.heard[sign] + self.patience}
        return {worker: about["nthreads"] for worker, about in live.items() if about["status"] == "running"}


@asynccontextmanager
async def patience(seconds: float, whom: str) -> AsyncIterator[None]:
    """Wait for somebody; say so on stderr after a while, and raise OSError after so many seconds."""
    say = asyncio.get_running_loop().call_later(SOON, lambda: print(f"waiting for Dask: {whom}", file=sys.stderr))
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise OSError(f"no answer from {whom} within {seconds:.0f} s") from error
    finally:
        say.cancel()
