"""Real changes and noise: p-values and intervals against published ones, and against simulated chance."""

import numpy as np
import pytest

from report.comparison import Change
from report.noise import Flips, accuracies, adjusted, by_p, confusions, interval
from stages.models.answers import Answers
from stages.models.records import numbers


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (121, 59, 4.434449e-06),  # these as statsmodels' mcnemar has them
        (70, 59, 0.378688),
        (80, 59, 0.089452),
        (30, 60, 0.002060),
        (10, 30, 0.002221),
        (10, 10, 1),
        (5, 0, 2 / 2**5),  # these by hand
        (1, 2, 1),
        (0, 0, 1),
    ],
)
def test_mcnemars_exact_test(gained: int, lost: int, p: float) -> None:
    assert Flips(gained, lost).p == pytest.approx(p, rel=3e-4)
    assert Flips(lost, gained).p == Flips(gained, lost).p


def test_the_interval_of_a_difference_is_newcombes() -> None:
    assert interval((48 / 80, 80), (56 / 70, 70), 0.95) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # his table II
    assert interval((12553 / 14000, 14000), (12676 / 14000, 14000), 0.995) == pytest.approx(  # statsmodels'
        (-0.00123638, 0.0188134), abs=5e-8
    )


def test_a_p_value_in_words() -> None:
    assert by_p(0.41) == (False, "p = 0.41")
    assert by_p(0.05) == (True, "p = 0.05")
    assert by_p(1e-9) == (True, "p < 0.001")


def test_what_is_tested_together_is_adjusted() -> None:
    assert [finding.real for finding in adjusted([Flips(9, 1), Flips(4, 3)])] == [True, False]  # p 0.021: 0.043
    assert not any(finding.real for finding in adjusted([Flips(9, 1), *[Flips(4, 3)] * 9]))  # 0.21


def test_only_shares_of_known_sizes_are_judged() -> None:
    data = {"test": Change(1000, 1000), "train": Change(None, 4000)}
    changes = {"accuracy": Change(0.8, 0.9), "train_accuracy": Change(0.8, 0.9), "log_loss": Change(0.5, 0.4)}
    assert list(accuracies(changes, data, 0.05)) == ["accuracy"]
    for value in (True, 1.5, -0.1, float("nan"), "good"):
        assert accuracies({"3.accuracy": Change(value, 0.9)}, data, 0.05) == {}


def test_chance_alone_is_seldom_a_finding() -> None:
    """Two classifiers have the same error rates by construction: at most one comparison in twenty finds a pair."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 2000).astype(np.uint8)

    def answers() -> Answers:
        others = (labels + rng.integers(1, 10, 2000)) % 10
        predicted = np.where(rng.random(2000) < 0.3, others, labels)
        return Answers("", labels, predicted, np.zeros((2000, 10), dtype=bool), numbers(10))

    assert [confusions(answers(), answers()) for _ in range(8)] == [[]] * 8
