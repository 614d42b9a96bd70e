"""The number of processors for a stage."""

import os
import sys


def processors() -> int:
    """Return how many processors this process may use, or the number of all if the system does not tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return os.cpu_count() or 1
