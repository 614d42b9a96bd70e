"""Photographs on the page in Chromium: chosen, dropped or pasted, they are read as `classify` reads them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from stages.command.paths import TEST
from stages.images.form import SIDE, read_pixels
from stages.models.records import OneVsAll
from tests.helpers import run
from tests.show.driver import (
    answers,
    check_it_kept_to_itself,
    element,
    look,
    needs_chromium,
    pixels_painted,
    texts,
)
from tests.show.photo import AN_EDGE, GIVE, boxes, choose, digits_in_lines, png, said
from tests.show.pictures import clean

pytestmark = needs_chromium

CLEAN = {
    "one": clean("7", high=120),
    "two_pieces": clean("5", high=300),
    "a_row": clean("0123456789", high=80),
    "lines": clean("314", "2718", "50"),
    "blue_on_cream": clean("12", "34", high=60, pen=(20, 40, 120), paper=(250, 245, 230)),
    "light_on_dark": clean("2026", high=90, pen=(240, 240, 240), paper=(20, 20, 20)),
    "faint": clean("45", high=200, pen=(150, 150, 150), paper=(200, 200, 200)),
    "small": clean("45", high=40),
    "many": clean(*4 * ["0123456789"], high=50),
}


@pytest.fixture(scope="module", params=["shown", "shown_strokes"], ids=["pixels", "strokes"])
def place(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, pixels in CLEAN.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


def test_it_finds_the_boxes_that_classify_finds(page: Chrome, place: Path, folder: Path) -> None:
    files = [folder / f"{name}.png" for name in CLEAN]
    rows = json.loads(run(place, "python", "-m", "classify", *map(str, files), "--json"))
    for file in files:
        choose(page, file)
        expected = [row["box"] for row in rows if row["file"] == str(file)]
        assert np.shape(boxes(page)) == np.shape(expected), file
        assert np.abs(np.subtract(boxes(page), expected)).max() <= AN_EDGE, file


def test_lines_are_read_from_the_top_and_digits_from_the_left(page: Chrome, model: OneVsAll, folder: Path) -> None:
    text = choose(page, folder / "lines.png")
    assert digits_in_lines(page) == [3, 4, 2]
    seen = [
        pixels_painted(page, canvas)[..., 3] for canvas in page.find_elements("css selector", "#photo-lines canvas")
    ]
    z, p, digits = answers(model, np.array(seen).reshape(-1, SIDE * SIDE))
    none = (z < 0).all(axis=1)
    shown = "".join("?" if no else str(digit) for no, digit in zip(none, digits, strict=True))
    assert text == f"lines.png: {shown[:3]} / {shown[3:7]} / {shown[7:]}"
    words = ["not a digit?" if no else f"{100 * row.max():.1f} %" for no, row in zip(none, p, strict=True)]
    assert texts(page, "#photo-lines span:last-child") == words


def test_each_digit_is_in_the_form_that_the_model_knows(page: Chrome, folder: Path) -> None:
    choose(page, folder / "a_row.png")
    for canvas in page.find_elements("css selector", "#photo-lines canvas"):
        image = pixels_painted(page, canvas)[..., 3].astype(float)
        drawn = np.argwhere(image > 14)
        assert 19 <= (drawn.max(axis=0) - drawn.min(axis=0) + 1).max() <= 22
        middle = (np.indices(image.shape) * image).sum(axis=(1, 2)) / image.sum()
        assert middle == pytest.approx([14, 14], abs=0.2)
        assert image.max() == 255


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_what_is_dropped_or_pasted_is_read(page: Chrome, kind: str) -> None:
    name = f"{kind}ped.png"
    assert page.execute_script(GIVE, kind, name, png(CLEAN["two_pieces"])) == (kind == "paste")  # or Chromium opens it
    said(page, name)
    assert len(boxes(page)) == 1
    assert element(page, "#photo-picture").is_displayed()


def test_a_digit_that_was_found_goes_to_the_pad_by_the_keyboard(page: Chrome, folder: Path) -> None:
    choose(page, folder / "lines.png")
    button = page.find_elements("css selector", "#photo-lines button")[2]
    digit = button.find_element("css selector", "span").text
    button.send_keys(Keys.ENTER)
    assert element(page, "#answer").text == digit


def test_mnists_own_image_is_taken_as_it_is(page: Chrome, place: Path, tmp_path: Path) -> None:
    image = read_pixels(place / TEST)[7].reshape(SIDE, SIDE)
    for name, pixels in (("light.png", image), ("dark.png", 255 - image)):
        Image.fromarray(pixels).save(tmp_path / name)
        choose(page, tmp_path / name)
        (canvas,) = page.find_elements("css selector", "#photo-lines canvas")
        assert (pixels_painted(page, canvas)[..., 3] == image).all()


def test_where_each_model_says_no_it_is_perhaps_no_digit(
    page: Chrome, model: OneVsAll, place: Path, tmp_path: Path
) -> None:
    images = read_pixels(place / TEST)
    none = (answers(model, images)[0] < 0).all(axis=1)
    assert 0 < none.sum() < len(none) / 2
    for no in (True, False):
        image = images[np.flatnonzero(none == no)[0]].reshape(SIDE, SIDE)
        Image.fromarray(image).save(tmp_path / f"{no}.png")
        text = choose(page, tmp_path / f"{no}.png")
        assert text.endswith("?") == no
        element(page, "#photo-lines button").click()
        assert element(page, "#sure").text.startswith("Not a digit?") == no


def test_the_page_says_what_classify_knows_besides(page: Chrome) -> None:
    assert "python -m classify photo.jpg reads better" in element(page, "#photo").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows_with_a_photograph(page: Chrome, folder: Path, width: int, scheme: str) -> None:
    look(page, width, scheme)
    choose(page, folder / "many.png")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(boxes(page)) == 40


def test_in_all_this_nothing_was_asked_for_and_nothing_went_wrong(page: Chrome, place: Path) -> None:
    check_it_kept_to_itself(page, place / "show.html")
