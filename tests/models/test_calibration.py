"""Calibration and the curves against plain loops, scikit-learn, and an example by hand."""

import math

import numpy as np
import pytest
from sklearn import metrics

from stages.models.calibration import (
    POINTS,
    Bin,
    expected_calibration_error,
    precision_recall,
    precision_recall_table,
    reliability,
)
from stages.models.metrics import ova_metrics, reliability_table, rounded
from stages.models.ova import predict, probabilities
from stages.models.records import numbers

RNG = np.random.default_rng(0)
TEN = numbers(10)
LABELS = RNG.integers(0, 10, 2000).astype(np.uint8)
Z = RNG.normal(-2, 2, (2000, 10)) + 4 * (LABELS[:, None] == np.arange(10)) * RNG.random((2000, 1))
BY_HAND = np.array([[0.8, 0.2], [0.75, 0.25], [0.5, 0.5], [0.0, 1.0]])
OF_BY_HAND = np.array([0, 1, 0, 1], np.uint8)  # right, wrong, right for the first is taken, right


def test_an_example_by_hand() -> None:
    bins = reliability(OF_BY_HAND, BY_HAND.argmax(axis=1), BY_HAND)
    assert {m: one for m, one in enumerate(bins) if one.images} == {
        4: Bin(1, 1, 0.5),  # 0.5 is the highest of its bin
        7: Bin(2, 1, 1.55),
        9: Bin(1, 1, 1.0),
    }
    assert expected_calibration_error(bins) == pytest.approx((0.5 + 0.55 + 0) / 4, rel=1e-15)


def test_of_no_answers_there_is_no_error() -> None:
    assert expected_calibration_error([Bin(0, 0, 0.0)]) == 0


def test_the_error_is_that_of_a_plain_loop() -> None:
    p, predicted = probabilities(Z), predict(Z)
    gaps = 0.0
    for m in range(10):
        rows = [i for i in range(len(p)) if m / 10 < p[i].max() <= (m + 1) / 10]
        if rows:
            right = sum(int(LABELS[i] == predicted[i]) for i in rows) / len(rows)
            gaps += len(rows) / len(p) * abs(right - sum(p[i].max() for i in rows) / len(rows))
    found = expected_calibration_error(reliability(LABELS, predicted, p))
    assert found == pytest.approx(gaps, rel=1e-12)
    assert ova_metrics((Z, LABELS), (Z, LABELS))["expected_calibration_error"] == rounded(found)


def test_the_order_of_the_images_moves_no_bit() -> None:
    order = RNG.permutation(len(Z))
    assert reliability_table((Z, LABELS)).equals(reliability_table((Z[order], LABELS[order])))
    assert precision_recall_table(LABELS, Z, TEN).equals(precision_recall_table(LABELS[order], Z[order], TEN))


def test_the_table_has_ten_bins_with_all_images_and_no_shares_where_there_are_none() -> None:
    table = reliability_table((Z, LABELS))
    assert (table.bin.iloc[0], table.bin.iloc[-1], len(table)) == ("0.0 to 0.1", "0.9 to 1.0", 10)
    assert table.images.sum() == len(Z)
    assert table.images[0] == 0  # of ten that add up to 1, the highest is above 0.1
    assert table.mean_probability.isna().tolist() == table.share_right.isna().tolist() == (table.images == 0).tolist()
    filled = table[table.images > 0]
    assert ((filled.mean_probability > filled.index / 10) & (filled.mean_probability <= filled.index / 10 + 0.1)).all()


@pytest.mark.parametrize("decimals", [0, 1, 12], ids=lambda decimals: f"{decimals} decimals")  # many equal scores, none
@pytest.mark.parametrize("digit", [0, 7])
def test_the_points_are_on_scikit_learns_curve(digit: int, decimals: int) -> None:
    positive, z = np.equal(LABELS, digit), np.round(Z[:, digit], decimals)
    precision, recall, _ = metrics.precision_recall_curve(positive, z)
    points = precision_recall(positive, z)
    assert set(points) <= set(zip(recall.tolist(), precision.tolist(), strict=True))
    assert points[-1][0] == 1
    assert len(points) <= POINTS
    recalls = [0.0, *(recall for recall, _ in points)]
    apart = np.diff(recalls).max()
    most = max(np.diff(np.sort(np.unique(recall))).max(), 1 / POINTS + 1 / positive.sum())
    assert 0 < np.diff(recalls).min() <= apart <= most + 1e-12


def test_a_curve_by_hand() -> None:
    positive, z = np.array([True, False, True, False]), np.array([3.0, 2.0, 2.0, 1.0])
    assert precision_recall(positive, z) == [(0.5, 1.0), (1.0, 2 / 3)]


def test_a_digit_without_images_has_no_curve() -> None:
    table = precision_recall_table(np.array([0, 2], np.uint8), np.array([[1.0, 0, 0], [0, 0, 1]]), ["no", "one", "two"])
    assert table.to_dict("list") == {"digit": ["no", "two"], "recall": [1.0, 1.0], "precision": [1.0, 1.0]}


def test_scores_that_are_no_numbers_are_counted_too() -> None:
    z = np.array([math.inf, math.nan, -math.inf])
    assert precision_recall(np.array([True, False, True]), z)[0] == (0.5, 1.0)
