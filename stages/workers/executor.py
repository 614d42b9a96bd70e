"""Who sums the blocks: threads, one for each processor that this process may use, or a Dask cluster."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib.util import find_spec

from stages.storage.errors import UnavailableError

ADDRESS = "DASK_SCHEDULER_ADDRESS"


def open_executor(processors: int) -> Executor:
    """Return an executor for `descend`, for a `with` block: the Dask cluster that Dask's settings name, or threads.

    The setting is DASK_SCHEDULER_ADDRESS, or `scheduler-address` in Dask's files. Raises UnavailableError.
    """
    try:
        if (asked := os.environ.get(ADDRESS)) or find_spec("dask"):
            from dask import config

            if address := config.get("scheduler-address", None):
                from stages.workers.cluster import Cluster

                return Cluster(address)
    except UnavailableError:
        raise
    except Exception as error:  # Dask raises it for settings that it cannot read
        raise UnavailableError(f"{ADDRESS} is {asked}, but {error}; run 'python install.py dask'") from error
    return ThreadPoolExecutor(thread_count(processors))


def thread_count(processors: int) -> int:
    """Return the number of threads: OMP_NUM_THREADS if it is a whole number above 0, else the processors."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return (int(asked) if asked.isdecimal() else 0) or processors
