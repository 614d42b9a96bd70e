"""Columns of numbers as bytes: by the training set alone, in any order, and what that costs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.preprocessing import StandardScaler

from stages.core.blocks import blocks_of
from stages.core.examples import Examples
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.features.columns import as_bytes, scale_of
from stages.models.ova import predict, scores
from tests.helpers import ROOT

NUMBERS = arrays(np.float64, st.tuples(st.integers(1, 9), st.integers(1, 4)), elements=st.floats(-1e100, 1e100))
SETS = {"wine": load_wine, "breast cancer": load_breast_cancer}


@given(NUMBERS)
def test_a_scale_is_numpys_mean_and_deviation_in_any_order_of_rows(values: np.ndarray) -> None:
    scale = scale_of(values)
    largest = np.abs(values).max()
    assert np.allclose(scale[:, 0], values.mean(axis=0), rtol=1e-12, atol=1e-15 * largest)
    assert np.allclose(scale[:, 1], values.std(axis=0), rtol=1e-9, atol=1e-9 * largest)
    assert np.array_equal(scale, scale_of(values[::-1]))


@given(NUMBERS, NUMBERS)
def test_bytes_rise_with_numbers_and_every_row_has_one_mean(values: np.ndarray, others: np.ndarray) -> None:
    scale = scale_of(values)
    column = np.sort(others[:, :1], axis=0)
    seen = as_bytes(np.repeat(column, len(scale), axis=1), scale)
    P = len(scale)
    assert (np.diff(seen[:, :P].astype(int), axis=0) >= 0).all()
    assert np.array_equal(seen[:, P:], 255 - seen[:, :P])
    assert (seen.mean(axis=1) == 127.5).all()


def test_a_byte_is_a_part_of_a_deviation_up_to_three() -> None:
    scale = np.array([[10.0, 2.0]])
    away = np.array([-9.0, -3.1, -1.0, 0.0, 1.0, 2.0, 2.98, 3.1, 1e99])
    seen = as_bytes((10 + 2 * away)[:, None], scale)[:, 0]
    assert seen.tolist() == [0, 0, 85, 128, 170, 213, 254, 255, 255]


@pytest.mark.parametrize("value", [0.0, 0.1, -1e100, 1e-320])
def test_a_constant_column_says_nothing_of_any_row(value: float) -> None:
    scale = scale_of(np.full((7, 1), value))
    assert scale[0, 1] == 0
    assert np.unique(as_bytes(np.array([[value], [value + 1], [-1e100]]), scale)[:, 0]).tolist() == [128]


def splits(name: str) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield training and test parts of a set, ten times in five: X and y of each."""
    X, y = SETS[name](return_X_y=True)
    for train, test in RepeatedStratifiedKFold(n_splits=5, n_repeats=10, random_state=0).split(X, y):
        yield X[train], y[train], X[test], y[test]


def of_floats(X: np.ndarray, y: np.ndarray, X_test: np.ndarray) -> np.ndarray:
    """Return what scikit-learn's models, each class against the rest, answer from floats."""
    scaler = StandardScaler().fit(X)
    models = [LogisticRegression(C=1.0).fit(scaler.transform(X), y == k) for k in range(y.max() + 1)]
    return np.argmax([model.decision_function(scaler.transform(X_test)) for model in models], axis=0)


def of_bytes(train: np.ndarray, y: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return what the pipeline's models answer from bytes, with as strong a penalty: each weight is there twice.

    The bytes' own deviation takes the place of STEPS, which is that of what `as_bytes` makes.
    """
    wide = float(train.std(axis=0).mean())
    parts = [Examples(both(X), y, np.full(len(X), 127.5), np.full(len(X), wide)) for X in (train, test)]
    settings = Settings("lbfgs", alpha=0.1, max_iter=200, rmse_threshold=0.0, momentum=0.0, l2=2 / len(y), batch=0)
    with ThreadPoolExecutor(1) as executor:
        found = [descend(blocks_of(parts[0], y == k), settings, executor=executor) for k in range(y.max() + 1)]
    weights, bias = np.stack([one.weights for one in found], axis=1), np.array([one.bias for one in found])
    return predict(scores(weights, bias, parts[1]))


def both(X: np.ndarray) -> np.ndarray:
    """Return bytes and their mirrors."""
    return np.concatenate([X, 255 - X], axis=1).astype(np.uint8)


def deviations(train: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return the pipeline's bytes."""
    return as_bytes(X, scale_of(train))[:, : X.shape[1]]


def ranges(train: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return bytes from the lowest to the highest number."""
    low, high = train.min(axis=0), train.max(axis=0)
    return np.clip(np.rint(255 * (X - low) / (high - low)), 0, 255)


def quantiles(train: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return bytes that are about equally frequent."""
    columns = zip(np.sort(train, axis=0).T, X.T, strict=True)
    share = [np.searchsorted(a, b) + np.searchsorted(a, b, "right") for a, b in columns]
    return np.rint(255 * np.array(share).T / (2 * len(train)))


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_what_eight_bits_cost_is_what_the_page_says(name: str) -> None:
    right = [
        [of_floats(X, y, X_test) == y_test]
        + [of_bytes(way(X, X), y, way(X, X_test)) == y_test for way in (deviations, ranges, quantiles)]
        for X, y, X_test, y_test in splits(name)
    ]
    shares = 100 * np.mean([np.mean(fold, axis=1) for fold in right], axis=0)
    row = f"| {name} | " + " | ".join(f"{share:.1f} %" for share in shares) + " |"
    assert row in (ROOT / "docs/other-data.md").read_text().splitlines()
