"""Sums the blocks on the workers of a Dask scheduler.

Each worker keeps some of the blocks. A pass sends it the weights and brings back one gradient: the sum over its blocks.
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
from stages.workers.share import share_opener

LOSS_ERRORS = (OSError, RuntimeError, CancelledError, KilledWorker)  # what Dask raises for a lost worker
TRIES = 10  # in a row, each after the loss of a worker
TELL_TRY = 4  # after which a message says so
ANSWER_LIMIT = 30.0  # seconds, at most, for the scheduler's answer or a worker's sign of life
WORKER_LIMIT = 600.0  # seconds for a worker's answer; it may have to compile first
CHECK_EVERY = 2.0  # seconds between checks of which workers are there
TELL_AFTER = 10.0  # seconds of waiting before a message says so


class Cluster(Executor):
    """An executor for `descend` on a cluster. Raises UnavailableError if no scheduler or no worker answers."""

    def __init__(self, address: Any) -> None:
        logging.disable()  # what matters is raised as an error
        self.address, self.opener = address, share_opener()
        self.workers: dict[str, tuple[Any, list[int]]] = {}  # by address: its `Share`, and the numbers of its blocks
        self.heard: dict[tuple[str, float], float] = {}  # when each worker's last sign of life came
        self.checked = -CHECK_EVERY  # when, by a clock that only goes forward
        self.loop = asyncio.new_event_loop()
        self.wait_for(self.connect())

    def wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return the result of work on the event loop. Raises UnavailableError for any error of Dask's."""
        try:
            return self.loop.run_until_complete(work)
        except Exception as error:  # a wrong address or setting may raise anything
            what = str(error) or type(error).__name__
            raise UnavailableError(f"Dask at {self.address} fails ({what}); unset {ADDRESS} to train here") from error

    async def connect(self) -> None:
        """Connect within the time of Dask's own setting, or ANSWER_LIMIT if that is shorter."""
        self.limit = min(ANSWER_LIMIT, dask.utils.parse_timedelta(dask.config.get("distributed.comm.timeouts.connect")))
        async with time_limit(self.limit, "the scheduler"):
            self.client: Any = await Client(self.address, asynchronous=True, timeout=self.limit)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Leave the cluster, which then forgets the blocks."""
        self.wait_for(asyncio.wait([self.loop.create_task(self.client.close())], timeout=CHECK_EVERY))

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: Any) -> Any:
        """Return the sums of each worker's blocks. Every pass must be over the same blocks."""
        for lost in range(TRIES):
            if time.monotonic() < self.checked + CHECK_EVERY or self.wait_for(self.share_out(*iterables)):
                asked = {one: self.call(one, "sums", fn, kept) for one, (_, kept) in self.workers.items() if kept}
                if (sums := self.wait_for(self.answers(asked))).keys() == asked.keys():
                    return sums.values()
            if lost == TELL_TRY:
                print(f"waiting for Dask: lost workers {1 + lost} times in a row ({self.reason})", file=sys.stderr)
            time.sleep(0.2 * (1 + lost))
        raise UnavailableError(f"Dask lost workers {TRIES} times in a row ({self.reason})")

    async def share_out(self, blocks: Sequence[Any]) -> bool:
        """Send blocks that no worker keeps, and take blocks from workers with too many. Tell whether none was lost."""
        async with time_limit(2 * self.limit, "a running worker"):
            while not (threads := await self.live_workers()):
                await asyncio.sleep(0.1)
        self.checked = time.monotonic()
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
        """Return the result of a method of a worker's share."""
        return await getattr(self.workers[worker][0], method)(*arguments)

    async def answers(self, calls: Mapping[str, Awaitable[Any]]) -> dict[str, Any]:
        """Return the workers' answers, by address. Forget the workers that are lost."""
        tasks = {worker: asyncio.ensure_future(call) for worker, call in calls.items()}
        waiting, found = set(tasks), {}
        async with time_limit(WORKER_LIMIT, f"workers {' '.join(sorted(tasks))}"):
            while waiting:
                await asyncio.wait([tasks[worker] for worker in waiting], timeout=CHECK_EVERY)
                waiting = {worker for worker in waiting if not tasks[worker].done()}
                waiting &= (await self.live_workers()).keys() if waiting else set()
        for worker, task in tasks.items():
            error = task.exception() if task.done() else TimeoutError("silent or paused")
            if isinstance(error, LOSS_ERRORS):
                self.workers.pop(worker, None)
                self.checked, self.reason = -CHECK_EVERY, str(error)
            elif error:
                raise ValueError(f"worker {worker}: {error}") from error
            else:
                found[worker] = task.result()
        return found

    async def live_workers(self) -> dict[str, int]:
        """Return the number of threads of each worker that runs, is not paused, and shows signs of life."""
        async with time_limit(self.limit, "the scheduler"):
            found = (await self.client.scheduler.identity(n_workers=-1))["workers"]
        now, signs = time.monotonic(), {(worker, about["last_seen"]): about for worker, about in found.items()}
        self.heard = {sign: self.heard.get(sign, now) for sign in signs}
        live = {sign[0]: about for sign, about in signs.items() if now < self.heard[sign] + self.limit}
        return {worker: about["nthreads"] for worker, about in live.items() if about["status"] == "running"}


@asynccontextmanager
async def time_limit(seconds: float, whom: str) -> AsyncIterator[None]:
    """Wait for somebody. Say so on stderr after a while; raise OSError after this many seconds."""
    say = asyncio.get_running_loop().call_later(TELL_AFTER, lambda: print(f"waiting for Dask: {whom}", file=sys.stderr))
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise OSError(f"no answer from {whom} within {seconds:.0f} s") from error
    finally:
        say.cancel()
