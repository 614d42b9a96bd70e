"""Every picture for 2 to 30 classes with names of twelve letters: nothing overlaps, or leaves the picture."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from stages.drawing.charts import accuracy_chart, confusion_chart, cost_chart, reliability_chart
from stages.drawing.frames import HEIGHT, LEFT, TOP, WIDTH, Example, bars_of, frame
from stages.drawing.grid import grid_for
from stages.drawing.learning import LEVELS, learning_frames
from stages.drawing.names import counted, fitting, noun, width
from stages.drawing.pictures import Look
from stages.drawing.sheets import mistakes_sheet, predictions_sheet, samples_sheet, weights_sheet
from stages.drawing.style import PALETTE, STYLE
from stages.drawing.weights import colours_of
from stages.images.form import Images
from stages.models.combine import combine
from stages.models.metrics import confusion_table, cost_table, digit_metrics, digit_table, reliability_table
from stages.models.records import numbers
from tests.helpers import sample_images
from tests.models.test_records import model_of

MANY = [2, 3, 10, 11, 17, 26, 30]
Drawn = Callable[[tuple[str, ...]], Figure]


def words(K: int) -> tuple[str, ...]:
    """Return names of twelve letters, wide ones."""
    return tuple("mahagonymous"[:10] + f"{k:02}" for k in range(K))


def pictures(classes: tuple[str, ...]) -> dict[str, Callable[[], Figure]]:
    """Return the pictures of models that answer at random."""
    K, rng = len(classes), np.random.default_rng(0)
    labels = rng.integers(0, K, 200).astype(np.uint8)
    images, z = Images(sample_images(200).pixels, labels), rng.standard_normal((200, K))
    ova, scored = combine([model_of(k) for k in range(K)], classes), (z, labels)
    return {
        "cost": lambda: cost_chart(cost_table(ova)),
        "accuracy": lambda: accuracy_chart(digit_table(digit_metrics(ova, scored, scored))),
        "confusion": lambda: confusion_chart(confusion_table(labels, z.argmax(axis=1), classes)),
        "reliability": lambda: reliability_chart(reliability_table(scored), K),
        "samples": lambda: samples_sheet(images, classes),
        "weights": lambda: weights_sheet(ova.weights, images.pixels, Look("pixels", (28, 28)), classes),
        "predictions": lambda: predictions_sheet(images, z, classes),
        "mistakes": lambda: mistakes_sheet(images, z, classes),
    }


def boxes(figure: Figure) -> dict[tuple[str, int], Any]:
    """Return where each text of a figure is."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return {(text.get_text(), i): text.get_window_extent(canvas.get_renderer()) for i, text in enumerate(texts)}


def overlap(a: Any, b: Any) -> float:
    """Return how many pixels two boxes share at their narrowest."""
    return min(min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0))


@pytest.mark.parametrize("picture", pictures(words(2)))
@pytest.mark.parametrize("K", MANY)
def test_names_stay_on_the_picture_and_apart(picture: str, K: int) -> None:
    for classes in (words(K), numbers(K)):
        with style.context(STYLE):
            figure = pictures(classes)[picture]()
            found = boxes(figure)
        across, up = figure.bbox.size
        outside = [text for (text, _), box in found.items() if min(box.x0, box.y0, across - box.x1, up - box.y1) < 0]
        assert outside == []
        named = [(text, box) for (text, _), box in found.items() if any(name in text for name in classes)]
        touching = [(a[0], b[0]) for a, b in itertools.combinations(named, 2) if overlap(a[1], b[1]) > 3]
        assert touching == []


@pytest.mark.parametrize("K", [*MANY, 100])
def test_the_films_bars_and_names_have_room_beside_each_other(K: int) -> None:
    classes = words(K)
    bars = bars_of(classes)
    assert max(width(name, bars.size, bold=True) for name in classes) < bars.room < bars.end
    places = [bars.place(k) for k in range(K)]
    assert len(set(places)) == K
    assert min(left for left, _ in places) == LEFT
    assert min(top for _, top in places) == TOP
    assert max(left for left, _ in places) + bars.width <= WIDTH
    assert max(top for _, top in places) + bars.height < HEIGHT
    assert all(abs(a[1] - b[1]) > bars.height for a, b in itertools.combinations(places, 2) if a[0] == b[0])


@pytest.mark.parametrize("K", MANY)
def test_films_are_drawn(K: int) -> None:
    classes, pixels = words(K), sample_images(1).pixels[0]
    wrong = Example(pixels, 0, K - 1, np.full(K, 1 / K), "training")
    assert not np.array_equal(frame(wrong, classes, ""), frame(wrong, numbers(K), ""))
    weights = np.random.default_rng(0).standard_normal((2, K, 784))
    shades = colours_of(weights, np.ones(784, bool), LEVELS)
    table = np.array([[1, 10], [0.6, 0.3], [0.2, 0.9], [0.1, 0.8]])
    last = learning_frames(table, shades, Look("pixels", (28, 28)), classes)[-1]
    seen = {tuple(colour) for colour in last[60:372, 24:644].reshape(-1, 3)}
    assert {tuple(colour) for colour in shades[1].reshape(-1, 3)} <= seen


@pytest.mark.parametrize("number", range(1, 101))
def test_a_grids_pictures_are_in_its_area_and_apart(number: int) -> None:
    grid = grid_for(number, (1700, 770), (32, 45), 28)
    corners = [grid.place(k) for k in range(number)]
    assert len(set(corners)) == number
    assert grid.side % 28 == 0
    assert grid.side + 32 <= grid.across
    assert grid.side + 45 <= grid.down
    assert all(0 <= x <= 1700 - grid.side and 0 <= y <= 770 - grid.side for x, y in corners)


def test_ten_pictures_are_as_large_as_can_be() -> None:
    assert grid_for(10, (1700, 770), (32, 45), 28).side == 308


def test_what_does_not_fit_is_smaller() -> None:
    assert fitting(["7"], 100, 10) == 10
    smaller = fitting(["pullover", "7"], 30, 10)
    assert width("pullover", smaller) <= 30 < width("pullover", smaller + 0.5)


def test_words_for_classes() -> None:
    assert [counted(number) for number in (2, 10, 12, 13, 26)] == ["two", "ten", "twelve", "13", "26"]
    assert [noun(classes) for classes in (numbers(10), numbers(11), ("3", "cat"))] == ["digit", "class", "class"]


def test_every_class_up_to_thirty_has_a_colour_of_its_own() -> None:
    assert len(set(PALETTE)) == 30
