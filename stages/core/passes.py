"""Logistic regression, a pass over the images: forward for the cost, backward for its gradient.

M images X, (M, P), each normalised; labels y, (M,), 1 for the digit and 0 for the rest; weights w, (P,), and bias b:

    z = X w + b                                     scores
    p = sigmoid(z)                                  probabilities
    J = -(1/M) sum(y log p + (1 - y) log(1 - p))    cost
    dJ/dw = (1/M) X' (p - y)
    dJ/db = (1/M) sum(p - y)

X is never formed. With the pixels r, the mean m and the standard deviation s of each image, X = (r - m) / s, so

    z = (r w - m sum(w)) / s + b
    dJ/dw = (1/M) (g - mean(g))    with g = r' c and c = (p - y) / s

and a byte a pixel is what is read from memory. (m is the mean of r, so sum(c m) is the mean of g.) An image with s = 0
normalises to zeros: z = b, c = 0.

The images come in blocks. Their sums, the cost's too, are exact (see `core.exact`): nothing depends on the order of the
images, on the size of the blocks, or on who sums which.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from stages.core.compiled import compiled
from stages.core.exact import (
    Limbs,
    add_sums_over_images,
    grid,
    in_limbs,
    sum_in_two,
    sums_over_pixels,
    to_grid,
    weights_on_grid,
)
from stages.core.logistic import cost, sigmoid
from stages.storage.arrays import ByteArray, FloatArray, release
from stages.storage.images import LARGEST_PIXEL, NormalisedImages

BLOCK = 7000  # images: the 56,000 of MNIST's training set make 8
SMALL_BLOCK = 1000  # for a set that is small: below, handing it to a thread takes longer than a core saves
FEW = 4  # blocks, which a small set is cut into
KEPT_BYTES = 2**27  # of pixels, from one pass to the next; more are mapped from their file a block at a time
WORST_COST = 100 * math.log(2)  # a hundred times what zero weights cost
CHUNK = 64  # images: 50 kB, read for the forward pass and still in the processor's nearest caches for the backward pass


class Block(NamedTuple):
    """Some images of the training set, with the fields of `NormalisedImages`, and y (n,) uint8."""

    pixels: ByteArray
    mean: FloatArray
    std: FloatArray
    y: ByteArray


class Grids(NamedTuple):
    """The spacings on which c, p - y, the costs, and what is rounded off these, are rounded before they are summed."""

    c: float
    residual: float
    cost: float
    cost_rest: float


class Sums(NamedTuple):
    """What a pass adds up over images: M J in two parts, g (P,), M dJ/db, and how many predictions are wrong."""

    cost: float
    cost_rest: float
    g: FloatArray
    db: float
    wrong: int


class Point(NamedTuple):
    """A point theta (P + 1,), w and then b; J there, its gradient (P + 1,), and the error of the predictions.

    The error is the root mean square of p, rounded, less y: where 0.5 rounds to 0.
    """

    theta: FloatArray
    cost: float
    gradient: FloatArray
    rmse: float


def blocks_of(images: NormalisedImages, y: ByteArray) -> list[Block]:
    """Return the images and their y in blocks of at most BLOCK; nothing is copied."""
    size = min(max(SMALL_BLOCK, math.ceil(len(y) / FEW)), BLOCK)
    parts = [slice(start, start + size) for start in range(0, len(y), size)]
    return [Block(images.pixels[part], images.mean[part], images.std[part], y[part]) for part in parts]


@compiled
def forward(pixels: ByteArray, mean: FloatArray, std: FloatArray, w: FloatArray, b: float) -> Any:
    """Return the scores z, (n,) float64, of images; w on its grid (see `core.exact`)."""
    return scores(pixels, mean, std, in_limbs(w), b)


@compiled
def scores(pixels: ByteArray, mean: FloatArray, std: FloatArray, w: Limbs, b: float) -> Any:
    """Return the same with w in limbs, for a few images after a few."""
    z = sums_over_pixels(pixels, w)
    for i in range(z.size):
        z[i] = (z[i] - mean[i] * w.total) / std[i] + b if std[i] > 0.0 else b
    return z


@compiled
def over(residual: FloatArray, std: FloatArray) -> Any:
    """Return c, (n,) float64, of images: 0 where s is; `np.where` would take a quarter of all compiling."""
    c = np.zeros_like(residual)
    for i in range(c.size):
        if std[i] > 0.0:
            c[i] = residual[i] / std[i]
    return c


@compiled
def forward_and_backward(block: Block, w: FloatArray, b: float, grids: Grids) -> Any:
    """Return a block's `Sums`, as a tuple; w on its grid."""
    total_cost, cost_rest, db, wrong = 0.0, 0.0, 0.0, 0
    g, limbs = np.zeros(w.size), in_limbs(w)
    for start in range(0, block.y.size, CHUNK):
        rows = slice(start, start + CHUNK)
        pixels, std, y = block.pixels[rows], block.std[rows], block.y[rows]
        z = scores(pixels, block.mean[rows], std, limbs, b)
        residual = sigmoid(z) - y
        add_sums_over_images(g, pixels, over(residual, std), grids.c)
        db += np.sum(to_grid(residual, grids.residual))
        coarse, fine = sum_in_two(cost(z, y), grids.cost, grids.cost_rest)
        total_cost += coarse
        cost_rest += fine
        wrong += np.sum((z > 0.0) != (y > 0))
    return total_cost, cost_rest, g, db, wrong


def pass_over(block: Block, w: FloatArray, b: float, grids: Grids, keep: bool) -> Sums:
    """Return a block's sums; hold its pixels in memory for the next pass, or not."""
    sums = Sums(*forward_and_backward(block, w, b, grids))
    if not keep:
        release(block.pixels)
    return sums


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sums of all blocks together; fsum, because Python 3.12 changed what `sum` gives for floats."""
    costs, rests, gs, dbs, wrong = zip(*sums, strict=True)
    return Sums(math.fsum(costs), math.fsum(rests), sum(gs), math.fsum(dbs), sum(wrong))


def cost_of(sums: Sums, images: int) -> float:
    """Return J, in nats."""
    return (sums.cost + sums.cost_rest) / images


def gradient_of(sums: Sums, images: int) -> FloatArray:
    """Return dJ/dw and dJ/db, (P + 1,)."""
    return np.append(sums.g - math.fsum(sums.g.tolist()) / sums.g.size, sums.db) / images


def grids_for(blocks: Sequence[Block]) -> Grids:
    """Return the grids on which the sums over all images are exact.

    The costs' sum is so up to WORST_COST an image, whatever the single costs: none is negative, so no partial sum is
    larger. A sum beyond says in any order that it is. The two grids together lose at most 2^-66 of an image's cost for
    MNIST, less than float64's rounding of a cost above 2^-13.
    """
    images = sum(len(block.y) for block in blocks)
    costs = grid(WORST_COST, images)
    smallest = min((float(block.std[block.std > 0].min()) for block in blocks if block.std.any()), default=1.0)
    return Grids(grid(LARGEST_PIXEL / smallest, images), grid(1.0, images), costs, grid(costs / 2, images))


def passes(blocks: Sequence[Block], executor: Executor) -> Callable[[FloatArray], Point]:
    """Return the function of theta that makes a pass over all images, in the executor."""
    images, grids = sum(len(block.y) for block in blocks), grids_for(blocks)
    keep = sum(block.pixels.nbytes for block in blocks) <= KEPT_BYTES

    def pass_at(theta: FloatArray) -> Point:
        one_pass = partial(pass_over, w=weights_on_grid(theta[:-1]), b=theta[-1], grids=grids, keep=keep)
        sums = add_up(executor.map(one_pass, blocks))
        return Point(theta, cost_of(sums, images), gradient_of(sums, images), math.sqrt(sums.wrong / images))

    return pass_at
