"""A pass over the training set: the cost at a point, its gradient, and the error of the predictions.

The rows come in blocks. Their sums are exact (`core.exact`). So the result does not depend on the order of the rows, on
the size of the blocks, or on which thread or worker sums a block.
"""

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from importlib import import_module
from typing import NamedTuple

import numpy as np

from stages.core import plain
from stages.core.blocks import Block, Grids, Sums, grids_for
from stages.core.exact import weights_on_grid
from stages.storage.arrays import FloatArray, release

KEPT_BYTES = 2**27  # X up to this size stays in memory between passes; a larger one is mapped block by block
SLOWER = "The fast loops cannot be compiled (%s). Plain NumPy runs instead: the same results, but slower."


class Point(NamedTuple):
    """A point theta (P + 1,), w and then b; J there, its gradient (P + 1,), and the error of the predictions.

    rmse is the root mean square of rounded p minus y; 0.5 rounds to 0. A forward pass alone leaves a useless gradient.
    """

    theta: FloatArray
    cost: float
    gradient: FloatArray
    rmse: float


@cache
def sums_of() -> Callable[..., Sums]:
    """Return the function that sums a block: the compiled loops, or the plain ones and a warning if these fail."""
    try:
        fast = import_module("stages.core.fast")
        fast.first_call(fast.sums_of, as_mapped(), np.zeros(16), 0.0, Grids(1.0, 1.0, 1.0, 1.0))
    except Exception as error:  # whatever a compiler raises
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        logging.getLogger(__name__).warning(SLOWER, reason)
        return plain.sums_of
    return fast.sums_of  # type: ignore[no-any-return]


def as_mapped() -> Block:
    """Return a block of one row in read-only arrays, as mapped files give them: numba compiles for these types."""
    block = Block(np.zeros((1, 16), np.uint8), np.zeros(1), np.zeros(1), np.zeros(1, np.uint8))
    for array in block[:3]:
        array.flags.writeable = False
    return block


def pass_over(block: Block, w: FloatArray, b: float, grids: Grids, backward: bool, keep: bool) -> Sums:
    """Return a block's sums; keep its bytes in memory for the next pass, or release them."""
    sums: Sums = sums_of()(block, w, b, grids, backward)
    if not keep:
        release(block.X)
    return sums


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sums of all blocks together; by fsum, because Python 3.12 changed `sum` for floats."""
    costs, rests, gs, dbs, wrong = zip(*sums, strict=True)
    return Sums(math.fsum(costs), math.fsum(rests), sum(gs), math.fsum(dbs), sum(wrong))


def passes(
    blocks: Sequence[Block], l2: float, executor: Executor, *, backward: bool = True
) -> Callable[[FloatArray], Point]:
    """Return the function that makes a pass at theta over all rows; without `backward`, only forward."""
    rows, grids = sum(len(block.y) for block in blocks), grids_for(blocks)
    keep = sum(block.X.nbytes for block in blocks) <= KEPT_BYTES
    sums_of()  # compile once, before the executor's threads ask for it

    def pass_at(theta: FloatArray) -> Point:
        w = theta[:-1]
        one_pass = partial(pass_over, w=weights_on_grid(w), b=theta[-1], grids=grids, backward=backward, keep=keep)
        sums = add_up(executor.map(one_pass, blocks))
        J, gradient = plain.cost_of(sums, rows, w, l2), plain.gradient_of(sums, rows, w, l2)
        return Point(theta, J, gradient, math.sqrt(sums.wrong / rows))

    return pass_at
