"""Runs on a worker of a cluster: keeps a share of the blocks, and brings the code for that to the worker."""

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
CODE = digest_of("core", "storage", "workers")  # the sums depend on this code, so every worker must have the same


class Share:
    """The blocks that one worker keeps in a file, so that memory holds only what a pass needs. It is a Dask actor."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(get_worker().state.nthreads)
        self.file = TemporaryFile(dir=get_worker().local_directory)  # noqa: SIM115 -- it is open as long as the share
        self.mapped: ByteArray = np.empty(0, np.uint8)  # one map of the whole file: each map takes a descriptor
        self.blocks: dict[int, tuple[slice, tuple[int, ...], Any]] = {}  # X's place in the file, its shape, the rest

    def add(self, number: int, block: Any) -> None:
        """Keep a block. Raises UnavailableError if it cannot be written."""
        X, start = np.ascontiguousarray(block.X), self.file.tell()
        try:
            self.file.write(X.data)  # `tofile` does not report an error in C's last buffer
            self.file.flush()
        except OSError as error:
            raise UnavailableError(f"{get_worker().local_directory}: cannot be written ({error.strerror})") from error
        self.blocks[number] = slice(start, start + X.size), X.shape, block._replace(X=X[:0].copy())

    def sums(self, one_pass: Callable[..., Sums], numbers: Sequence[int]) -> Sums:
        """Return the sums over some of its blocks. They are exact, so they may be added here."""
        if self.mapped.size < self.file.tell():
            self.mapped = np.asarray(np.memmap(self.file, np.uint8, "r"))
        kept = (self.blocks[number] for number in numbers)
        blocks = (rest._replace(X=self.mapped[where].reshape(shape)) for where, shape, rest in kept)
        return add_up(self.threads.map(one_pass, blocks))


def share_opener() -> Callable[[], Share]:
    """Return a function that opens a share on a worker, and first sends this code if the worker has none.

    It raises ImportError if the worker has other code. If an earlier training sent that code and a nanny can restart
    the worker, it ends the worker instead. Dask sends a nested function as it is.
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
                os._exit(1)  # a process can only load the loops of one version of the code
            raise ImportError(f"it has other code, {share.CODE}, expected {CODE}")
        return share.Share()

    return open_share
