"""The descent: from zero weights, point after point as a method chooses them, until they are good enough."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from stages.core.blocks import WORST_COST, Blocks
from stages.core.epochs import epochs
from stages.core.methods import METHODS, Points, Settings, check
from stages.core.passes import Point, passes
from stages.storage.arrays import FloatArray, IntArray


class Descent(NamedTuple):
    """Where a descent ended, and how it came there.

    weights : (P,) float64. bias : float.
    cost_history : (iterations,) float64, in nats, J before each iteration.
    rmse : float in [0, 1], of the final predictions, each 0 or 1, against y.
    ended : why: `converged`, rmse is at or below its threshold; `max_iter`; or `optimum`, no step descends any more.
    kept_at : (k,) int64, some iterations and the last one, see `is_kept`.
    weights_history : (k, P) float64, the weights after each of these. bias_history : (k,) float64, the biases.
    """

    weights: FloatArray
    bias: float
    cost_history: FloatArray
    rmse: float
    ended: str
    kept_at: IntArray
    weights_history: FloatArray
    bias_history: FloatArray


class DivergenceError(ArithmeticError):
    """The cost is no longer of use: alpha is too large for these images. The message says where and how far."""


def is_kept(iteration: int) -> bool:
    """Tell whether the weights after an iteration are kept: 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, ..."""
    return str(iteration).rstrip("0") in ("1", "15", "2", "3", "5", "7")


def descend(
    blocks: Blocks,
    settings: Settings,
    *,
    executor: Executor,
    seed: Sequence[int] = (0,),
    on_step: Callable[[], object] = lambda: None,
) -> Descent:
    """Train one logistic regression from zero weights.

    An iteration computes J and its gradient at a point, and a method chooses the next. After i of them, the weights are
    those of the last point, where the i-th step led, or of a method that keeps its best point those of the best of all
    i + 1: then J before an iteration never rises, whatever it tries. An iteration is the last when the weights after it
    are good enough: p rounded, where 0.5 rounds to 0, has a root mean square error of at most `rmse_threshold`. That
    error comes from the next pass over the rows, so that i iterations are i + 1 passes. Where the method finds no step
    that descends, it has been the last one too, and takes none.

    Parameters
    ----------
    blocks : the training set, as `blocks_of` cuts it.
    settings : how to train.
    executor : sums the blocks; any number of workers gives the same result.
    seed : whole numbers from 0 to 2^32 - 1, of the orders in which a method of mini-batches goes through the rows.
    on_step : called after each iteration.

    Raises
    ------
    ValueError
        for a setting that the method does not take.
    DivergenceError
        where the cost is not finite, or above WORST_COST. Methods that keep their best point turn back there instead.
    """
    check(settings)
    method = METHODS[settings.method]
    pass_at = passes(blocks, settings.l2, executor, backward=method.backward)
    points = method.points(np.zeros(blocks[0].X.shape[1] + 1), settings, epochs(blocks, seed))
    costs: list[float] = []
    history: dict[int, FloatArray] = {}
    kept = point = pass_at(next(points))
    for iteration in range(1, settings.max_iter + 1):
        costs.append(kept.cost)
        if not kept.cost <= WORST_COST:
            raise DivergenceError(f"cost is {kept.cost:.6g} at iteration {iteration}")
        theta = next_point(points, point)
        on_step()
        if theta is not None:
            point = pass_at(theta)
            kept = point if not method.keeps_best or point.cost < kept.cost else kept
        if is_kept(iteration):
            history[iteration] = kept.theta
        if theta is None or kept.rmse <= settings.rmse_threshold:
            break
    ended = "converged" if kept.rmse <= settings.rmse_threshold else "optimum" if theta is None else "max_iter"
    history[iteration] = kept.theta
    return record(kept, costs, ended, history)


def next_point(points: Points, point: Point) -> FloatArray | None:
    """Tell the method what was found at a point; return the next, or None at the optimum."""
    try:
        return points.send((point.cost if point.cost <= WORST_COST else math.inf, point.gradient))
    except StopIteration:
        return None


def record(kept: Point, costs: list[float], ended: str, history: dict[int, FloatArray]) -> Descent:
    """Return where a descent ended, from the points, each w and b together, by iteration."""
    kept_at, thetas = np.array(list(history)), np.stack(list(history.values()))
    weights, biases = thetas[:, :-1].copy(), thetas[:, -1].copy()
    return Descent(weights[-1], float(biases[-1]), np.array(costs), kept.rmse, ended, kept_at, weights, biases)
