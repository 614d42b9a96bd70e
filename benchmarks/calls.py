"""The time of an iteration on a cluster that has nothing to sum: asking the workers, and adding up their answers."""

import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from psutil import Process

from benchmarks.clusters import cluster
from stages.core.blocks import Block, Sums
from stages.core.passes import add_up
from stages.images.form import PIXELS
from stages.storage.arrays import FloatArray
from stages.workers.cluster import Cluster

CALLS = 200


class Calls(NamedTuple):
    """An iteration without work, in seconds: from start to end, and the processor time of two processes in it."""

    all: float
    training: float
    scheduler: float


def no_sums(_: Block, w: FloatArray) -> Sums:
    """Return what a pass over a block returns, without the pass."""
    return Sums(0.0, 0.0, np.zeros_like(w), 0.0, 0)


def used(*processes: Process) -> list[float]:
    """Return the time, and the processor time that each process has used, in seconds."""
    times = [process.cpu_times() for process in processes]
    return [time.perf_counter(), *(spent.user + spent.system for spent in times)]


def calls(folder: Path, workers: int) -> Calls:
    """Measure an iteration that has nothing to sum."""
    block = Block(np.zeros((1, PIXELS), np.uint8), np.zeros(1), np.ones(1), np.ones(1, np.uint8))
    with cluster(folder, workers, 1) as (address, scheduler, _), Cluster(address) as executor:
        step = partial(executor.map, partial(no_sums, w=np.zeros(PIXELS)), [block] * workers)
        add_up(step())
        processes = Process(), Process(scheduler.pid)
        began = used(*processes)
        for _ in range(CALLS):
            add_up(step())
        return Calls(*((after - before) / CALLS for before, after in zip(began, used(*processes), strict=True)))
