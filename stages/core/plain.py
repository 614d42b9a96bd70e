"""The descent in plain NumPy, as in a textbook: read this first.

M rows of bytes X, (M, P), each normalised by its own mean and standard deviation; labels y, (M,), 1 for the digit and 0
for the rest; weights w, (P,), and bias b, which start at zero:

    z = ((X - mean) / std) w + b                                    scores
    p = sigmoid(z)                                                  probabilities
    J = -(1/M) sum(y log p + (1 - y) log(1 - p)) + (l2/2) w'w       cost, with a penalty on large weights
    dJ/dw = (1/M) ((X - mean) / std)' (p - y) + l2 w                gradient
    dJ/db = (1/M) sum(p - y)
    w, b = w - alpha dJ/dw, b - alpha dJ/db                         step

Mean and deviation are moved out of the products, so that only bytes are multiplied: dJ/dw is g = X' c minus the mean of
g, with c = (p - y) / std. Numbers are rounded to a grid before they are multiplied by bytes and added, so the sums are
exact. `fast.py` runs instead of this if it can: the same bytes, many times as fast.
"""

import math

import numpy as np

from stages.core.blocks import Block, Grids, Sums, blocks_of, grids_for, rows_of
from stages.core.exact import dot, to_grid, weights_on_grid
from stages.core.examples import normalise
from stages.core.logistic import cost, sigmoid
from stages.core.methods import EpochResult, Settings, step
from stages.storage.arrays import ByteArray, FloatArray, IntArray


def scores(X: ByteArray, mean: FloatArray, std: FloatArray, w: FloatArray, b: FloatArray) -> FloatArray:
    """Return z, (M,) float64, with w on its grid; for weights of k models, (P, k) and (k,), their scores, (M, k).

    If all bytes of a row are equal, its normalised values are zeros, and its score is b.
    """
    z = X.astype(np.float64) @ w - np.multiply.outer(mean, w.sum(axis=0))
    normalised: FloatArray = np.divide(z.T, std, out=np.zeros_like(z.T), where=std > 0).T
    return normalised + b


def sums_of(block: Block, w: FloatArray, b: FloatArray, grids: Grids, backward: bool = True) -> Sums:
    """Return the sums over the rows of a block at w, (P,) float64 on its grid, and b.

    The forward pass sums the cost, the backward pass the gradient. Without `backward`, g is zeros.
    """
    z = scores(block.X, block.mean, block.std, w, b)
    residual, costs = sigmoid(z) - block.y, cost(z, block.y)
    c = np.divide(residual, block.std, out=np.zeros_like(z), where=block.std > 0)
    coarse = to_grid(costs, grids.cost)
    return Sums(
        cost=coarse.sum(),
        cost_rest=to_grid(costs - coarse, grids.cost_rest).sum(),
        g=to_grid(c, grids.c) @ block.X.astype(np.float64) if backward else np.zeros_like(w),
        db=to_grid(residual, grids.residual).sum(),
        wrong=int(np.count_nonzero((z > 0) != (block.y > 0))),  # p of exactly 0.5 rounds to 0
    )


def cost_of(sums: Sums, M: int, w: FloatArray, l2: float) -> float:
    """Return J, in nats, of the sums over M rows at w, (P,) float64."""
    J = (sums.cost + sums.cost_rest) / M
    return J + l2 / 2 * dot(w, w) if l2 else J  # w'w may overflow


def gradient_of(sums: Sums, M: int, w: FloatArray, l2: float) -> FloatArray:
    """Return dJ/dw and then dJ/db, (P + 1,) float64, of the sums over M rows at w, (P,) float64."""
    g = (sums.g - math.fsum(sums.g.tolist()) / sums.g.size) / M
    return np.append(g + l2 * w if l2 else g, sums.db / M)


def train(
    X: ByteArray, y: ByteArray, alpha: float, max_iter: int, rmse_threshold: float, l2: float
) -> tuple[FloatArray, float, list[float]]:
    """Return w, (P,) float64, b, and J before each iteration of gradient descent until few enough answers are wrong."""
    (block,), costs, theta = blocks_of(normalise(X, y), y), list[float](), np.zeros(X.shape[1] + 1)
    grids, M = grids_for([block]), len(y)
    sums = sums_of(block, theta[:-1], theta[-1], grids)
    while len(costs) < max_iter:
        costs.append(cost_of(sums, M, theta[:-1], l2))
        theta = theta - alpha * gradient_of(sums, M, theta[:-1], l2)
        sums = sums_of(block, weights_on_grid(theta[:-1]), theta[-1], grids)
        if math.sqrt(sums.wrong / M) <= rmse_threshold:
            break
    return theta[:-1], theta[-1], costs


def epoch(
    whole: Block, order: IntArray, theta: FloatArray, velocity: FloatArray, settings: Settings, grids: Grids
) -> EpochResult:
    """Return theta and the velocity after an epoch of mini-batches, and the mean of its points, (P + 1,) float64 each.

    A step uses only the next `settings.batch` rows of `order`, (M,) int64; the last step uses the rows that are left.
    """
    total, steps = np.zeros_like(theta), range(0, len(order), settings.batch)
    for start in steps:
        batch = rows_of(whole, order[start : start + settings.batch])
        sums = sums_of(batch, weights_on_grid(theta[:-1]), theta[-1], grids)
        gradient = gradient_of(sums, len(batch.y), theta[:-1], settings.l2)
        theta, velocity = step(theta, velocity, gradient, settings)
        total = total + theta
    return theta, velocity, total / len(steps)
