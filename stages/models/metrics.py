"""The metrics of the models: the content of the metrics files and the tables.

Ratios of counts are exact. Other numbers are rounded to 12 significant digits, more coarsely than machines may differ.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stages.core.examples import Examples
from stages.models.answers import Answers
from stages.models.calibration import BINS, Bin, expected_calibration_error, reliability
from stages.models.counts import accuracy, confusion, log_loss, macro_f1, precision_recall_f1, standard_error
from stages.models.learning import COLUMNS, accuracies, costs_at
from stages.models.ova import predict, probabilities
from stages.models.records import OneVsAll
from stages.storage.arrays import ByteArray, FloatArray, IntArray

Scored = tuple[FloatArray, ByteArray]  # the scores of each image, (n, K), and its class, (n,)

SIGNIFICANT = 12


def ova_metrics(test: Scored, train: Scored, validation: Scored | None = None) -> dict[str, float]:
    """Return the metrics of the models as one classifier.

    accuracy, train_accuracy: the share of images whose highest score is their digit's.
    validation_accuracy: the same for the validation set, if there is one; models are chosen by it.
    accuracy_standard_error: the root mean square change of `accuracy` with another test set of as many images.
    mean_digit_accuracy: the mean of the models' accuracies at telling one digit from the rest. The notebook printed
    it as the accuracy of the one-vs-all model; ten models that always answer "no" already reach 0.9 here.
    macro_f1: the mean of the digits' F1. log_loss: in nats, of the probabilities divided by their sum.
    expected_calibration_error: the mean difference between these probabilities and the share of right answers.
    """
    z, labels = test
    share = accuracy(labels, predict(z))
    return {
        **(validation_metrics(*validation) if validation else {}),
        "accuracy": share,
        "accuracy_standard_error": rounded(standard_error(share, len(labels))),
        "train_accuracy": accuracy(train[1], predict(train[0])),
        "mean_digit_accuracy": np.count_nonzero(~model_errors(test)) / z.size,
        "macro_f1": rounded(macro_f1(labels, predict(z), z.shape[1])),
        "log_loss": rounded(log_loss(labels, probabilities(z))),
        "expected_calibration_error": rounded(expected_calibration_error(answers_by_bin(test))),
    }


def validation_metrics(z: FloatArray, labels: ByteArray) -> dict[str, float]:
    """Return the accuracy on the validation set, and its standard error."""
    share = accuracy(labels, predict(z))
    return {
        "validation_accuracy": share,
        "validation_standard_error": rounded(standard_error(share, len(labels))),
    }


def answers_by_bin(scored: Scored) -> list[Bin]:
    """Return the answers of the models together in bins by probability; probabilities are divided by their sum."""
    z, labels = scored
    return reliability(labels, predict(z), probabilities(z))


def model_errors(scored: Scored) -> npt.NDArray[np.bool_]:
    """Return on which images each digit's model errs at its own task, (n, K) bool."""
    return np.stack([np.not_equal(*truth_and_answers(scored, k)) for k in range(scored[0].shape[1])], axis=1)


def answers(test_set: str, scored: Scored, classes: Sequence[str]) -> Answers:
    """Return the answers for the test images, which `test_set`, a sha256, identifies."""
    z, labels = scored
    return Answers(test_set, labels, predict(z), model_errors(scored), tuple(classes))


def digit_metrics(model: OneVsAll, test: Scored, train: Scored) -> dict[str, dict[str, Any]]:
    """Return the metrics of each model at its own task, this class or not, by class name."""
    return {name: metrics_of_digit(model, k, test, train) for k, name in enumerate(model.classes)}


def metrics_of_digit(model: OneVsAll, k: int, test: Scored, train: Scored) -> dict[str, Any]:
    """Return one model's metrics. `always_no_accuracy` is the accuracy of always answering "no"."""
    (truth, answer), (train_truth, train_answer) = (truth_and_answers(part, k) for part in (test, train))
    precision, recall, f1 = precision_recall_f1(truth, answer)
    return {
        "accuracy": accuracy(truth, answer),
        "train_accuracy": accuracy(train_truth, train_answer),
        "always_no_accuracy": accuracy(truth, np.zeros_like(truth)),
        "precision": precision,
        "recall": recall,
        "f1": rounded(f1),
        "cost": rounded(model.costs[k, -1]),
        "iterations": int(model.iterations[k]),
        "ended": str(model.ended[k]),
        "converged": bool(model.ended[k] == "converged"),
    }


def truth_and_answers(scored: Scored, digit: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whether each image is the digit, and whether its model says so, (n,) bool each."""
    z, labels = scored
    return labels == digit, z[:, digit] > 0


def digit_table(metrics: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return a row for each digit: accuracy, the accuracy of always answering "no", precision, recall, F1."""
    columns = ["accuracy", "always_no_accuracy", "precision", "recall", "f1"]
    table = pd.DataFrame(list(metrics.values()), columns=columns)
    table.insert(0, "digit", list(metrics))
    return table


def cost_table(model: OneVsAll) -> pd.DataFrame:
    """Return digit, iteration, cost: the points of each digit's curve, as dense as a logarithmic axis can show."""
    return pd.concat([cost_curve(model, k) for k in range(len(model.bias))], ignore_index=True)


def cost_curve(model: OneVsAll, k: int) -> pd.DataFrame:
    """Return one digit's rows of the cost table."""
    shown = plotted_iterations(int(model.iterations[k]))
    cost = [rounded(model.costs[k, i - 1]) for i in shown]
    return pd.DataFrame({"digit": model.classes[k], "iteration": shown, "cost": cost})


def plotted_iterations(iterations: int) -> list[int]:
    """Return 1 to 40, then each a twentieth more than the one before, and the last: 111 of 1,000 iterations."""
    shown = [1]
    while shown[-1] < iterations:
        shown.append(min(iterations, shown[-1] + max(1, shown[-1] // 20)))
    return shown


def learning_table(model: OneVsAll, train: Examples, test: Examples) -> pd.DataFrame:
    """Return iteration, the models' mean cost before it, and their joint accuracy after it, on both sets."""
    cost = [rounded(mean) for mean in np.mean(costs_at(model), axis=0)]
    columns = model.kept_at, cost, accuracies(model, train), accuracies(model, test)
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def confusion_table(labels: ByteArray, predicted: IntArray, classes: Sequence[str]) -> pd.DataFrame:
    """Return actual, predicted, count: a row for each pair of classes."""
    counts = confusion(labels, predicted, len(classes))
    pairs = [(classes[i], classes[j], count) for (i, j), count in np.ndenumerate(counts)]
    return pd.DataFrame(pairs, columns=["actual", "predicted", "count"])


def reliability_table(scored: Scored) -> pd.DataFrame:
    """Return bin, images, mean_probability, share_right: a row for each bin. An empty bin has NaN for the last two."""
    bins = enumerate(answers_by_bin(scored))
    rows = [(f"{m / BINS} to {(m + 1) / BINS}", one.images, *means_of(one)) for m, one in bins]
    return pd.DataFrame(rows, columns=["bin", "images", "mean_probability", "share_right"])


def means_of(one: Bin) -> tuple[float, float]:
    """Return the mean probability of a bin's answers and the share of right ones, NaN if there are none."""
    if not one.images:
        return math.nan, math.nan
    return rounded(one.probability / one.images), one.right / one.images


def rounded(number: float) -> float:
    """Return a number rounded to SIGNIFICANT digits."""
    return float(f"{number:.{SIGNIFICANT}g}")
