"""Who sums the blocks: a pool of threads, one for each processor this process may use; or a Dask cluster."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib.util import find_spec

from stages.storage.errors import UnavailableError

ADDRESS = "DASK_SCHEDULER_ADDRESS"


def open_executor(processors: int) -> Executor:
    """Return an executor for `descend`, to be closed by its `with` block.

    It is the cluster of the scheduler that Dask's own settings name: the environment's DASK_SCHEDULER_ADDRESS, or
    `scheduler-address` in Dask's configuration files. Else it has OMP_NUM_THREADS threads where that is set to a whole
    number above 0, else one for each of so many processors.

    Raises UnavailableError for a cluster without Dask installed here, or that does not answer.
    """
    address = scheduler_address()
    if not address:
        return ThreadPoolExecutor(threads(processors))
    try:
        from stages.workers.cluster import Cluster
    except ModuleNotFoundError as error:
        raise UnavailableError(f"{ADDRESS} is {address}, but {error}: python install.py dask") from error
    return Cluster(address)


def scheduler_address() -> str | None:
    """Return the address of Dask's scheduler, if there is to be one."""
    if not find_spec("dask"):
        return os.environ.get(ADDRESS)
    from dask import config

    address: str | None = config.get("scheduler-address", None)
    return address


def threads(processors: int) -> int:
    """Return how many threads there are to be."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return (int(asked) if asked.isdecimal() else 0) or processors
