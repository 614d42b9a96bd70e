"""The training set, checked once and cut into blocks, and what a pass over a block adds up."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from stages.core.exact import LARGEST_BYTE, grid
from stages.core.examples import Examples
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray

BLOCK = 7000  # rows: the 56,000 of MNIST's training set make 8
SMALL_BLOCK = 1000  # for a set that is small: below, handing it to a thread takes longer than a core saves
FEW = 4  # blocks, which a small set is cut into
WORST_COST = 100 * math.log(2)  # nats, a hundred times what zero weights cost: beyond, training has failed


class Block(NamedTuple):
    """Some rows of the training set: X (n, P) uint8, in row order; mean, std (n,) float64; y (n,) uint8, 0 or 1."""

    X: ByteArray
    mean: FloatArray
    std: FloatArray
    y: ByteArray


class Blocks(list[Block]):
    """A training set in blocks, in row order, and the whole of it, which is the same memory."""

    def __init__(self, whole: Block, size: int) -> None:
        parts = (slice(start, start + size) for start in range(0, len(whole.y), size))
        super().__init__(rows_of(whole, rows) for rows in parts)
        self.whole = whole


class Grids(NamedTuple):
    """The spacings on which c, p - y, the costs, and what is rounded off these, are rounded before they are summed."""

    c: float
    residual: float
    cost: float
    cost_rest: float


class Sums(NamedTuple):
    """What a pass adds up over rows: M J in two parts, g (P,), M dJ/db, and how many predictions are wrong."""

    cost: float
    cost_rest: float
    g: FloatArray
    db: float
    wrong: int


def rows_of(block: Block, rows: IntArray | slice) -> Block:
    """Return some rows of a block."""
    return Block(block.X[rows], block.mean[rows], block.std[rows], block.y[rows])


def blocks_of(examples: Examples, y: Any) -> Blocks:
    """Return a training set in blocks of at most BLOCK rows; X is copied only where it is not in row order.

    Parameters
    ----------
    examples : X (M, P) uint8 with M, P >= 1, in any memory order; mean and std, (M,), as `normalise` gives them.
    y : (M,) of whole numbers or bool, 1 for the rows of the digit, else 0.

    Raises
    ------
    ValueError
        for anything else: what was found, and what was expected.
    """
    X, y = np.asarray(examples.X), np.asarray(y)
    check(X.dtype == np.uint8 and X.ndim == 2 and X.size > 0, "X", X, "(M, P) uint8, M and P 1 or more")
    check(y.dtype.kind in "bui" and y.shape == (len(X),), "y", y, f"({len(X)},) of 0 and 1")
    check(y.min() >= 0 and y.max() <= 1, f"y, from {y.min()} to {y.max()},", y, "0 and 1 alone")
    size = min(max(SMALL_BLOCK, math.ceil(len(y) / FEW)), BLOCK)
    blocks = Blocks(Block(np.ascontiguousarray(X), examples.mean, examples.std, y.astype(np.uint8)), size)
    for block in blocks:
        check_moments(block)
    return blocks


def check(good: Any, name: str, found: Array, expected: str) -> None:
    """Raise ValueError unless something is good."""
    if not good:
        raise ValueError(f"{name} is {found.shape} {found.dtype}, expected {expected}")


def check_moments(block: Block) -> None:
    """Raise ValueError unless `mean` is the mean of each row, on which the gradient rests, and `std` is a deviation."""
    size = len(block.y)
    for name, moment in (("mean", block.mean), ("std", block.std)):
        check(moment.dtype == np.float64 and moment.shape == (size,), name, moment, f"({size},) float64")
    same = block.mean == block.X.sum(axis=1, dtype=np.int64) / block.X.shape[1]
    check(same.all(), "mean of a row that has another one", block.mean, "the mean of its row")
    check((np.isfinite(block.std) & (block.std >= 0)).all(), "std", block.std, "finite numbers, 0 or more")


def grids_for(blocks: Sequence[Block]) -> Grids:
    """Return the grids on which the sums over all rows are exact.

    The costs' sum is so up to WORST_COST a row, whatever the single costs: none is negative, so no partial sum is
    larger. A sum beyond says in any order that it is. The two grids together lose at most 2^-66 of a row's cost for
    MNIST, less than float64's rounding of a cost above 2^-13.
    """
    rows = sum(len(block.y) for block in blocks)
    costs = grid(WORST_COST, rows)
    smallest = min((float(block.std[block.std > 0].min()) for block in blocks if block.std.any()), default=1.0)
    return Grids(grid(LARGEST_BYTE / smallest, rows), grid(1.0, rows), costs, grid(costs / 2, rows))
