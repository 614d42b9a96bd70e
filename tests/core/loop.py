"""Call a compiled loop, say how often the disk had it: `python -m tests.core.loop [BYTES]`; no file gets larger."""

import sys


def limit(size: int) -> None:
    """Let what is written beyond so many bytes fail, as on a full disk."""
    import resource  # which Windows lacks

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, -1))


def main() -> None:
    """Print what the loop returns, and how often it was found compiled."""
    import numpy as np

    from stages.core.fast import first_call, to_grid

    print(first_call(to_grid, np.array([0.3, 0.6]), 0.25).tolist(), sum(to_grid.stats.cache_hits.values()))


if __name__ == "__main__":
    for size in sys.argv[1:]:
        limit(int(size))
    main()
