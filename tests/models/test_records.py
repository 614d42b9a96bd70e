"""Records of models: what is written is read, ten become one, and what does not belong together is refused."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.methods import Settings
from stages.images.form import DIGITS
from stages.models.combine import combine, read_digit_models
from stages.models.records import DigitModel, OneVsAll, digit_path, numbers, read_ova, write_model
from stages.storage.errors import DamagedError
from stages.storage.records import write_record


def model_of(digit: int) -> DigitModel:
    weights = np.random.default_rng(digit).standard_normal(784)
    return DigitModel(
        digit=digit,
        weights=weights,
        bias=-float(digit),
        cost_history=np.array([0.7, 0.6, 0.5]),
        ended="max_iter",
        kept_at=np.array([1, 2, 3]),
        weights_history=np.stack([weights / 4, weights / 2, weights]),
        bias_history=np.array([-digit / 4, -digit / 2, -digit]),
        features="pixels",
        training_set=np.zeros(32, np.uint8),
        settings=Settings("gradient_descent", 0.01, 3, 1e-5, 0.0, 0.0, 0),
    )


def ended_at(model: DigitModel, last: int) -> DigitModel:
    """Return a model that ended at an iteration."""
    kept_at = np.array([*(i for i in (1, 2, 3, 5, 10) if i < last), last])
    return model._replace(
        kept_at=kept_at,
        weights_history=kept_at[:, None] / last * model.weights,
        bias_history=kept_at / last * model.bias,
        cost_history=0.5 / np.arange(1.0, last + 1),
    )


def ten_models(*last: int) -> OneVsAll:
    """Return ten models, all trained for ten iterations but for the first few, which ended at those given."""
    ends = [*last, *[10] * (10 - len(last))]
    return combine([ended_at(model_of(digit), end) for digit, end in zip(DIGITS, ends, strict=True)], numbers(10))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for digit in DIGITS:
        write_model(digit_path(tmp_path / "digits", digit), model_of(digit))
    return tmp_path / "digits"


def same(found: DigitModel | OneVsAll, written: DigitModel | OneVsAll) -> bool:
    return all(np.array_equal(*values) for values in zip(found, written, strict=True))


def test_what_is_written_is_read(folder: Path, tmp_path: Path) -> None:
    found = read_digit_models(folder, DIGITS)
    for model in found:
        assert same(model, model_of(model.digit))
        assert list(map(type, model)) == list(map(type, model_of(model.digit)))
    write_model(tmp_path / "ova.npy", ten_models(4, 2))
    assert same(read_ova(tmp_path / "ova.npy"), ten_models(4, 2))


@pytest.mark.parametrize("names", [("no", "één"), ("1", "0"), ("x" * 24, "\U0001f600" * 24)])
def test_names_are_in_the_file_unless_they_are_the_numbers_from_0(tmp_path: Path, names: tuple[str, ...]) -> None:
    for classes in (names, numbers(2)):
        write_model(tmp_path / "ova.npy", combine([model_of(0), model_of(1)], classes))
        assert read_ova(tmp_path / "ova.npy").classes == classes
        assert ("classes" in (np.load(tmp_path / "ova.npy").dtype.names or ())) == (classes == names)


def test_a_model_that_has_ended_stays_as_it_was() -> None:
    model = ten_models(4, 2)
    assert model.kept_at.tolist() == [1, 2, 3, 5, 10]  # after 4, the others are not known
    assert np.allclose(model.weights_history[:, 0], np.multiply.outer([0.25, 0.5, 0.75, 1, 1], model_of(0).weights))
    assert np.allclose(model.bias_history[:, 1], np.multiply([0.5, 1, 1, 1, 1], model_of(1).bias))
    assert model.iterations.tolist() == [4, 2, *[10] * 8]
    assert model.costs[:3, -1].tolist() == [0.5 / 4, 0.5 / 2, 0.5 / 10]
    assert np.array_equal(model.weights[:, 7], model_of(7).weights)


def test_a_missing_model_and_one_too_many_are_named(folder: Path) -> None:
    with pytest.raises(DamagedError, match=r"digits/3\.npy: found an extra model, expected only those of 0, 1, 2"):
        read_digit_models(folder, [0, 1, 2])
    (folder / "4.npy").unlink()
    with pytest.raises(DamagedError, match=r"digits/4\.npy: found no model, expected only those of 0, "):
        read_digit_models(folder, DIGITS)


def test_a_model_under_another_digits_name_is_refused(folder: Path) -> None:
    write_model(folder / "5.npy", model_of(4))
    with pytest.raises(DamagedError, match=r"5\.npy: has the model of digit 4, expected that of digit 5"):
        read_digit_models(folder, DIGITS)


@pytest.mark.parametrize(
    ("settings", "change", "message"),
    [
        ({"method": "lbfgs"}, {}, "method lbfgs, expected gradient_descent"),
        ({"alpha": 0.02}, {}, r"alpha 0\.02, expected 0\.01"),
        ({"momentum": 0.9}, {}, r"momentum 0\.9, expected 0\.0"),
        ({}, {"features": "strokes"}, "features strokes, expected pixels"),
        ({}, {"training_set": np.ones(32, np.uint8)}, "the set 01010101"),
        ({}, {"weights": np.zeros(9), "weights_history": np.zeros((3, 9))}, "columns 9, expected 784"),
    ],
)
@pytest.mark.parametrize("digit", [0, 7])
def test_the_odd_model_is_named(
    folder: Path, digit: int, settings: dict[str, object], change: dict[str, object], message: str
) -> None:
    odd = model_of(digit)._replace(settings=model_of(digit).settings._replace(**settings), **change)
    write_model(digit_path(folder, digit), odd)
    with pytest.raises(DamagedError, match=rf"/{digit}\.npy: was trained with {message}"):
        read_digit_models(folder, DIGITS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost_history": np.array([0.7, -1.0, 0.5])}, "costs from -1 to 0.7"),
        ({"cost_history": np.array([0.7, 1e308, 0.5])}, r"costs from 0.5 to 1e\+308"),
        ({"cost_history": np.array([0.7])}, "a different model at the end"),
        ({"kept_at": np.array([2, 1, 3])}, "kept iterations that do not increase"),
        ({"kept_at": np.array([1, 3, 4])}, "a different model at the end"),
        ({"kept_at": np.array([0, 2, 3])}, "kept iterations that do not increase"),
        ({"kept_at": np.array([3])}, r"lengths \[784, 1, 3\]"),
        ({"bias_history": np.zeros(4)}, r"lengths \[784, 3, 4\]"),
        ({"weights_history": np.zeros((3, 783))}, r"lengths \[784, 3, 3\]"),
        ({"weights_history": np.zeros((3, 784))}, "a different model at the end"),
        ({"bias": 0.5}, "a different model at the end"),
        ({"bias_history": np.array([-1e301, -2, -4])}, r"a number of 1e\+301"),
        ({"ended": b"\xff"}, "words that are not ASCII"),
    ],
)
def test_a_model_that_no_training_leaves_is_refused(folder: Path, change: dict[str, object], message: str) -> None:
    write_model(folder / "4.npy", model_of(4)._replace(**change))
    with pytest.raises(DamagedError, match=rf"/4\.npy: has {message}.*; run 'dvc repro'$"):
        read_digit_models(folder, DIGITS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.full((784, 10), -1e301)}, r"a number of 1e\+301"),
        ({"weights": np.zeros((784, 9))}, "the shapes"),
        ({"classes": ("a", "b")}, "the classes"),
        ({"classes": ("a",) * 10}, "the classes"),
        ({"iterations": np.full(10, 11)}, "iterations"),
        ({"iterations": np.zeros(10, np.int64)}, "iterations"),
        ({"costs": np.full((10, 10), 1e9)}, "costs from"),
    ],
)
def test_a_record_of_models_that_nothing_leaves_is_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    write_model(tmp_path / "ova.npy", ten_models()._replace(**change))
    with pytest.raises(DamagedError, match=rf"/ova\.npy: has {message}.*; run 'dvc repro'$"):
        read_ova(tmp_path / "ova.npy")


def test_a_record_of_the_old_form_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write_record(tmp_path / "ova.npy", {"weights": np.zeros((784, 10)), "bias": np.zeros(10)})
    with pytest.raises(DamagedError, match=r"ova\.npy: has the fields .*; run 'dvc repro'$"):
        read_ova(tmp_path / "ova.npy")


def test_a_scale_belongs_to_columns_and_fits_their_weights(tmp_path: Path) -> None:
    model = combine([model_of(digit) for digit in range(2)], numbers(2))
    width = len(model.weights)
    for features, rows in (("pixels", width // 2), ("columns", width // 2 - 1), ("columns", None)):
        scale = None if rows is None else np.ones((rows, 2))
        write_model(tmp_path / "ova.npy", model._replace(features=features, scale=scale))
        with pytest.raises(DamagedError, match="has a scale for "):
            read_ova(tmp_path / "ova.npy")
    scale = np.random.default_rng(0).random((width // 2, 2))
    write_model(tmp_path / "ova.npy", model._replace(features="columns", scale=scale))
    found = read_ova(tmp_path / "ova.npy").scale
    assert found is not None
    assert np.array_equal(found, scale)
