"""The logistic function and its cost, from + - * / alone.

Processors agree to the last bit on these four operations; C libraries do not agree on `exp` and `log`. Both are within
three units in the last place here, at any score, and the compiler can vectorise them.
"""

import math
from typing import Any

import numpy as np

from stages.core.compiled import compiled
from stages.storage.arrays import ByteArray, FloatArray

LOG2_E = 1 / math.log(2)
LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # the leading 32 bits of ln 2, so that k * LN2_HIGH is exact
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")  # and the next 53
UNDERFLOW = 746.0  # exp(-746) is 0 in float64
POWERS_OF_HALF = np.ldexp(1.0, -np.arange(1080))
EXP_SERIES = np.array([1 / math.factorial(n) for n in range(13, -1, -1)])  # enough for |r| <= ln 2 / 2
ATANH_SERIES = np.array([1 / n for n in range(33, 0, -2)])  # enough for s <= 1/3


@compiled
def exp_of_minus(a: float) -> Any:
    """Return exp(-a) for a >= 0: with k the whole number nearest a / ln 2, it is 2^-k exp(k ln 2 - a)."""
    a = a if a < UNDERFLOW else UNDERFLOW
    k = np.floor(a * LOG2_E + 0.5)
    r = (k * LN2_HIGH - a) + k * LN2_LOW
    series = 0.0
    for coefficient in EXP_SERIES:
        series = series * r + coefficient
    return series * POWERS_OF_HALF[np.int64(k)]


@compiled
def log_of_1_plus(e: float) -> Any:
    """Return log(1 + e) for 0 <= e <= 1: 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with s = e / (2 + e)."""
    s = e / (2.0 + e)
    series = 0.0
    for coefficient in ATANH_SERIES:
        series = series * (s * s) + coefficient
    return 2.0 * s * series


@compiled
def log(x: FloatArray) -> Any:
    """Return the natural logarithm of numbers above 0, (n,) float64: of x = 2^k (1 + e) it is k log 2 + log(1 + e)."""
    logs = np.empty_like(x)
    for i in range(x.size):
        half, power = math.frexp(x[i])
        k = power - 1
        logs[i] = k * LN2_HIGH + (k * LN2_LOW + log_of_1_plus(2.0 * half - 1.0))
    return logs


@compiled
def sigmoid(z: FloatArray) -> Any:
    """Return p = 1 / (1 + exp(-z)), without overflow.

    Parameters
    ----------
    z : (n,) float64, scores, finite.

    Returns
    -------
    (n,) float64 in [0, 1].
    """
    p = np.empty_like(z)
    for i in range(z.size):
        e = exp_of_minus(abs(z[i]))
        p[i] = (1.0 if z[i] >= 0.0 else e) / (1.0 + e)
    return p


@compiled
def cost(z: FloatArray, y: ByteArray) -> Any:
    """Return the cost of each image, -(y log p + (1 - y) log(1 - p)) with p = sigmoid(z).

    In terms of the score it is max(z, 0) - z y + log(1 + exp(-|z|)), which neither overflows nor loses digits.

    Parameters
    ----------
    z : (n,) float64, scores; one that is not finite gives a cost that is not finite.
    y : (n,) uint8, 1 for images of the digit, else 0.

    Returns
    -------
    (n,) float64, 0 or more, in nats.
    """
    costs = np.empty_like(z)
    for i in range(z.size):
        costs[i] = (z[i] if z[i] > 0.0 else 0.0) - z[i] * y[i] + log_of_1_plus(exp_of_minus(abs(z[i])))
    return costs
