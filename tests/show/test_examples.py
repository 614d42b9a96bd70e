"""The images on the page, the confusion matrix, and the learning curves."""

import numpy as np
import pytest

from show import curves
from show.confusion import confusion_of
from show.examples import MISTAKES, STARTS, mistakes, starts

LABELS = np.tile(np.arange(10, dtype=np.uint8), 900)


def test_there_are_as_many_starts_of_each_digit() -> None:
    rows = starts(LABELS, 10)
    assert (LABELS[rows] == np.repeat(np.arange(10), STARTS)).all()
    assert rows.max() < 10 * STARTS


def test_all_mistakes_are_there_in_their_order() -> None:
    predicted = LABELS.astype(np.int64)
    predicted[[700, 5, 33]] = 9
    assert mistakes(LABELS, predicted, 10).tolist() == [5, 33, 700]
    assert mistakes(LABELS, LABELS.astype(np.int64), 10).size == 0


def test_of_too_many_mistakes_each_pair_of_digits_keeps_its_first() -> None:
    predicted = (LABELS + 1) % 10
    predicted[4] = 9  # the only one of its pair
    rows = mistakes(LABELS, predicted.astype(np.int64), 10)
    assert len(rows) == MISTAKES
    assert 4 in rows
    assert (np.bincount(LABELS[rows], minlength=10) >= MISTAKES // 10).all()


def test_confusion_counts_and_its_margins() -> None:
    labels = np.array([0, 0, 0, 1], np.uint8)
    found = confusion_of(labels, np.array([0, 0, 1, 1]), 10)
    assert found.counts[0].tolist() == [2, 1] + 8 * [0]
    assert (found.recall[0], found.precision[1]) == (2 / 3, 1 / 2)
    assert np.isnan(found.recall[2])
    assert found.shades.max() == found.shades[0, 0] == found.shades[0, 1] == 1


def test_iterations_stand_on_a_logarithmic_axis() -> None:
    assert curves.places([1, 10, 100, 1000]) == [0, 33.33, 66.67, 100]
    assert curves.places([7]) == [0]


def test_a_cost_of_zero_can_be_drawn() -> None:
    costs = np.array([[0.5, 0.0]] * 10)
    assert curves.cost_curves([1, 10], costs) == ["0.0,0.0 100.0,100.0"] * 10


def test_an_axis_of_accuracies_holds_all_curves() -> None:
    assert curves.ticks([0.55, 0.85], [0.5, 0.91]) == pytest.approx((0.5, 1))
