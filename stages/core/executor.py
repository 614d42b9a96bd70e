"""Who sums the blocks: a pool of threads, one for each processor this process may use."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor


def open_executor() -> Executor:
    """Return an executor for `descend`, to be closed by its `with` block.

    It has OMP_NUM_THREADS threads where that is set to a whole number above 0, else one a processor.
    """
    return ThreadPoolExecutor(threads())


def threads() -> int:
    """Return how many threads there are to be."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return (int(asked) if asked.isdecimal() else 0) or len(os.sched_getaffinity(0))
