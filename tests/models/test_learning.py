"""The models after the iterations that training kept: which, and how they did."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from stages.models.learning import LONGEST_ROW, accuracies, history_of, read_learning
from stages.models.model_files import DigitModel, combine
from stages.models.ova import predict, scores
from stages.storage.errors import DamagedError
from stages.storage.images import DIGITS, NormalisedImages
from tests.models.test_model_files import model_of


def models(*last: int) -> list[DigitModel]:
    """Return ten models, all trained for ten iterations but for the first few, which ended at those given."""
    ends = [*last, *[10] * (10 - len(last))]
    return [ended_at(model_of(digit), end) for digit, end in zip(DIGITS, ends, strict=True)]


def ended_at(model: DigitModel, last: int) -> DigitModel:
    """Return a model that ended at an iteration."""
    kept_at = np.array([*(i for i in (1, 2, 3, 5, 10) if i < last), last])
    weights = kept_at[:, None] / last * model.weights
    costs = 1 / np.arange(1.0, last + 1)
    return model._replace(
        kept_at=kept_at, weights_history=weights, bias_history=kept_at / last * model.bias, cost_history=costs
    )


def test_a_model_that_has_ended_stays_as_it_was() -> None:
    history = history_of(models(4, 2))
    assert history.iterations.tolist() == [1, 2, 3, 5, 10]  # after 4, the others are not known
    expected = [0.25, 0.5, 0.75, 1, 1]
    assert np.allclose(history.weights[:, 0], np.multiply.outer(expected, model_of(0).weights))
    assert np.allclose(history.bias[:, 1], np.multiply([0.5, 1, 1, 1, 1], model_of(1).bias))
    assert history.cost[-1] == pytest.approx((1 / 4 + 1 / 2 + 8 / 10) / 10)


def test_the_accuracies_are_those_of_the_ten_together(normalised: NormalisedImages) -> None:
    last = scores(combine(models()), normalised)
    found = accuracies(history_of(models()), normalised)
    assert found[-1] == np.mean(predict(last) == normalised.labels)
    assert found.shape == (5,)


@pytest.mark.parametrize(
    "rows", ["1,0.7,0.5,0.5\n2,0.6,0.5,0.5\n", "1,0.7\n2,0.6\n3,0.6\n5,0.6\n10,0.5\n", "what\n", ""]
)
def test_a_table_of_other_models_is_refused(rows: str, tmp_path: Path) -> None:
    (tmp_path / "learning.csv").write_text(f"iteration,cost,train_accuracy,test_accuracy\n{rows}")
    with pytest.raises(DamagedError, match=r"learning\.csv: "):
        read_learning(tmp_path / "learning.csv", history_of(models()))


@pytest.mark.parametrize("last", [(), (1,) * 10])
def test_a_table_is_read_by_columns_also_one_of_one_row(last: tuple[int, ...], tmp_path: Path) -> None:
    history = history_of(models(*last))
    rows = "".join(f"{iteration},0.5,0.25,0.125\n" for iteration in history.iterations)
    (tmp_path / "learning.csv").write_text(f"iteration,cost,train_accuracy,test_accuracy\n{rows}")
    iterations, *others = read_learning(tmp_path / "learning.csv", history)
    assert iterations.tolist() == history.iterations.tolist()
    assert [column.tolist() for column in others] == [[share] * len(iterations) for share in (0.5, 0.25, 0.125)]


def test_a_table_of_the_longest_rows_is_read(tmp_path: Path) -> None:
    history = history_of(models())
    rows = ["iteration,cost,train_accuracy,test_accuracy", *(f"{step},0.5,0.25,0.125" for step in history.iterations)]
    (tmp_path / "learning.csv").write_text("".join(row.ljust(LONGEST_ROW - 1) + "\n" for row in rows))
    assert read_learning(tmp_path / "learning.csv", history)[0].tolist() == history.iterations.tolist()


@pytest.mark.parametrize("text", ["", "iteration,cost,train_accuracy,test_accuracy\n", "\r\n\r\n"])
def test_a_table_without_rows_is_refused_without_a_warning(text: str, tmp_path: Path) -> None:
    (tmp_path / "learning.csv").write_text(text)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(DamagedError, match=r"learning\.csv: "):
            read_learning(tmp_path / "learning.csv", history_of(models()))
    assert warned == []


def test_a_table_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "learning.csv").open("wb") as file:
        file.truncate(10**12)  # of which the disk holds nothing
    with pytest.raises(DamagedError, match=r"learning\.csv: has 1000000000000 bytes, expected at most"):
        read_learning(tmp_path / "learning.csv", history_of(models()))
