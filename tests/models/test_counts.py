"""Counts and shares against scikit-learn's."""

import numpy as np
import pytest
from sklearn import metrics

from stages.models.counts import accuracy, confusion, log_loss, macro_f1, precision_recall_f1

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 9, 500).astype(np.uint8)  # no image of a 9
PREDICTED = np.where(RNG.random(500) < 0.7, LABELS, RNG.integers(0, 10, 500))


def test_shares_are_scikit_learns() -> None:
    assert accuracy(LABELS, PREDICTED) == metrics.accuracy_score(LABELS, PREDICTED)
    expected = metrics.f1_score(LABELS, PREDICTED, average="macro", labels=range(10), zero_division=0)
    assert macro_f1(LABELS, PREDICTED, 10) == pytest.approx(expected, rel=1e-14)
    assert np.array_equal(
        confusion(LABELS, PREDICTED, 10), metrics.confusion_matrix(LABELS, PREDICTED, labels=range(10))
    )


@pytest.mark.parametrize("digit", [3, 9])
def test_a_digits_shares_are_scikit_learns(digit: int) -> None:
    truth, answers = np.equal(LABELS, digit), np.equal(PREDICTED, digit)
    expected = metrics.precision_recall_fscore_support(truth, answers, average="binary", zero_division=0)[:3]
    assert precision_recall_f1(truth, answers) == pytest.approx(expected, rel=1e-14)


def test_a_single_answer_that_is_right_has_all_shares() -> None:
    only = np.array([True, False])
    assert precision_recall_f1(only, only) == (1, 1, 1)


def test_the_loss_is_scikit_learns_and_has_a_bound() -> None:
    p = RNG.dirichlet(np.full(10, 0.1), 500)
    assert log_loss(LABELS, p) == pytest.approx(metrics.log_loss(LABELS, p, labels=range(10)), rel=1e-12)
    assert 36 < log_loss(LABELS[:1], np.zeros((1, 10))) < 37
