"""A compiled epoch of mini-batches: the same bits as `plain.epoch`. All steps run in one loop, in one thread.

A few rows at a time are copied together. The forward pass reads them, and the backward pass finds them in the cache.
"""

from typing import Any

import numpy as np

from stages.core import exact
from stages.core.blocks import Block, Grids
from stages.core.compiled import compiled, first_call
from stages.core.exact import FEWEST, LARGEST_BYTE
from stages.core.fast import CHUNK, divided, padded, residuals, scores, to_grid
from stages.core.lanes import copy
from stages.core.limbs import add_sums_over_rows, from_strips, largest_of, to_limbs, to_strips
from stages.core.methods import EpochResult, Settings
from stages.storage.arrays import ByteArray, FloatArray, IntArray

__all__ = ["epoch", "first_call"]

HALF = 26  # the lower bits; an exact sum has at most twice as many bits

grid = compiled(exact.grid)


def epoch(
    whole: Block, order: IntArray, theta: FloatArray, velocity: FloatArray, settings: Settings, grids: Grids
) -> EpochResult:
    """Return what `plain.epoch` returns."""
    theta, velocity, total = theta.copy(), velocity.copy(), np.zeros_like(theta)
    _, alpha, _, _, momentum, l2, batch = settings
    steps = compiled_epoch(
        whole._replace(X=padded(whole.X)), order, theta, velocity, total, alpha, momentum, l2, batch, grids
    )
    return theta, velocity, total / steps


@compiled
def compiled_epoch(
    whole: Block,
    order: IntArray,
    theta: FloatArray,
    velocity: FloatArray,
    total: FloatArray,
    alpha: float,
    momentum: float,
    l2: float,
    batch: int,
    grids: Grids,
) -> Any:
    """Take an epoch's steps: change theta and velocity, add the points to total. Return the number of steps."""
    steps, X = 0, np.empty((CHUNK, whole.X.shape[1]), np.uint8)
    for start in range(0, order.size, batch):
        rows = order[start : start + batch]
        gradient = sums_of(whole, X, rows, theta, grids)
        gradient[:-1] -= exact_sum(gradient[:-1], grids.c) / (theta.size - 1)
        gradient /= rows.size
        if l2 > 0.0:
            gradient[:-1] += l2 * theta[:-1]
        for j in range(theta.size):
            velocity[j] = momentum * velocity[j] + gradient[j]
            theta[j] -= alpha * (gradient[j] + momentum * velocity[j])
            total[j] += theta[j]
        steps += 1
    return steps


@compiled
def sums_of(whole: Block, X: ByteArray, rows: IntArray, theta: FloatArray, grids: Grids) -> Any:
    """Return the sums for the gradient, (P + 1,) float64, over some rows at theta. X has space for CHUNK rows."""
    w, columns, db = theta[:-1], X.shape[1], 0.0
    weights = to_strips(to_grid(w, grid(LARGEST_BYTE * largest_of(w), max(w.size, FEWEST))), columns)
    in_strips, limbs = np.zeros(weights.size), to_limbs(weights)
    for start in range(0, rows.size, CHUNK):
        few = rows[start : start + CHUNK]
        gather(whole.X, few, X)
        z = scores(X[: few.size], whole.mean[few], whole.std[few], limbs, theta[-1])
        residual = residuals(z, whole.y[few])
        add_sums_over_rows(in_strips, X[: few.size], divided(residual, whole.std[few]), grids.c)
        db += np.sum(to_grid(residual, grids.residual))
    return np.append(from_strips(in_strips, columns)[: w.size], db)


@compiled
def gather(X: ByteArray, rows: IntArray, into: ByteArray) -> None:
    """Copy some rows of X, (n, P) uint8, into consecutive rows of `into`."""
    source, target, columns = X.reshape(-1), into.reshape(-1), X.shape[1]
    for i in range(rows.size):
        copy(target, i * columns, source, rows[i] * columns, columns)


@compiled
def exact_sum(sums: FloatArray, spacing: float) -> Any:
    """Return the sum of numbers on a grid, (n,) float64, rounded once. Upper and lower bits are added separately."""
    upper, lower = np.int64(0), np.int64(0)
    for one in sums:
        whole = np.int64(one / spacing)
        upper += whole >> HALF
        lower += whole & ((1 << HALF) - 1)
    return (upper * 2.0**HALF + lower) * spacing
