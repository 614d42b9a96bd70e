"""Odd photographs on the page in Chromium: turned, in shadow, huge, broken, or no picture at all."""

import base64
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.show.driver import check_it_kept_to_itself, element, needs_chromium
from tests.show.photo import AN_EDGE, GIVE, boxes, choose, digits_in_lines, png, said
from tests.show.pictures import clean

pytestmark = needs_chromium

ONE, FIVE, LINES = clean("7", high=120), clean("5", high=300), clean("314", "2718", "50")


def test_a_photograph_on_its_side_is_read_upright(page: Chrome, tmp_path: Path) -> None:
    image, exif = Image.fromarray(FIVE), Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    image.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    choose(page, tmp_path / "turned.jpg")
    upright = boxes(page)
    page.execute_script(GIVE, "paste", "upright.png", png(FIVE))
    said(page, "upright.png")
    assert np.abs(np.subtract(upright, boxes(page))).max() <= AN_EDGE


def test_a_shadow_over_half_of_the_paper_is_no_ink(page: Chrome, tmp_path: Path) -> None:
    light = np.linspace(1, 0.6, LINES.shape[1])[None, :, None]
    Image.fromarray(np.rint(LINES * light).astype(np.uint8)).save(tmp_path / "shadow.jpg", quality=90)
    choose(page, tmp_path / "shadow.jpg")
    assert digits_in_lines(page) == [3, 4, 2]


def test_a_huge_photograph_is_read_and_a_larger_one_refused(page: Chrome, tmp_path: Path) -> None:
    for name, size in (("huge.png", (9000, 12000)), ("larger.png", (11000, 12000))):
        paper = Image.new("L", size, 250)
        paper.paste(Image.fromarray(ONE[..., 0]).resize((1000, 1200)), (4000, 4000))
        paper.save(tmp_path / name)
    choose(page, tmp_path / "huge.png")
    ((left, top, _, height),) = boxes(page)
    assert 4000 < left < 5000
    assert 4000 < top < 5200
    assert 400 < height < 1000
    assert "132 megapixels, expected 120 at most" in choose(page, tmp_path / "larger.png")
    assert not element(page, "#photo-found").is_displayed()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "This browser cannot read odd.png as a picture"),
        (b"", "This browser cannot read odd.png as a picture"),
        (base64.b64decode(png(np.full((300, 200, 3), 240, np.uint8))), "Found no ink"),
        (base64.b64decode(png(ONE))[:-200], ""),
        (base64.b64decode(png(np.full((1, 1, 3), 9, np.uint8))), "Found no ink"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', ""),
    ],
    ids=["text", "empty", "blank", "half", "a_pixel", "svg"],
)
def test_what_cannot_be_read_is_said_so(page: Chrome, tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "odd.png").write_bytes(content)
    assert words in choose(page, tmp_path / "odd.png")


def test_far_more_pieces_than_digits_are_refused(page: Chrome, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 2, (200, 300), np.uint8).repeat(6, axis=0).repeat(6, axis=1)
    Image.fromarray(np.where(noise * (np.indices(noise.shape).sum(axis=0) % 12 < 5), 0, 255).astype(np.uint8)).save(
        tmp_path / "noise.png"
    )
    element(page, "#photo-file").send_keys(str(tmp_path / "noise.png"))
    assert "pieces of ink, expected 200 at most" in said(page, "pieces")


def test_in_all_this_nothing_was_asked_for_and_nothing_went_wrong(page: Chrome, place: Path) -> None:
    check_it_kept_to_itself(page, place / "show.html")
