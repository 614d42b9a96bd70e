"""Digits are found on everyday paper: ruled, squared, boxed, dotted, unevenly lit, or small on a table."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from classify.answers import Answer, answers_of
from classify.pictures import Picture
from tests.classify.pictures import digit_image, drawn, ink_of, model

ROW = "20261"
SHEET = np.asarray(drawn(ROW, noise=3))
HEIGHT, WIDTH = SHEET.shape[:2]
Y, X = np.mgrid[:HEIGHT, :WIDTH]


def answers(pixels: Any) -> list[Answer]:
    image = np.clip(pixels, 0, 255).astype(np.uint8)
    image = image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)
    return answers_of(Picture(image, 1, (image.shape[1], image.shape[0])), model())


def read(pixels: Any) -> str:
    return "".join(str(answer.likeliest) for answer in answers(pixels))


def with_ink(where: Any, level: int = 60) -> Any:
    """Return the sheet with something dark on it."""
    return np.where(where[:, :, None], np.minimum(SHEET, level), SHEET)


def rows_of_boxes(apart: int) -> Any:
    """Return the sheet with a box around each digit, some pixels apart."""
    pixels = SHEET.copy()
    for i in range(len(ROW)):
        left, right = 40 + 140 * i + apart // 2, 40 + 140 * (i + 1) - apart // 2
        cv2.rectangle(pixels, (left, 35), (right, HEIGHT - 35), (70, 70, 70), 3)
    return pixels


def page_edge() -> Any:
    """Return the sheet, a little slanted, on a dark table that shows at its left."""
    return with_ink(X - 0.05 * Y < 22, 40)


PAPERS: dict[str, Callable[[], Any]] = {
    "rules that fall": lambda: with_ink(((Y + 0.03 * X) % 95 < 3), 130),
    "a rule through their feet": lambda: with_ink(np.abs(Y - 155 - 0.02 * X) < 2),
    "a broken rule": lambda: with_ink((np.abs(Y - 170 - 0.02 * X) < 2) & (X % 150 > 30)),
    "squares": lambda: with_ink((X % 45 < 2) | (Y % 45 < 2), 150),
    "boxes in a row": lambda: rows_of_boxes(0),
    "a box each": lambda: rows_of_boxes(14),
    "dots": lambda: with_ink((X % 30 < 3) & (Y % 30 < 3), 110),
    "a dark corner": lambda: with_ink(X + Y < 38, 30),
    "the edge of a book": page_edge,
    "a phone at the border": lambda: with_ink((X > WIDTH - 45) & (Y < 60), 20),
    "a shadow": lambda: SHEET * (1 - 0.5 / (1 + np.exp(-(X - WIDTH / 2 + 0.4 * Y) / 4)))[:, :, None],
    "light from the middle": lambda: (
        SHEET * (1 - 0.7 * (((X / WIDTH - 0.5) ** 2 + (Y / HEIGHT - 0.5) ** 2) / 0.5))[:, :, None]
    ),
}


@pytest.mark.parametrize("kind", PAPERS)
def test_the_digits_on_a_paper_are_found_and_nothing_else_is(kind: str) -> None:
    found = answers(PAPERS[kind]())
    assert len(found) == len(ROW)
    right = sum(str(answer.likeliest) == digit for answer, digit in zip(found, ROW, strict=True))
    assert right >= len(ROW) - 1


def test_faint_pencil_beside_a_marker_is_whole() -> None:
    marker, pencil = ink_of("202"), ink_of("618")
    grain = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 1, pencil.shape), (0, 0), 1.5)
    pencil = pencil * np.clip(0.9 + 0.8 * grain, 0.35, 1)
    pixels = 230 - np.vstack([200 * marker, 55 * pencil]) + np.random.default_rng(1).normal(0, 2, (2 * len(marker), 1))
    assert read(pixels) == "202618"


def test_a_stroke_with_a_gap_is_one_digit() -> None:
    pixels = np.asarray(drawn("2")).astype(float)
    pixels[108:111] = 235
    assert read(pixels) == "2"


def test_a_row_of_digits_that_touch_is_cut_where_each_ends() -> None:
    zero = digit_image(0)
    ink = zero[:, np.flatnonzero(zero.any(axis=0))]
    row = np.hstack([ink, *[ink[:, 1:]] * 2])
    large = cv2.resize(np.pad(row, 8), None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    assert read(255 - large) == "000"


@pytest.mark.parametrize("margin", [0, 3, 20])
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("digit", [0, 3, 6, 8])
def test_a_digit_that_fills_its_picture_is_one(digit: int, dark: bool, margin: int) -> None:
    ink = cv2.resize(digit_image(digit), None, fx=12, fy=12, interpolation=cv2.INTER_CUBIC)
    left, top, width, height = cv2.boundingRect((ink > 100).astype(np.uint8))
    pixels = np.pad(ink[top : top + height, left : left + width], margin)
    assert read(255 - pixels if dark else pixels) == str(digit)


def test_a_two_with_a_long_foot_is_not_cut() -> None:
    pixels = np.full((300, 520), 250, np.uint8)
    cv2.ellipse(pixels, (160, 110), (70, 60), 0, 170, 400, 20, 12)
    cv2.line(pixels, (214, 150), (90, 250), 20, 12)
    cv2.line(pixels, (90, 250), (440, 252), 20, 12)
    assert read(pixels) == "2"


@pytest.mark.parametrize("places", [[(60, 40, 60, 260)], [(60, 40, 60, 260), (20, 260, 100, 260), (60, 40, 25, 85)]])
def test_a_one_is_no_rule(places: list[tuple[int, int, int, int]]) -> None:
    pixels = np.full((300, 120), 245, np.uint8)
    for left, top, right, bottom in places:
        cv2.line(pixels, (left, top), (right, bottom), 30, 10)
    assert read(pixels) == "1"


@pytest.mark.parametrize("place", [(1, 1), (10, 9), (4, 14)])
@pytest.mark.parametrize("size", [11, 14, 25])
def test_small_pictures_of_ones_own_are_brought_into_form(size: int, place: tuple[int, int]) -> None:
    pixels = np.full((28, 28), 255, np.uint8)
    top, left = (min(at, 28 - size) for at in place)
    small = cv2.resize(digit_image(4)[4:24, 4:24], (size, size), interpolation=cv2.INTER_AREA)
    pixels[top : top + size, left : left + size] = 255 - np.clip(small * 1.6, 0, 255)
    (answer,) = answers(pixels)
    assert answer.likeliest == 4
    ink = answer.found.pixels.reshape(28, 28) > 60
    assert abs(max(np.ptp(np.flatnonzero(ink.any(axis=1))), np.ptp(np.flatnonzero(ink.any(axis=0)))) - 19) <= 2


def test_two_digits_in_28x28_are_two() -> None:
    pair = np.hstack([cv2.resize(digit_image(d)[3:25, 5:23], (13, 22), interpolation=cv2.INTER_AREA) for d in (3, 2)])
    pixels = np.zeros((28, 28), np.uint8)
    pixels[3:25, 1:27] = pair
    assert len(answers(pixels)) == 2


def test_thick_blurred_digits_keep_their_loops() -> None:
    ink = cv2.dilate(cv2.GaussianBlur(ink_of("0689"), (0, 0), 6), np.ones((9, 9), np.uint8))
    assert read(255 - 230 * np.clip(ink * 1.2, 0, 1)) == "0689"


def test_boxes_that_are_not_straight_are_not_looked_for_in_a_picture_of_one_digit() -> None:
    for digit in "0145789":
        pixels = np.asarray(Image.fromarray(255 - digit_image(int(digit))).resize((300, 300), Image.Resampling.BICUBIC))
        assert len(answers(pixels)) == 1
