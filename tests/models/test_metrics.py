"""Metrics and tables against counts made by hand."""

import numpy as np
import pytest

from stages.models.combine import combine
from stages.models.metrics import (
    answers,
    confusion_table,
    cost_curve,
    digit_metrics,
    digit_table,
    ova_metrics,
    plotted_iterations,
    rounded,
)
from stages.models.records import OneVsAll, numbers
from tests.models.test_records import model_of

LABELS = np.array([0, 1, 2, 2], np.uint8)


def ten(**changes: np.ndarray) -> OneVsAll:
    """Return ten models, that of 7 changed."""
    return combine([model_of(k)._replace(**changes if k == 7 else {}) for k in range(10)], numbers(10))


def scored(*answers: dict[int, float]) -> np.ndarray:
    """Return scores of -1, but for those given."""
    z = np.full((len(answers), 10), -1.0)
    for row, answer in zip(z, answers, strict=True):
        for digit, score in answer.items():
            row[digit] = score
    return z


Z = scored({0: 3}, {1: 2, 7: 1}, {2: -0.5}, {3: 4})  # right, right, right by the highest score alone, wrong


def test_one_vs_all_accuracy_is_not_the_mean_of_the_ten() -> None:
    metrics = ova_metrics((Z, LABELS), (Z[:2], LABELS[:2]))
    assert metrics["accuracy"] == 3 / 4
    assert metrics["accuracy_standard_error"] == 0.216506350946  # of 4 images: sqrt(3) / 8
    assert metrics["train_accuracy"] == 1.0
    assert metrics["mean_digit_accuracy"] == 36 / 40  # wrong: 7 for the second, 2 for the third, 2 and 3 for the last
    assert metrics["macro_f1"] == rounded((1 + 1 + 2 / 3) / 10)


def test_a_digits_metrics_are_of_its_own_task() -> None:
    metrics = digit_metrics(ten(cost_history=np.array([0.7, 0.65, 0.6])), (Z, LABELS), (Z, LABELS))
    assert metrics["2"]["accuracy"] == 0.5 == metrics["2"]["always_no_accuracy"]
    assert (metrics["2"]["precision"], metrics["2"]["recall"], metrics["2"]["f1"]) == (0, 0, 0)
    assert metrics["7"]["accuracy"] == 0.75
    assert metrics["7"]["always_no_accuracy"] == 1.0
    assert (metrics["7"]["cost"], metrics["7"]["iterations"]) == (0.6, 3)
    assert (metrics["7"]["ended"], metrics["7"]["converged"]) == ("max_iter", False)
    assert digit_table(metrics).digit.tolist() == [*numbers(10)]


def test_answers_tell_of_each_image_and_each_model() -> None:
    given = answers("a sha256", (Z, LABELS), numbers(10))
    assert (given.test_set, given.labels.tolist(), given.predicted.tolist()) == ("a sha256", [0, 1, 2, 2], [0, 1, 2, 3])
    assert np.argwhere(given.errs).tolist() == [[1, 7], [2, 2], [3, 2], [3, 3]]


def test_a_score_of_zero_is_no() -> None:
    """As 0.5 rounds to 0, in training too."""
    metrics = digit_metrics(ten(), (np.zeros((2, 10)), LABELS[:2]), (Z, LABELS))
    assert (metrics["0"]["accuracy"], metrics["0"]["recall"]) == (0.5, 0)


def test_the_confusion_table_has_every_pair() -> None:
    table = confusion_table(LABELS, Z.argmax(axis=1), numbers(10))
    assert len(table) == 100
    assert table["count"].sum() == 4
    assert table.set_index(["actual", "predicted"])["count"].loc[("2", "3")] == 1


def test_a_curve_shows_forty_iterations_then_each_a_twentieth_later_and_the_last() -> None:
    assert plotted_iterations(1) == [1]
    assert plotted_iterations(45) == [*range(1, 41), 42, 44, 45]
    assert plotted_iterations(1000)[-3:] == [919, 964, 1000]
    assert len(plotted_iterations(1000)) == 111


@pytest.mark.parametrize("iterations", [1, 7, 99, 100, 101, 1234])
def test_a_cost_curve_has_its_first_and_its_last_point(iterations: int) -> None:
    curve = cost_curve(ten(cost_history=1 / np.arange(1, iterations + 1)), 7)
    assert (curve.iteration.iloc[0], curve.iteration.iloc[-1]) == (1, iterations)
    assert curve.iteration.is_monotonic_increasing
    assert len(curve) <= 120
    assert curve.cost.tolist() == [rounded(1 / i) for i in curve.iteration]
