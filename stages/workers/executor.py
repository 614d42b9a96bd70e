"""Who sums the blocks: a pool of threads, one for each processor this process may use; or a Dask cluster."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib.util import find_spec

from stages.storage.errors import UnavailableError

ADDRESS = "DASK_SCHEDULER_ADDRESS"


def open_executor(processors: int) -> Executor:
    """Return an executor for `descend`, for a `with` block: a Dask cluster if one is named, or threads of this process.

    Dask's settings name it: DASK_SCHEDULER_ADDRESS, or `scheduler-address` in its files. Raises UnavailableError.
    """
    try:
        if (asked := os.environ.get(ADDRESS)) or find_spec("dask"):
            from dask import config

            if address := config.get("scheduler-address", None):
                from stages.workers.cluster import Cluster

                return Cluster(address)
    except UnavailableError:
        raise
    except Exception as error:  # Dask's, for settings that it cannot read
        raise UnavailableError(f"{ADDRESS} is {asked}, but {error}: python install.py dask") from error
    return ThreadPoolExecutor(threads(processors))


def threads(processors: int) -> int:
    """Return how many threads there are to be: OMP_NUM_THREADS if that is a whole number above 0, or the processors."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return (int(asked) if asked.isdecimal() else 0) or processors
