"""The models after the iterations that training kept: which, and how they did."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import Examples
from stages.models.learning import LONGEST_ROW, accuracies, read_learning
from stages.models.ova import predict, scores
from stages.storage.errors import DamagedError
from tests.models.test_records import ten_models


def test_the_accuracies_are_those_of_the_ten_together(normalised: Examples) -> None:
    model = ten_models()
    found = accuracies(model, normalised)
    assert found[-1] == np.mean(predict(scores(model.weights, model.bias, normalised)) == normalised.labels)
    assert found.shape == (5,)


@pytest.mark.parametrize(
    "rows", ["1,0.7,0.5,0.5\n2,0.6,0.5,0.5\n", "1,0.7\n2,0.6\n3,0.6\n5,0.6\n10,0.5\n", "what\n", ""]
)
def test_a_table_of_other_models_is_refused(rows: str, tmp_path: Path) -> None:
    (tmp_path / "learning.csv").write_text(f"iteration,cost,train_accuracy,test_accuracy\n{rows}")
    with pytest.raises(DamagedError, match=r"learning\.csv: "):
        read_learning(tmp_path / "learning.csv", ten_models())


@pytest.mark.parametrize(
    "numbers",
    ["inf,0.5,0.5", "nan,0.5,0.5", "-0.1,0.5,0.5", "1e101,0.5,0.5", "0.7,1.5,0.5", "0.7,nan,0.5", "0.7,0.5,-inf"],
)
def test_a_number_that_evaluate_does_not_write_is_refused(numbers: str, tmp_path: Path) -> None:
    history = ten_models()
    rows = "".join(f"{iteration},{numbers}\n" for iteration in history.kept_at)
    (tmp_path / "learning.csv").write_text(f"iteration,cost,train_accuracy,test_accuracy\n{rows}")
    with pytest.raises(DamagedError, match=r"learning\.csv: has a cost outside"):
        read_learning(tmp_path / "learning.csv", history)


@pytest.mark.parametrize("last", [(), (1,) * 10])
def test_a_table_is_read_by_columns_also_one_of_one_row(last: tuple[int, ...], tmp_path: Path) -> None:
    history = ten_models(*last)
    rows = "".join(f"{iteration},0.5,0.25,0.125\n" for iteration in history.kept_at)
    (tmp_path / "learning.csv").write_text(f"iteration,cost,train_accuracy,test_accuracy\n{rows}")
    iterations, *others = read_learning(tmp_path / "learning.csv", history)
    assert iterations.tolist() == history.kept_at.tolist()
    assert [column.tolist() for column in others] == [[share] * len(iterations) for share in (0.5, 0.25, 0.125)]


def test_a_table_of_the_longest_rows_is_read(tmp_path: Path) -> None:
    history = ten_models()
    rows = ["iteration,cost,train_accuracy,test_accuracy", *(f"{step},0.5,0.25,0.125" for step in history.kept_at)]
    (tmp_path / "learning.csv").write_text("".join(row.ljust(LONGEST_ROW - 1) + "\n" for row in rows))
    assert read_learning(tmp_path / "learning.csv", history)[0].tolist() == history.kept_at.tolist()


@pytest.mark.parametrize("text", ["", "iteration,cost,train_accuracy,test_accuracy\n", "\r\n\r\n"])
def test_a_table_without_rows_is_refused_without_a_warning(text: str, tmp_path: Path) -> None:
    (tmp_path / "learning.csv").write_text(text)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(DamagedError, match=r"learning\.csv: "):
            read_learning(tmp_path / "learning.csv", ten_models())
    assert warned == []


def test_a_table_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "learning.csv").open("wb") as file:
        file.truncate(10**12)  # of which the disk holds nothing
    with pytest.raises(DamagedError, match=r"learning\.csv: has 1000000000000 bytes, expected at most"):
        read_learning(tmp_path / "learning.csv", ten_models())
