"""Counts of right answers and the usual ratios. scikit-learn has the same, but its import takes a second."""

import math
from typing import Any

import numpy as np

from stages.core.logistic import log
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray

SMALLEST = float(np.finfo(np.float64).eps)  # replaces lower probabilities, whose logarithm has no limit


def accuracy(truth: Array, answers: Array) -> float:
    """Return the share of right answers, of (n,) classes or bools and as many answers."""
    return int(np.count_nonzero(truth == answers)) / len(truth)


def standard_error(share: float, size: int) -> float:
    """Return the standard error of a share of `size` answers."""
    return math.sqrt(share * (1 - share) / size)


def precision_recall_f1(truth: Array, answers: Array) -> tuple[float, float, float]:
    """Return precision, recall and their harmonic mean F1, of (n,) bool each; 0 for 0 of 0."""
    right, answered, true = (int(np.count_nonzero(these)) for these in (truth & answers, answers, truth))
    return right / max(answered, 1), right / max(true, 1), 2 * right / max(answered + true, 1)


def macro_f1(labels: ByteArray, predicted: IntArray, classes: int) -> float:
    """Return the mean F1 of the classes, of labels (n,) uint8 and predicted classes (n,) int64."""
    return sum(precision_recall_f1(labels == label, predicted == label)[2] for label in range(classes)) / classes


def confusion(labels: ByteArray, predicted: IntArray, classes: int) -> IntArray:
    """Return how many images of each class (row) are predicted as each class (column), (classes, classes) int64."""
    pairs = classes * labels.astype(np.int64) + predicted
    return np.bincount(pairs, minlength=classes**2).reshape(classes, -1)


def log_loss(labels: ByteArray, probabilities: FloatArray) -> Any:
    """Return the mean of -log p, in nats, with p the probability, of (n, K) float64, of the true class."""
    p = np.maximum(probabilities[np.arange(len(labels)), labels], SMALLEST)
    return -log(p).mean()
