"""An iteration on a cluster that has nothing to sum: what it takes to ask the workers, and to add up."""

import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.clusters import cluster
from stages.core.passes import Block, Sums
from stages.images.form import PIXELS
from stages.storage.arrays import FloatArray
from stages.workers.cluster import Cluster

CALLS = 200


class Calls(NamedTuple):
    """An iteration without work, in seconds: from its start to its end, and of it the training process's own."""

    seconds: float
    own: float


def no_sums(_: Block, w: FloatArray) -> Sums:
    """Return what a pass over a block gives, without the pass."""
    return Sums(0.0, 0.0, np.zeros_like(w), 0.0, 0)


def calls(folder: Path, workers: int) -> Calls:
    """Return what an iteration takes that has nothing to sum."""
    block = Block(np.zeros((1, PIXELS), np.uint8), np.zeros(1), np.ones(1), np.ones(1, np.uint8))
    with cluster(folder, workers, 1) as (address, _), Cluster(address) as executor:
        step = partial(executor.map, partial(no_sums, w=np.zeros(PIXELS)), [block] * workers)
        step()
        began, used = time.perf_counter(), time.process_time()
        for _ in range(CALLS):
            step()
        return Calls((time.perf_counter() - began) / CALLS, (time.process_time() - used) / CALLS)
