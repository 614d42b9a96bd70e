"""The logistic function and its cost, from + - * / alone.

Processors agree to the last bit on these four operations, but C libraries do not agree on `exp` and `log`. Here both
are within three units in the last place, at any score. `fast.py` compiles the same two series, number by number.
"""

import math

import numpy as np

from stages.storage.arrays import ByteArray, FloatArray

LOG2_E = 1 / math.log(2)
LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # the leading 32 bits of ln 2, so that k * LN2_HIGH is exact
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")  # and the next 53
UNDERFLOW = 746.0  # exp(-746) is 0 in float64
POWERS_OF_HALF = np.ldexp(1.0, -np.arange(1080))
EXP_SERIES = np.array([1 / math.factorial(n) for n in range(13, -1, -1)])  # enough for |r| <= ln 2 / 2
ATANH_SERIES = np.array([1 / n for n in range(33, 0, -2)])  # enough for s <= 1/3


def exp_of_minus(a: FloatArray) -> FloatArray:
    """Return exp(-a) for float64 a >= 0 of any shape: 2^-k exp(k ln 2 - a) with the whole number k nearest a / ln 2."""
    a = np.fmin(a, UNDERFLOW)
    k = np.floor(a * LOG2_E + 0.5)
    r = (k * LN2_HIGH - a) + k * LN2_LOW
    series = 0.0 * r
    for coefficient in EXP_SERIES:
        series = series * r + coefficient
    return series * POWERS_OF_HALF[np.int64(k)]  # type: ignore[no-any-return]


def log_of_1_plus(e: FloatArray) -> FloatArray:
    """Return log(1 + e), float64, for 0 <= e <= 1: 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with s = e / (2 + e)."""
    s = e / (2.0 + e)
    series = 0.0 * s
    for coefficient in ATANH_SERIES:
        series = series * (s * s) + coefficient
    return 2.0 * s * series


def log(x: FloatArray) -> FloatArray:
    """Return the natural logarithm of float64 above 0, of any shape: k log 2 + log(1 + e) for x = 2^k (1 + e)."""
    half, power = np.frexp(x)
    k = power - 1.0
    logs: FloatArray = k * LN2_HIGH + (k * LN2_LOW + log_of_1_plus(2.0 * half - 1.0))
    return logs


def sigmoid(z: FloatArray) -> FloatArray:
    """Return p = 1 / (1 + exp(-z)), without overflow.

    Parameters
    ----------
    z : float64 of any shape, finite scores.

    Returns
    -------
    float64 in [0, 1], of the same shape.
    """
    e = exp_of_minus(np.abs(z))
    p: FloatArray = np.where(z >= 0.0, 1.0, e) / (1.0 + e)
    return p


def cost(z: FloatArray, y: ByteArray) -> FloatArray:
    """Return the cost of each score, -(y log p + (1 - y) log(1 - p)) with p = sigmoid(z).

    Computed as max(z, 0) - z y + log(1 + exp(-|z|)), which neither overflows nor loses digits.

    Parameters
    ----------
    z : float64 of any shape, scores; the cost of a score that is not finite is not finite.
    y : uint8 or bool of the same shape, 1 for images of the digit, else 0.

    Returns
    -------
    float64 of the same shape, 0 or more, in nats.
    """
    costs: FloatArray = np.where(z > 0.0, z, 0.0) - z * y + log_of_1_plus(exp_of_minus(np.abs(z)))
    return costs
