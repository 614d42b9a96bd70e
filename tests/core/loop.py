"""Call a compiled loop, say how often the disk had it: `python -m tests.core.loop BYTES`; no file gets larger."""

import resource
import sys


def main(limit: int) -> None:
    """Print what the loop returns, and how often it was found compiled."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, -1))  # what is written beyond fails, as on a full disk
    import numpy as np

    from stages.core.exact import to_grid

    print(to_grid(np.array([0.3, 0.6]), 0.25).tolist(), sum(to_grid.stats.cache_hits.values()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
