"""What the charts compute: where curves and labels go, and colours that everybody can tell apart."""

import itertools

import numpy as np
import pandas as pd
import pytest

from stages.drawing.charts import cost_chart, reliability_chart
from stages.drawing.curves import log_places, log_ticks, spread
from stages.drawing.style import PALETTE, RIGHT, WRONG

RED_GREEN_BLIND = {  # Machado, Oliveira and Fernandes (2009), on linear RGB
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # of linear RGB


def linear(colour: str) -> np.ndarray:
    """Return a colour's linear RGB."""
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return a linear colour in CIELAB."""
    x, y, z = np.cbrt(np.maximum(XYZ @ rgb / XYZ.sum(axis=1), 0.009))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_labels_that_would_overlap_are_spread() -> None:
    assert spread([1.0, 1.1, 5.0, 0.9], gap=0.5) == pytest.approx([1.4, 1.9, 5.0, 0.9])


def test_a_logarithmic_axis_places_numbers_by_their_ratios() -> None:
    assert log_places([1, 10, 100, 1000], 1, 1000, 300).tolist() == [0, 100, 200, 300]
    values = np.geomspace(0.02, 0.7, 50)
    expected = 640 * np.log(values / 0.01) / np.log(100)
    assert np.abs(log_places(values, 0.01, 1, 640) - expected).max() <= 1 / 128


def test_the_ticks_are_round_and_few() -> None:
    assert log_ticks(0.03, 0.7) == [0.05, 0.1, 0.2, 0.5]
    assert log_ticks(1, 100_000) == [1, 10, 100, 1000, 10_000, 100_000]
    assert 2 <= len(log_ticks(1e-250, 1e250)) <= 12


@pytest.mark.parametrize("cost", [[0.69], [0.69, 0.0], [0.5, 0.5, 0.5], [0.69, 1e200]])
def test_any_cost_is_drawn(cost: list[float]) -> None:
    table = pd.DataFrame({"digit": 0, "iteration": range(1, len(cost) + 1), "cost": cost})
    assert cost_chart(table).artists


def test_bins_without_answers_have_no_bar() -> None:
    rows = [("0.0 to 0.5", 0, np.nan, np.nan), ("0.5 to 1.0", 1200, 0.75, 0.5)]
    table = pd.DataFrame(rows, columns=["bin", "images", "mean_probability", "share_right"])
    (axes,) = reliability_chart(table, 10).axes
    ticks = dict(zip([label.get_text() for label in axes.get_yticklabels()], axes.get_yticks().tolist(), strict=True))
    assert [bar.get_height() for bar in axes.patches] == [ticks["100 %"] / 2]
    assert [text.get_text() for text in axes.texts] == ["1,200"]


def test_the_colours_of_the_digits_are_seen_on_white_in_grey_and_by_the_colour_blind() -> None:
    colours = [linear(colour) for colour in PALETTE]
    assert all(1.05 / (XYZ[1] @ colour + 0.05) >= 3 for colour in [*colours, linear(RIGHT), linear(WRONG)])
    lightness = sorted(lab(colour)[0] for colour in colours[:10])
    assert min(b - a for a, b in itertools.pairwise(lightness)) > 3
    for seen in (np.eye(3), *map(np.array, RED_GREEN_BLIND.values())):
        apart = [np.linalg.norm(lab(seen @ a) - lab(seen @ b)) for a, b in itertools.combinations(colours[:10], 2)]
        assert min(apart) > 15
