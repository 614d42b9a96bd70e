"""The page in Chromium, of models of pixels and of strokes: it computes what the pipeline computes, bit for bit."""

import base64
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from stages.command.paths import TEST, TRAIN
from stages.core.examples import Examples
from stages.images.form import PIXELS, read_pixels
from stages.models.examples import read_examples
from stages.models.learning import accuracies, costs_at
from stages.models.ova import predict, scores
from stages.models.records import OneVsAll
from stages.storage.arrays import ByteArray
from tests.features.edges import edge_images
from tests.show.driver import (
    answers,
    check_it_kept_to_itself,
    draw_by,
    element,
    look,
    needs_chromium,
    number,
    pixels_painted,
    texts,
)

pytestmark = needs_chromium

CLASSIFY = """const bits = numbers => [...new BigUint64Array(Float64Array.from(numbers).buffer)].map(String);
const all = Uint8Array.from(atob(arguments[0]), character => character.charCodeAt(0));
return Array.from({length: all.length / 784}, (_, i) => {
  const {scores, probabilities, digit} = classify(all.slice(784 * i, 784 * (i + 1)));
  return [bits(scores), bits(probabilities), digit];
});"""
SEEN = "return document.getElementById('seen').toDataURL()"
WIDER = (
    "return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).length"
)


@pytest.fixture(scope="module", params=["shown", "shown_strokes"], ids=["pixels", "strokes"])
def place(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="module")
def pixels(place: Path) -> ByteArray:
    return read_pixels(place / TEST)


def start_from(page: Chrome, digit: int) -> ByteArray:
    """Put the next test image of a digit on the pad; return it, (1, 784)."""
    button = element(page, f".start:nth-of-type({digit + 1})")
    image = pixels_painted(page, button.find_element("css selector", "canvas"))[..., 3]
    button.click()
    return image.reshape(1, PIXELS)


def test_it_computes_the_same_bits(page: Chrome, model: OneVsAll, pixels: ByteArray) -> None:
    images = np.concatenate([pixels[:500], *edge_images().values()])
    found = page.execute_script(CLASSIFY, base64.b64encode(images.tobytes()).decode())
    z, p, digits = answers(model, images)
    for at, expected in enumerate((z, p)):
        bits = np.array([[int(word) for word in image[at]] for image in found], np.uint64)
        assert (bits == expected.view(np.uint64)).all()
    assert [image[2] for image in found] == digits


def test_one_starts_from_a_test_image_and_may_draw_on_it(
    page: Chrome, model: OneVsAll, pixels: ByteArray, test_set: Examples
) -> None:
    fives = pixels[test_set.labels == 5]
    for image in fives[:2]:
        assert (start_from(page, 5) == image).all()
        assert element(page, "#answer").text == str(answers(model, image[None])[2][0])
    seen = page.execute_script(SEEN)
    draw_by(page, "mouse")
    assert page.execute_script(SEEN) != seen


def test_why_adds_up_for_each_digit_that_is_chosen(page: Chrome, model: OneVsAll) -> None:
    z, _, _ = answers(model, start_from(page, 3))
    element(page, ".bar:nth-of-type(4) input").send_keys(Keys.ARROW_DOWN)
    for digit in range(4, 7):
        assert texts(page, ".why-digit") == [str(digit)] * 2
        parts = [number(page, f"#why-{part}") for part in ("yes", "no", "bias", "score")]
        assert round(sum(parts[:3]), 2) == parts[3] == round(z[0, digit], 2)
        element(page, f".bar:nth-of-type({digit + 1}) input").send_keys(Keys.ARROW_DOWN)


def test_the_slider_goes_through_the_learning(page: Chrome, model: OneVsAll, place: Path, test_set: Examples) -> None:
    shares = zip(accuracies(model, test_set), accuracies(model, read_examples(place / TRAIN)), strict=True)
    slider = element(page, "#step")
    slider.send_keys(Keys.HOME)
    for step, (test, training), costs in zip(model.kept_at, shares, costs_at(model).T, strict=True):
        assert element(page, "#iteration").text == f"iteration {step}"
        assert element(page, "#accuracy").text == f"{100 * test:.2f} %"
        assert element(page, "#training").text == f"{100 * training:.2f} %"
        assert texts(page, ".tile output") == [f"{cost:.3f}" for cost in costs]
        slider.send_keys(Keys.ARROW_RIGHT)


def test_a_cell_opens_its_images_with_their_scores(
    page: Chrome, model: OneVsAll, pixels: ByteArray, test_set: Examples
) -> None:
    z = scores(model.weights, model.bias, test_set)
    pairs = list(zip(test_set.labels.tolist(), predict(z).tolist(), strict=True))
    actual, predicted = next(pair for pair in pairs if pair[0] != pair[1])
    rows = [row for row, pair in enumerate(pairs) if pair == (actual, predicted)]
    cell = page.find_elements("css selector", ".cell")[10 * actual + predicted]
    assert cell.text == str(len(rows))
    cell.click()
    images = page.find_elements("css selector", "#behind li button")
    shown = sorted(image.text.replace("\N{MINUS SIGN}", "-") for image in images)
    assert shown == sorted(f"{actual} {z[row, actual]:+.2f}\n{predicted} {z[row, predicted]:+.2f}" for row in rows)
    image = pixels_painted(page, images[0].find_element("css selector", "canvas"))[..., 3]
    assert (pixels[rows] == image.ravel()).all(axis=1).any()
    images[0].click()
    assert element(page, "#answer").text == str(predicted)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows(page: Chrome, width: int, scheme: str) -> None:
    draw_by(page, "mouse")
    assert element(page, "#answer").text == "3"
    look(page, width, scheme)
    assert page.execute_script(WIDER) == 0
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    paper = page.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (int(paper[4:].split(",")[0]) > 128) == (scheme == "light")


def test_in_all_this_nothing_was_asked_for_and_nothing_went_wrong(page: Chrome, place: Path) -> None:
    check_it_kept_to_itself(page, place / "show.html")
