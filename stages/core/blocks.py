"""The training set, checked once and cut into blocks, and the sums that a pass makes of a block."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from stages.core.exact import LARGEST_BYTE, grid
from stages.core.examples import Examples
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray

BLOCK = 7000  # rows: MNIST's 56,000 training images make 8 blocks
SMALL_BLOCK = 1000  # rows; handing a smaller block to a thread takes longer than it saves
FEW = 4  # blocks that a small set is cut into
WORST_COST = 100 * math.log(2)  # nats, a hundred times the cost of zero weights; above it, training has failed


class Block(NamedTuple):
    """Rows of the training set: X (n, P) uint8, in row order; mean, std (n,) float64; y (n,) uint8, 0 or 1."""

    X: ByteArray
    mean: FloatArray
    std: FloatArray
    y: ByteArray


class Blocks(list[Block]):
    """A training set in blocks, in row order. `whole` is one block of all rows, in the same memory."""

    def __init__(self, whole: Block, size: int) -> None:
        parts = (slice(start, start + size) for start in range(0, len(whole.y), size))
        super().__init__(rows_of(whole, rows) for rows in parts)
        self.whole = whole


class Grids(NamedTuple):
    """The spacings to which c, p - y, the costs, and the costs' rounding errors are rounded before they are summed."""

    c: float
    residual: float
    cost: float
    cost_rest: float


class Sums(NamedTuple):
    """Sums over rows: M J in two parts, g (P,) float64, M dJ/db, and the number of wrong predictions."""

    cost: float
    cost_rest: float
    g: FloatArray
    db: float
    wrong: int


def rows_of(block: Block, rows: IntArray | slice) -> Block:
    """Return some rows of a block, selected by (m,) int64 or a slice."""
    return Block(block.X[rows], block.mean[rows], block.std[rows], block.y[rows])


def blocks_of(examples: Examples, y: Any) -> Blocks:
    """Return a training set in blocks of at most BLOCK rows. X is copied only if it is not in row order.

    Parameters
    ----------
    examples : X (M, P) uint8 with M, P >= 1, in any memory order; mean and std, (M,) float64, from `normalise`.
    y : (M,) whole numbers or bool, 1 for rows of the digit, else 0.

    Raises
    ------
    ValueError
        for anything else, with what was found and what was expected.
    """
    X, y = np.asarray(examples.X), np.asarray(y)
    check(X.dtype == np.uint8 and X.ndim == 2 and X.size > 0, "X", X, "(M, P) uint8, M and P 1 or more")
    check(y.dtype.kind in "bui" and y.shape == (len(X),), "y", y, f"({len(X)},) of 0 and 1")
    check(y.min() >= 0 and y.max() <= 1, f"y from {y.min()} to {y.max()}", y, "only 0 and 1")
    size = min(max(SMALL_BLOCK, math.ceil(len(y) / FEW)), BLOCK)
    blocks = Blocks(Block(np.ascontiguousarray(X), examples.mean, examples.std, y.astype(np.uint8)), size)
    for block in blocks:
        check_moments(block)
    return blocks


def check(good: Any, name: str, found: Array, expected: str) -> None:
    """Raise ValueError, with what was found and what was expected, unless an array is good."""
    if not good:
        raise ValueError(f"{name} is {found.shape} {found.dtype}, expected {expected}")


def check_moments(block: Block) -> None:
    """Raise ValueError unless `mean` has each row's mean, which the gradient needs, and `std` can be a deviation."""
    size = len(block.y)
    for name, moment in (("mean", block.mean), ("std", block.std)):
        check(moment.dtype == np.float64 and moment.shape == (size,), name, moment, f"({size},) float64")
    same = block.mean == block.X.sum(axis=1, dtype=np.int64) / block.X.shape[1]
    check(same.all(), "mean", block.mean, "the mean of each row")
    check((np.isfinite(block.std) & (block.std >= 0)).all(), "std", block.std, "finite numbers, 0 or more")


def grids_for(blocks: Sequence[Block]) -> Grids:
    """Return the grids on which the sums over all rows are exact.

    The costs' sum is exact up to WORST_COST a row. No cost is negative, so no partial sum is larger than the sum, and a
    sum that is too large is seen as such in any order. For MNIST, both cost grids together lose at most 2^-66 of a
    row's cost, less than float64's rounding of a cost above 2^-13.
    """
    rows = sum(len(block.y) for block in blocks)
    costs = grid(WORST_COST, rows)
    smallest = min((float(block.std[block.std > 0].min()) for block in blocks if block.std.any()), default=1.0)
    return Grids(grid(LARGEST_BYTE / smallest, rows), grid(1.0, rows), costs, grid(costs / 2, rows))
