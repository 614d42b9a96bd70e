"""Model files: what is written is read, and what does not belong together is refused."""

from pathlib import Path

import numpy as np
import pytest

from stages.models.model_files import (
    DigitModel,
    OneVsAll,
    check_combined,
    check_trained_on,
    combine,
    read_digit_models,
    read_ova,
    write_digit_model,
    write_ova,
)
from stages.storage.errors import DamagedError
from stages.storage.images import DIGITS
from stages.storage.sets import set_digest


def model_of(digit: int) -> DigitModel:
    weights = np.random.default_rng(digit).standard_normal(784)
    return DigitModel(
        digit=digit,
        weights=weights,
        bias=-float(digit),
        cost_history=np.array([0.7, 0.6, 0.5]),
        kept_at=np.array([1, 2, 3]),
        weights_history=np.stack([weights / 4, weights / 2, weights]),
        bias_history=np.array([-digit / 4, -digit / 2, -digit]),
        ended="max_iter",
        method="gradient_descent",
        alpha=0.01,
        max_iter=3,
        rmse_threshold=1e-5,
        momentum=0.0,
        training_set=np.zeros(32, np.uint8),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for digit in DIGITS:
        write_digit_model(tmp_path, model_of(digit))
    return tmp_path


def test_ten_models_become_one(folder: Path) -> None:
    write_ova(folder / "ova.npy", combine(read_digit_models(folder)))
    ova = read_ova(folder / "ova.npy")
    for digit in DIGITS:
        assert np.array_equal(ova.weights[:, digit], model_of(digit).weights)
        assert ova.bias[digit] == -digit


def test_a_model_is_read_as_it_was_written(folder: Path) -> None:
    for found, written in zip(read_digit_models(folder), map(model_of, DIGITS), strict=True):
        assert all(np.array_equal(*values) for values in zip(found, written, strict=True))
        assert list(map(type, found)) == list(map(type, written))


def test_a_missing_model_is_named(folder: Path) -> None:
    (folder / "digit_4.npy").unlink()
    with pytest.raises(DamagedError, match=r"digit_4\.npy: found nothing"):
        read_digit_models(folder)


def test_a_model_under_another_digits_name_is_refused(folder: Path) -> None:
    (folder / "digit_4.npy").replace(folder / "digit_5.npy")
    write_digit_model(folder, model_of(4))
    with pytest.raises(DamagedError, match=r"digit_5\.npy: is the model of digit 4, expected that of digit 5"):
        read_digit_models(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "lbfgs"}, "method = lbfgs, expected gradient_descent"),
        ({"alpha": 0.02}, r"alpha = 0\.02, expected 0\.01"),
        ({"momentum": 0.9}, r"momentum = 0\.9, expected 0\.0"),
        ({"training_set": np.ones(32, np.uint8)}, "training_set = another, expected the others'"),
    ],
)
@pytest.mark.parametrize("digit", [0, 7])
def test_the_odd_model_is_named(folder: Path, digit: int, change: dict[str, object], message: str) -> None:
    write_digit_model(folder, model_of(digit)._replace(**change))
    with pytest.raises(
        DamagedError, match=rf"digit_{digit}\.npy: was trained with {message}; train digit {digit} again"
    ):
        read_digit_models(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost_history": np.array([0.7, -1.0, 0.5])}, "has costs from -1 to 0.7, expected 0 to 100"),
        ({"cost_history": np.array([0.7, 1e308, 0.5])}, r"has costs from 0.5 to 1e\+308, expected 0 to 100"),
        ({"cost_history": np.array([0.7])}, "keeps iterations that do not rise from 1 or more to its last, 1"),
        ({"kept_at": np.array([2, 1, 3])}, "keeps iterations that do not rise from 1 or more to its last, 3"),
        ({"kept_at": np.array([1, 3, 4])}, "keeps iterations that do not rise from 1 or more to its last, 3"),
        ({"kept_at": np.array([0, 2, 3])}, "keeps iterations that do not rise"),
        ({"kept_at": np.array([3])}, r"keeps \[1, 3, 3\] iterations, weights and biases, expected as many of each"),
        ({"bias_history": np.zeros(4)}, r"keeps \[3, 3, 4\] iterations"),
        ({"weights_history": np.zeros((1, 784))}, r"keeps \[3, 1, 3\] iterations"),
        ({"weights_history": np.zeros((3, 784))}, "keeps other weights after its last iteration than it has"),
        ({"bias": 0.5}, "keeps other weights after its last iteration than it has"),
        ({"bias_history": np.array([-1e301, -2, -4])}, r"has a number of 1e\+301, expected 1e\+300 at most"),
    ],
)
def test_a_model_that_no_training_leaves_is_refused(folder: Path, change: dict[str, object], message: str) -> None:
    write_digit_model(folder, model_of(4)._replace(**change))
    with pytest.raises(DamagedError, match=rf"digit_4\.npy: {message}.*; train again$"):
        read_digit_models(folder)


def test_the_least_and_the_largest_cost_are_read(folder: Path) -> None:
    write_digit_model(folder, model_of(4)._replace(cost_history=np.array([100.0, 0.0, 0.0])))
    assert read_digit_models(folder)[4].cost_history.tolist() == [100, 0, 0]


def test_weights_too_large_for_scores_are_refused_with_their_file(tmp_path: Path) -> None:
    write_ova(tmp_path / "ova.npy", OneVsAll(np.full((784, 10), -1e301), np.zeros(10)))
    with pytest.raises(DamagedError, match=r"/ova\.npy: has a number of 1e\+301, expected 1e\+300 at most"):
        read_ova(tmp_path / "ova.npy")


def test_a_classifier_is_that_of_the_ten_beside_it() -> None:
    models = [model_of(digit) for digit in DIGITS]
    check_combined(Path("ova.npy"), combine(models), models)
    for other in (combine(models)._replace(bias=np.zeros(10)), combine(models)._replace(weights=np.zeros((784, 10)))):
        with pytest.raises(DamagedError, match=r"ova\.npy: is not made of the ten models beside it"):
            check_combined(Path("ova.npy"), other, models)


def test_models_of_another_training_set_are_refused(prepared: Path) -> None:
    others, training_set = [model_of(digit) for digit in DIGITS], prepared / "data/train"
    models = [model._replace(training_set=set_digest(training_set)) for model in others]
    check_trained_on(Path("models"), models, training_set)
    with pytest.raises(DamagedError, match=r"digit_0\.npy: was trained, as the other nine, on another set than /"):
        check_trained_on(Path("models"), others, training_set)
