"""How many answers are right, and the usual shares of them: scikit-learn has the same, and takes a second to load."""

import math
from typing import Any

import numpy as np

from stages.core.logistic import log
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray

SMALLEST = float(np.finfo(np.float64).eps)  # taken for a lower probability, whose logarithm has no bound


def accuracy(truth: Array, answers: Array) -> float:
    """Return the share of answers that are right."""
    return int(np.count_nonzero(truth == answers)) / len(truth)


def standard_error(share: float, size: int) -> float:
    """Return the standard error of a share of so many answers."""
    return math.sqrt(share * (1 - share) / size)


def precision_recall_f1(truth: Array, answers: Array) -> tuple[float, float, float]:
    """Return the right share of what is answered with yes, of what truly is, and their harmonic mean; 0 for 0 of 0."""
    right, answered, true = (int(np.count_nonzero(these)) for these in (truth & answers, answers, truth))
    return right / max(answered, 1), right / max(true, 1), 2 * right / max(answered + true, 1)


def macro_f1(labels: ByteArray, predicted: IntArray, classes: int) -> float:
    """Return the mean of the classes' F1."""
    return sum(precision_recall_f1(labels == label, predicted == label)[2] for label in range(classes)) / classes


def confusion(labels: ByteArray, predicted: IntArray, classes: int) -> IntArray:
    """Return how many images of each class, down, are taken for each, across, (classes, classes)."""
    pairs = classes * labels.astype(np.int64) + predicted
    return np.bincount(pairs, minlength=classes**2).reshape(classes, -1)


def log_loss(labels: ByteArray, probabilities: FloatArray) -> Any:
    """Return the mean of -log p, with p the probability, of (n, K), of the class that it is."""
    p = np.maximum(probabilities[np.arange(len(labels)), labels], SMALLEST)
    return -log(p).mean()
