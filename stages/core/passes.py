"""A pass over the training set: the cost at a point, its gradient, and the error of the predictions.

The rows come in blocks. Their sums are exact (`core.exact`). So the result does not depend on the order of the rows,
the size of the blocks, or the thread or worker that sums a block.
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

KEPT_BYTES = 2**27  # X up to this size stays in memory between passes; a larger X is mapped block by block
SLOWER = "The fast loops cannot be compiled (%s). Plain NumPy runs instead: the same results, but slower."


class Point(NamedTuple):
    """A point theta (P + 1,) float64, w and then b, with J, its gradient (P + 1,), and the error of the predictions.

    rmse is the root mean square of rounded p minus y; 0.5 rounds to 0. A forward pass alone gives no gradient.
    """

    theta: FloatArray
    cost: float
    gradient: FloatArray
    rmse: float


@cache
def sums_of() -> Callable[..., Sums]:
    """Return the function that sums a block: the compiled one or, after a warning, the plain one if compiling fails."""
    try:
        fast = import_module("stages.core.fast")
        fast.first_call(fast.sums_of, one_row_block(), np.zeros(16), 0.0, Grids(1.0, 1.0, 1.0, 1.0))
    except Exception as error:  # a compiler may raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        logging.getLogger(__name__).warning(SLOWER, reason)
        return plain.sums_of
    return fast.sums_of  # type: ignore[no-any-return]


def one_row_block() -> Block:
    """Return a block of one row in read-only arrays, like those of mapped files: numba compiles for these types."""
    block = Block(np.zeros((1, 16), np.uint8), np.zeros(1), np.zeros(1), np.zeros(1, np.uint8))
    for array in block[:3]:
        array.flags.writeable = False
    return block


def pass_over(block: Block, w: FloatArray, b: float, grids: Grids, backward: bool, keep: bool) -> Sums:
    """Return a block's sums. Keep its bytes in memory for the next pass, or release them."""
    sums: Sums = sums_of()(block, w, b, grids, backward)
    if not keep:
        release(block.X)
    return sums


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sums over all blocks. This uses fsum, because Python 3.12 changed `sum` for floats."""
    costs, rests, gs, dbs, wrong = zip(*sums, strict=True)
    return Sums(math.fsum(costs), math.fsum(rests), sum(gs), math.fsum(dbs), sum(wrong))


def pass_function(
    blocks: Sequence[Block], l2: float, executor: Executor, *, backward: bool = True
) -> Callable[[FloatArray], Point]:
    """Return the function that makes a pass over all rows at theta, (P + 1,) float64, or only the forward pass."""
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
