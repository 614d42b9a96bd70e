"""Ways down: how a method chooses, from the costs and gradients so far, the point where it wants the next.

A method is a generator. It yields points theta, (n,) float64, and is sent the cost at each, a float, and its gradient,
(n,) float64. A cost beyond use is sent as infinity. A method ends where it sees no way further down.

Plain descent and Nesterov's take every step, up or down, and `descend` keeps their last point, as the notebook does.
The others' cost may rise on the way, and they turn back from points: `descend` keeps the best that they found.

All is made of + - * /, dot products summed from the first number to the last: the same bits on any machine.
"""

import math
from collections import deque
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np

from stages.core.compiled import compiled
from stages.storage.arrays import FloatArray

Points = Generator[FloatArray, tuple[float, FloatArray], None]
Pair = tuple[FloatArray, FloatArray, float]  # s, a move; y, how it changed the gradient; and the curvature s'y

MEMORY = 30  # moves by which L-BFGS knows the curvature; with the usual 10, costs fall more slowly after 20 passes
ARMIJO = 1e-4  # of the descent that the slope promises, the part that a step must keep


@compiled
def dot(a: FloatArray, b: FloatArray) -> Any:
    """Return a'b, for (n,) and (n,)."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


def gradient_descent(theta: FloatArray, alpha: float) -> Points:
    """Yield the points of plain gradient descent."""
    while True:
        _, gradient = yield theta
        theta = theta - alpha * gradient


def nesterov(theta: FloatArray, alpha: float, momentum: float) -> Points:
    """Yield the points of Nesterov's accelerated gradient.

    In the form of Sutskever et al. (2013), eq. 7, with theta where the gradient is taken (Bengio et al. 2013).
    """
    velocity = np.zeros_like(theta)
    while True:
        _, gradient = yield theta
        velocity = momentum * velocity + gradient
        theta = theta - alpha * (gradient + momentum * velocity)


def barzilai_borwein(theta: FloatArray, alpha: float) -> Points:
    """Yield the points of Barzilai and Borwein (1988): the step is alpha first, then short, s'y / y'y."""
    _, gradient = yield theta
    step = alpha
    while gradient.any():
        s = -step * gradient
        cost, gradient_there = yield theta + s
        if cost == math.inf:
            step = step / 10
            continue
        y = gradient_there - gradient
        curvature = dot(s, y)
        step = curvature / dot(y, y) if curvature > 0 else alpha
        theta, gradient = theta + s, gradient_there


def lbfgs(theta: FloatArray, alpha: float) -> Points:
    """Yield the points of L-BFGS (Liu and Nocedal 1989), each step shortened until it descends (Armijo 1966).

    No point of a convex function is below its tangents. So where the slope is too small for a lower cost in float64,
    no step in this direction descends: that is the optimum.
    """
    cost, gradient = yield theta
    pairs: deque[Pair] = deque(maxlen=MEMORY)
    while gradient.any():
        d = direction(gradient, pairs, alpha)
        slope, step = dot(d, gradient), 1.0
        while cost + step * slope < cost or not pairs:
            cost_there, gradient_there = yield theta + step * d
            if cost_there <= cost + ARMIJO * step * slope:
                break
            step = shorter(step, slope, cost_there - cost)
        else:
            return
        s, y = step * d, gradient_there - gradient
        curvature = dot(s, y)
        if curvature > 0:
            pairs.append((s, y, curvature))
        theta, cost, gradient = theta + s, cost_there, gradient_there


def direction(gradient: FloatArray, pairs: Sequence[Pair], alpha: float) -> FloatArray:
    """Return -H gradient, H the inverse curvature by the pairs, the oldest first: the two loops of Nocedal (1980)."""
    d, scale, shares = -gradient, alpha, []
    for s, y, curvature in reversed(pairs):
        shares.append(dot(s, d) / curvature)
        d = d - shares[-1] * y
    if pairs:
        _, y, curvature = pairs[-1]
        scale = curvature / dot(y, y)
    d = scale * d
    for (s, y, curvature), share in zip(pairs, reversed(shares), strict=True):
        d = d + (share - dot(y, d) / curvature) * s
    return d


def shorter(step: float, slope: float, rise: float) -> float:
    """Return the step to the lowest point of the parabola with this slope and rise, but a tenth to a half of step."""
    lowest = -slope * step * step / (2 * (rise - slope * step))
    return min(max(0.1 * step, lowest), 0.5 * step)


METHODS = {"gradient_descent": gradient_descent, "barzilai_borwein": barzilai_borwein, "lbfgs": lbfgs}


def points_of(method: str, theta: FloatArray, alpha: float, momentum: float) -> Points:
    """Return a method's points, from theta on; with momentum, plain gradient descent is Nesterov's."""
    if not momentum:
        return METHODS[method](theta, alpha)
    if method != "gradient_descent":
        raise ValueError(f"momentum is {momentum}, expected 0 with {method}")
    return nesterov(theta, alpha, momentum)
