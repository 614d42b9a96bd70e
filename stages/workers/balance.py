"""Which worker keeps which block."""

from collections import Counter
from collections.abc import Mapping

Keepers = dict[int, str]  # by block: the worker that keeps it


def balanced(blocks: int, keepers: Mapping[int, str], threads: Mapping[str, int]) -> Keepers:
    """Return who is to keep each block, so that a pass is as short as it can be; most stay where they are.

    A pass lasts as long as the worker with the most blocks for each of its threads. A block that nobody keeps goes to
    the one that is then soonest done; and a block moves away from the last to be done where that shortens the pass.

    Parameters
    ----------
    blocks : how many there are, numbered from 0.
    keepers : by block, the worker that keeps it now; none of those that are gone.
    threads : by worker, 1 or more.
    """
    planned = {block: worker for block, worker in keepers.items() if worker in threads}
    load = Counter(planned.values())

    def lasts(worker: str, more: int = 0) -> float:
        return (load[worker] + more) / threads[worker]

    for block in range(blocks):
        if block not in planned:
            planned[block] = min(threads, key=lambda worker: lasts(worker, 1))
            load[planned[block]] += 1
    while True:
        last, first = max(threads, key=lasts), min(threads, key=lambda worker: lasts(worker, 1))
        if lasts(first, 1) >= lasts(last):
            return planned
        moved = max(block for block, worker in planned.items() if worker == last)
        planned[moved] = first
        load[last] -= 1
        load[first] += 1
