"""Methods of descent: each chooses the next point from the costs and gradients so far.

A method is a generator. It yields a point theta, (n,) float64, and receives the cost there, a float, and the gradient,
(n,) float64. A cost that is too large is sent as infinity. The method ends when no step makes the cost smaller.

A method of mini-batches also gets a function that takes all steps of an epoch.

To add a method, write its generator and its line in METHODS. To add a setting, add a line to `Settings` and a flag to
`train_digit`; the flag is a key of params.yaml. The settings are stored in the model file.

Methods use + - * / and dot products, added up from the first number to the last: the same bits on any machine.
"""

import math
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

import numpy as np

from stages.core.exact import dot
from stages.storage.arrays import FloatArray

Points = Generator[FloatArray, tuple[float, FloatArray], None]
EpochResult = tuple[FloatArray, FloatArray, FloatArray]  # theta, the velocity, the mean of the epoch's points
Epoch = Callable[[FloatArray, FloatArray, "Settings"], EpochResult]
Pair = tuple[FloatArray, FloatArray, float]  # s, a move; y, how it changed the gradient; and the curvature s'y

MEMORY = 30  # moves that L-BFGS remembers; with the usual 10, costs fall more slowly after 20 passes
ARMIJO = 1e-4  # a step must lower the cost by this part of what the slope predicts


class Settings(NamedTuple):
    """How to train. The names are those of params.yaml, which explains them.

    method : one of METHODS. alpha : above 0. max_iter : above 0. rmse_threshold : 0 or more. momentum : in [0, 1).
    l2 : 0 or more, the penalty's weight. batch : rows in a mini-batch, 1 or more; 0 with a method that has none.
    """

    method: str
    alpha: float
    max_iter: int
    rmse_threshold: float
    momentum: float
    l2: float
    batch: int


class Method(NamedTuple):
    """A method of descent.

    points : returns the generator, from theta, the settings, and a function that takes an epoch's steps.
    keeps_best : whether training ends with the best point; if not, it ends with the last.
    takes : settings that this method uses and some other does not. The settings that a method does not take are 0.
    backward : whether the method uses gradients; if not, none is computed.
    """

    points: Callable[[FloatArray, Settings, Epoch], Points]
    keeps_best: bool
    takes: frozenset[str] = frozenset()
    backward: bool = True


def step(
    theta: FloatArray, velocity: FloatArray, gradient: FloatArray, settings: Settings
) -> tuple[FloatArray, FloatArray]:
    """Return theta and the velocity, (n,) float64 each, after a step against the gradient, with Nesterov's momentum.

    In the form of Sutskever et al. (2013), eq. 7, with theta where the gradient is taken (Bengio et al. 2013).
    """
    velocity = settings.momentum * velocity + gradient
    return theta - settings.alpha * (gradient + settings.momentum * velocity), velocity


def gradient_descent(theta: FloatArray, settings: Settings, *_epoch: Epoch) -> Points:
    """Yield the points of gradient descent; with momentum, those of Nesterov's accelerated gradient."""
    velocity = np.zeros_like(theta)
    while True:
        _, gradient = yield theta
        theta, velocity = step(theta, velocity, gradient, settings)


def sgd(theta: FloatArray, settings: Settings, epoch: Epoch) -> Points:
    """Yield a point after each epoch of stochastic gradient descent (Robbins and Monro 1951).

    Steps of constant length circle around the lowest point. The mean of an epoch's points is nearer to it (Polyak and
    Juditsky 1992). So this yields the mean, but the steps continue from the last point.
    """
    mean, velocity = theta, np.zeros_like(theta)
    while True:
        yield mean
        theta, velocity, mean = epoch(theta, velocity, settings)


def barzilai_borwein(theta: FloatArray, settings: Settings, *_epoch: Epoch) -> Points:
    """Yield the points of Barzilai and Borwein (1988): the first step is alpha, the others are s'y / y'y."""
    _, gradient = yield theta
    step = settings.alpha
    while gradient.any():
        s = -step * gradient
        cost, gradient_there = yield theta + s
        if cost == math.inf:
            step = step / 10
            continue
        y = gradient_there - gradient
        curvature = dot(s, y)
        step = curvature / dot(y, y) if curvature > 0 else settings.alpha
        theta, gradient = theta + s, gradient_there


def lbfgs(theta: FloatArray, settings: Settings, *_epoch: Epoch) -> Points:
    """Yield the points of L-BFGS (Liu and Nocedal 1989). Each step is shortened until it lowers the cost (Armijo 1966).

    A convex function lies above its tangents. So if the slope is too small to lower the cost in float64, no step in
    this direction lowers it, and the optimum is reached.
    """
    cost, gradient = yield theta
    pairs: deque[Pair] = deque(maxlen=MEMORY)
    while gradient.any():
        d = direction(gradient, pairs, settings.alpha)
        slope, step = dot(d, gradient), 1.0
        while cost + step * slope < cost or not pairs:
            cost_there, gradient_there = yield theta + step * d
            if cost_there <= cost + ARMIJO * step * slope:
                break
            step = shorter_step(step, slope, cost_there - cost)
        else:
            return
        s, y = step * d, gradient_there - gradient
        curvature = dot(s, y)
        if curvature > 0:
            pairs.append((s, y, curvature))
        theta, cost, gradient = theta + s, cost_there, gradient_there


def direction(gradient: FloatArray, pairs: Sequence[Pair], alpha: float) -> FloatArray:
    """Return -H gradient, by the two loops of Nocedal (1980). The pairs, oldest first, give the inverse curvature H."""
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


def shorter_step(step: float, slope: float, rise: float) -> float:
    """Return the step to the minimum of the parabola with this slope and rise, but 0.1 to 0.5 of the step."""
    lowest = -slope * step * step / (2 * (rise - slope * step))
    return min(max(0.1 * step, lowest), 0.5 * step)


METHODS = {
    # gradient descent ends with its last point, like the notebook, although momentum may raise the cost
    "gradient_descent": Method(gradient_descent, keeps_best=False, takes=frozenset({"momentum"})),
    "sgd": Method(sgd, keeps_best=False, takes=frozenset({"batch", "momentum"}), backward=False),
    "barzilai_borwein": Method(barzilai_borwein, keeps_best=True),
    "lbfgs": Method(lbfgs, keeps_best=True),
}


def check(settings: Settings) -> None:
    """Raise ValueError for a setting that the method does not use, or for a batch below 1 if it uses one."""
    takes = METHODS[settings.method].takes
    if "batch" in takes and settings.batch < 1:
        raise ValueError(f"batch: must be 1 or more with the method {settings.method}, got {settings.batch}")
    for name in frozenset().union(*(method.takes for method in METHODS.values())) - takes:
        if value := getattr(settings, name):
            raise ValueError(f"{name}: must be 0 with the method {settings.method}, got {value}")
