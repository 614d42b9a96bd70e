"""The descent: from zero weights it moves from point to point until few enough predictions are wrong."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from stages.core.blocks import WORST_COST, Blocks
from stages.core.epochs import epoch_function
from stages.core.methods import METHODS, Points, Settings, check
from stages.core.passes import Point, pass_function
from stages.storage.arrays import FloatArray, IntArray


class Descent(NamedTuple):
    """The result of a descent, with its history.

    weights : (P,) float64. bias : float.
    cost_history : (iterations,) float64, in nats, J before each iteration.
    rmse : float in [0, 1], the root mean square error of the final predictions, each 0 or 1.
    ended : why training stopped: `converged`, rmse reached its threshold; `max_iter`; or `optimum`, no step lowers J.
    kept_at : (k,) int64, the iterations after which weights are kept (see `is_kept`), and the last one.
    weights_history : (k, P) float64, these weights. bias_history : (k,) float64, the biases.
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
    """The cost is not finite or far too large, because alpha is too large for these images."""


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

    An iteration computes J and its gradient at a point; then the method chooses the next point. The weights after an
    iteration are those of the next point, or of the best point so far if the method keeps its best.

    Training ends when the root mean square error of the rounded p is at most `rmse_threshold`; 0.5 rounds to 0. The
    error after an iteration comes from the next pass over the rows, so i iterations need i + 1 passes. Training also
    ends when the method finds no step that lowers J. That iteration takes no step.

    Parameters
    ----------
    blocks : the training set, from `blocks_of`.
    settings : how to train.
    executor : sums the blocks. The result does not depend on its number of workers.
    seed : whole numbers from 0 to 2^32 - 1; they draw the order of the rows for methods with mini-batches.
    on_step : called after each iteration.

    Raises
    ------
    ValueError
        if the method does not use a setting that is given.
    DivergenceError
        if the cost is not finite or above WORST_COST. Methods that keep their best point turn back instead.
    """
    check(settings)
    method = METHODS[settings.method]
    pass_at = pass_function(blocks, settings.l2, executor, backward=method.backward)
    points = method.points(np.zeros(blocks[0].X.shape[1] + 1), settings, epoch_function(blocks, seed))
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
    return result_of(kept, costs, ended, history)


def next_point(points: Points, point: Point) -> FloatArray | None:
    """Send the method the cost and the gradient at a point; return the next point, or None at the optimum."""
    try:
        return points.send((point.cost if point.cost <= WORST_COST else math.inf, point.gradient))
    except StopIteration:
        return None


def result_of(kept: Point, costs: list[float], ended: str, history: dict[int, FloatArray]) -> Descent:
    """Return the result of a descent. `history` maps iterations to points, (P + 1,) float64: w, then b."""
    kept_at, thetas = np.array(list(history)), np.stack(list(history.values()))
    weights, biases = thetas[:, :-1].copy(), thetas[:, -1].copy()
    return Descent(weights[-1], float(biases[-1]), np.array(costs), kept.rmse, ended, kept_at, weights, biases)
