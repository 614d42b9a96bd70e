"""The page of a model of strokes in Chromium: every picture shows each stroke in its place and its colour."""

from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.remote.webelement import WebElement

from stages.command.paths import TEST
from stages.core.examples import Examples
from stages.drawing.strokes import AWAY, GROWS
from stages.drawing.weights import NO, YES
from stages.features.directions import DIRECTIONS, PLACES
from stages.features.upright import upright
from stages.images.form import read_pixels
from stages.models.records import OneVsAll
from stages.storage.arrays import Array, FloatArray
from tests.show.driver import element, needs_chromium, pixels_painted

pytestmark = needs_chromium

INK, CARD = (28, 30, 33), (255, 255, 255)
COLOURS = """const [canvas, points] = arguments, context = canvas.getContext("2d");
return points.map(([x, y]) => [...context.getImageData(x * canvas.width, y * canvas.width, 1, 1).data]);"""


@pytest.fixture(scope="module")
def place(shown_strokes: Path) -> Path:
    return shown_strokes


def strongest(values: Array) -> tuple[Array, Array]:
    """Return the largest value of each place, (49,), and where the middle of its stroke is, (49, 2), from 0 to 1."""
    by_place = np.asarray(values, float).reshape(-1, DIRECTIONS)
    direction = np.abs(by_place).argmax(axis=1)
    corner = np.indices((PLACES, PLACES)).reshape(2, -1).T[:, ::-1]
    middle = (corner + 0.5 - 0.5 * AWAY * np.array(GROWS)[direction]) / PLACES
    return by_place[np.arange(len(by_place)), direction], middle


def mixed(colour: tuple[int, int, int], share: float) -> FloatArray:
    """Return the mixture of a colour and the page's paper at an opacity."""
    cover = np.floor(255 * share + 0.5) / 255
    return np.array([*(CARD + cover * (np.array(colour) - CARD)), 255])


def painted(page: Chrome, canvas: WebElement, middle: Array) -> Array:
    return np.array(page.execute_script(COLOURS, canvas, middle.tolist()))


def test_what_the_model_sees_is_its_strokes_as_ink(page: Chrome, test_set: Examples) -> None:
    element(page, ".start:nth-of-type(8)").click()
    seen, middle = strongest(test_set.X[np.flatnonzero(test_set.labels == 7)[0]])
    colours = painted(page, element(page, "#seen"), middle)
    assert (colours[seen == 0] == 0).all()
    expected = np.array([mixed(INK, value / 255) for value in seen[seen > 0]])
    assert np.abs(colours[seen > 0] - expected).max() <= 1


def test_beside_it_the_drawing_is_set_upright(page: Chrome, place: Path, test_set: Examples) -> None:
    element(page, ".start:nth-of-type(3)").click()
    image = read_pixels(place / TEST)[[np.flatnonzero(test_set.labels == 2)[0]]]
    shown = pixels_painted(page, element(page, "#upright"))[..., 3]
    assert (shown.ravel() == upright(image)[0]).all()
    assert (shown.ravel() != image[0]).any()


def test_weights_are_strokes_blue_for_yes_and_red_for_no(page: Chrome, model: OneVsAll) -> None:
    weights = model.weights.astype(np.float32).T
    for digit, canvas in enumerate(page.find_elements("css selector", ".tile canvas")):
        values, middle = strongest(weights[digit])
        colours = painted(page, canvas, middle)
        shares = values / np.abs(weights).max()
        expected = np.array([mixed(YES if share > 0 else NO, abs(share)) for share in shares])
        assert np.abs(colours - expected)[np.abs(shares) > 0.01].max() <= 1


def test_why_is_strokes_under_the_outline_of_the_drawing(page: Chrome, model: OneVsAll, test_set: Examples) -> None:
    element(page, ".start:nth-of-type(2)").click()
    row = np.flatnonzero(test_set.labels == 1)[0]
    digit = int(element(page, "#answer").text)
    shares = model.weights[:, digit] * (test_set.X[row] - test_set.mean[row])
    values, middle = strongest(shares / np.abs(shares).max())
    colours = painted(page, element(page, "#why"), middle)
    expected = np.array([mixed(YES if share > 0 else NO, abs(share)) for share in values])
    right, outline = np.abs(colours - expected).max(axis=1) <= 1, (colours == [*INK, 255]).all(axis=1)
    assert (right | outline)[np.abs(values) > 0.01].all()
    assert right.sum() > outline.sum()


def test_its_words_speak_of_strokes(page: Chrome) -> None:
    assert "Blue: a stroke here says yes." in element(page, "#learn").text
    assert element(page, "#why").get_attribute("aria-label").startswith("Each stroke's share")
    assert element(page, "#seen").get_attribute("aria-label") == "What the model sees, strokes in 7 by 7 places"
    assert "pixel's share" not in element(page, "#draw").get_attribute("textContent")


def test_its_page_is_small(place: Path) -> None:
    assert (place / "show.html").stat().st_size < 4_000_000
