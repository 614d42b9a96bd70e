"""The committed results are the notebook's, to the last digit. A full run of the pipeline reproduces these files."""

import io
import json
import subprocess
from typing import Any

import pandas as pd
import pytest

from tests.helpers import ROOT

TEST_ACCURACY = {
    "0": 0.9875,
    "1": 0.9917857142857143,
    "2": 0.9753571428571428,
    "3": 0.9692142857142857,
    "4": 0.9796428571428571,
    "5": 0.9651428571428572,
    "6": 0.9831428571428571,
    "7": 0.9806428571428571,
    "8": 0.9408571428571428,
    "9": 0.9566428571428571,
}


def committed(name: str) -> str:
    """Return a committed file, whatever a run on other images has left in its place."""
    return subprocess.run(["git", "show", f"HEAD:{name}"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def metrics(name: str) -> dict[str, Any]:
    return json.loads(committed(f"metrics/{name}.json"))


def test_they_are_of_the_full_data() -> None:
    assert metrics("data") == {
        "dataset": "mnist-original",
        "images": 70_000,
        "train": 56_000,
        "test": 14_000,
        "constant_images": 0,
    }


@pytest.mark.parametrize("digit", TEST_ACCURACY)
def test_the_ten_accuracies(digit: str) -> None:
    assert metrics("digits")[digit]["accuracy"] == TEST_ACCURACY[digit]


def test_the_train_accuracy_of_digit_0() -> None:
    assert metrics("digits")["0"]["train_accuracy"] == 0.9882321428571429


def test_the_mean_of_the_ten_and_the_true_accuracy() -> None:
    assert metrics("ova")["mean_digit_accuracy"] == 0.9729928571428571
    assert metrics("ova")["accuracy"] == 0.8966428571428572
    assert metrics("ova")["train_accuracy"] == 0.8932678571428572


def test_the_first_and_the_last_costs() -> None:
    table = pd.read_csv(io.StringIO(committed("plots/cost.csv")))
    first, last = (table.groupby("digit").nth(place) for place in (0, -1))
    assert set(first.cost.round(4)) == {0.6931}
    assert last.cost.iloc[0].round(4) == 0.0416
    assert set(last.iteration) == {1000}
