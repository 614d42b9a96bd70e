"""The rows of bytes that a model learns from or reads. Each is normalised by its own mean and standard deviation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stages.storage.arrays import ByteArray, FloatArray, IntArray, release

ROWS_AT_A_TIME = 4096  # limits the memory that a pass needs


class Examples(NamedTuple):
    """M rows with labels: X (M, P) uint8, labels (M,) uint8, and each row's mean and std, (M,) float64.

    A row's normalised values are (X - mean) / std, or zeros if std is 0.
    """

    X: ByteArray
    labels: ByteArray
    mean: FloatArray
    std: FloatArray


def normalise(X: ByteArray, labels: ByteArray) -> Examples:
    """Return rows of bytes, (M, P) uint8, and their labels, (M,) uint8, with the rows' means and standard deviations.

    The standard deviation is the population's (ddof 0). Both come from whole numbers: the sum S and the sum of squares
    Q of P bytes. mean = S / P and std = sqrt(P Q - S^2) / P, so they are correctly rounded on any machine.
    """
    mean, std, P = np.empty(len(X)), np.empty(len(X)), X.shape[1]
    for start in range(0, len(X), ROWS_AT_A_TIME):
        rows = slice(start, start + ROWS_AT_A_TIME)
        whole = X[rows].astype(np.int64)
        S, Q = whole.sum(axis=1), np.square(whole).sum(axis=1)
        mean[rows] = S / P
        std[rows] = np.sqrt(P * Q - S * S) / P
    return Examples(X, labels, mean, std)


def select(examples: Examples, rows: IntArray | slice) -> Examples:
    """Return some rows of the examples, selected by (m,) int64 or a slice."""
    return Examples(examples.X[rows], examples.labels[rows], examples.mean[rows], examples.std[rows])


def in_parts(examples: Examples) -> Iterator[Examples]:
    """Yield a few thousand rows at a time, in order, so that memory holds only these."""
    for start in range(0, len(examples.labels), ROWS_AT_A_TIME):
        part = select(examples, slice(start, start + ROWS_AT_A_TIME))
        yield part
        release(part.X)
