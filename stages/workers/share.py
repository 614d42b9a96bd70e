"""What a worker of a cluster keeps: its share of the blocks, in files, so that its memory holds what a pass needs."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import numpy as np
from distributed import get_worker
from distributed.comm.addressing import get_address_host

from stages.core.blocks import Sums
from stages.core.code import digest_of
from stages.core.passes import add_up
from stages.storage.arrays import ByteArray
from stages.storage.errors import UnavailableError
from stages.workers.lines import Address, listen

CODE = digest_of("core", "storage", "workers")  # what the sums depend on: the same on every worker, or they differ
in_use: "WeakSet[Share]" = WeakSet()


class Share:
    """The blocks that one worker keeps, and its threads; lives on the worker, as Dask's actor."""

    def __init__(self) -> None:
        worker = get_worker()
        self.address = worker.address
        self.folder = worker.local_directory
        self.threads = ThreadPoolExecutor(worker.state.nthreads)
        self.blocks: dict[int, Any] = {}
        in_use.add(self)

    def add(self, number: int, block: Any) -> None:
        """Keep a block."""
        try:
            self.blocks[number] = block._replace(X=in_a_file(block.X, self.folder))
        except OSError as error:
            message = f"{self.folder}: a Dask worker cannot write there ({error.strerror or error})"
            raise UnavailableError(message) from error

    def drop(self, number: int) -> None:
        """Keep a block no longer."""
        del self.blocks[number]

    def listen(self, key: bytes) -> Address | None:
        """Answer on a line, to who has the key, with sums; return where to open it, or None if there must not be one.

        What goes over a line is not encrypted, and so on a cluster with TLS there is none.
        """
        if not self.address.startswith("tcp://"):
            return None
        with suppress(OSError):
            return listen(get_address_host(self.address), key, self.sums)
        return None

    def sums(self, one_pass: Callable[..., Sums]) -> Sums:
        """Return the sums of all its blocks together: they are exact, so they may be added here."""
        return add_up(self.threads.map(one_pass, self.blocks.values()))


def in_a_file(pixels: ByteArray, folder: str) -> ByteArray:
    """Return the pixels, memory-mapped from a file that goes when they do."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(np.ascontiguousarray(pixels).data)  # `tofile` does not ask how C's last buffer fared
        file.flush()
        return np.asarray(np.memmap(file, np.uint8, "r", shape=pixels.shape))
