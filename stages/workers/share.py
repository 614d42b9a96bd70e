"""What runs on a worker of a cluster: its share of the blocks, and what brings the code for that there."""

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from distributed import get_worker

from stages.core.blocks import Sums
from stages.core.code import digest_of
from stages.core.passes import add_up
from stages.storage.arrays import ByteArray
from stages.storage.errors import UnavailableError

ROOT = Path(__file__).parents[2]
CODE = digest_of("core", "storage", "workers")  # what the sums depend on: the same on every worker, or they differ


class Share:
    """The blocks that one worker keeps, in a file: memory holds what a pass needs. Lives there, as Dask's actor."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(get_worker().state.nthreads)
        self.file = TemporaryFile(dir=get_worker().local_directory)  # noqa: SIM115 -- it lives as long as this
        self.mapped: ByteArray = np.empty(0, np.uint8)  # all of it: each map takes a descriptor
        self.blocks: dict[int, tuple[slice, tuple[int, ...], Any]] = {}  # where in the file, which shape, and the rest

    def add(self, number: int, block: Any) -> None:
        """Keep a block. Raises UnavailableError where it cannot be written."""
        X, start = np.ascontiguousarray(block.X), self.file.tell()
        try:
            self.file.write(X.data)  # `tofile` does not ask how C's last buffer fared
            self.file.flush()
        except OSError as error:
            raise UnavailableError(f"{get_worker().local_directory} takes no more ({error.strerror})") from error
        self.blocks[number] = slice(start, start + X.size), X.shape, block._replace(X=X[:0].copy())

    def sums(self, one_pass: Callable[..., Sums], numbers: Sequence[int]) -> Sums:
        """Return the sums of some of its blocks together: they are exact, so they may be added here."""
        if self.mapped.size < self.file.tell():
            self.mapped = np.asarray(np.memmap(self.file, np.uint8, "r"))
        kept = (self.blocks[number] for number in numbers)
        blocks = (rest._replace(X=self.mapped[where].reshape(shape)) for where, shape, rest in kept)
        return add_up(self.threads.map(one_pass, blocks))


def opener() -> Callable[[], Share]:
    """Return a function that opens a share on a worker, where this code is sent if there is none.

    It raises ImportError where there is other code. Where an earlier training sent that, and a nanny is there to start
    the worker anew, it ends the worker instead. Dask sends a function within a function as it is.
    """
    sources = {str(path.relative_to(ROOT)): path.read_bytes() for path in ROOT.glob("stages/**/[!.]*.py")}

    def open_share() -> Any:
        worker = get_worker()
        if not importlib.util.find_spec("stages"):
            place = Path(worker.local_directory, "code")
            for name, source in sources.items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_bytes(source)
            sys.path.insert(0, str(place))
        share = importlib.import_module("stages.workers.share")
        if share.CODE != CODE:
            sent = Path(str(share.__file__)).is_relative_to(worker.local_directory)
            if sent and worker.nanny and not any(worker.state.actors.values()):
                os._exit(1)  # one process takes the loops of one code alone
            raise ImportError(f"it has other code, {share.CODE}")
        return share.Share()

    return open_share
