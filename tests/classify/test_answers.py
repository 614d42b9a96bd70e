"""Digits are found and read, whatever pen and paper they are drawn with."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from classify.answers import Answer, answers_of
from classify.pages import classify
from classify.pictures import Picture
from stages.core.examples import normalise
from stages.features.kinds import FEATURES
from stages.models.ova import predict, probabilities, scores
from stages.storage.errors import DamagedError
from tests.classify.pictures import BLACK, WHITE, digit_image, drawn, ink_of, model, slope


def answers(image: Image.Image) -> list[Answer]:
    pixels = np.asarray(image.convert("RGB"))
    return answers_of(Picture(pixels, 1, image.size), model())


def layout(found: list[Answer]) -> list[int]:
    """Return the number of digits in each line."""
    lines = [answer.found.line for answer in found]
    return [lines.count(line) for line in sorted(set(lines))]


def as_the_pipeline_has_them(digits: str) -> Any:
    """Return the model's answers to the sample's own images."""
    return predict(scores_of(np.stack([digit_image(int(digit)).ravel() for digit in digits])))


def scores_of(pixels: Any) -> Any:
    """Return the model's scores of images."""
    strokes = FEATURES["strokes"](pixels)
    return scores(model().weights, model().bias, normalise(strokes, np.zeros(len(pixels), np.uint8)))


@pytest.mark.parametrize(
    "options",
    [
        {"pen": BLACK, "paper": WHITE},
        {"pen": WHITE, "paper": BLACK},
        {"pen": (220, 30, 40), "paper": (240, 240, 235)},
        {"pen": (240, 225, 60), "paper": (40, 60, 160)},
        {"pen": (200, 60, 60), "paper": (90, 140, 60)},
        {"light": slope("20261"), "noise": 6},
        {"pen": (165, 165, 165), "paper": (215, 215, 215), "noise": 4},
    ],
    ids=["dark", "light", "red", "yellow on blue", "as bright", "uneven light", "pencil"],
)
def test_a_row_is_read_as_the_images_that_it_is_drawn_from(options: dict[str, Any]) -> None:
    found = answers(drawn("20261", **options))
    assert layout(found) == [5]
    assert [answer.digit for answer in found] == list(as_the_pipeline_has_them("20261"))


def test_what_the_model_sees_is_close_to_the_image_that_was_drawn() -> None:
    for answer, digit in zip(answers(drawn("20261")), "20261", strict=True):
        drawn_from = digit_image(int(digit)).ravel()
        assert np.corrcoef(answer.found.pixels, drawn_from)[0, 1] > 0.85  # wide strokes are thinned


def test_lines_come_from_the_top_and_digits_from_the_left() -> None:
    found = answers(drawn("314", "15", "926"))
    assert layout(found) == [3, 2, 3]
    assert [(a.found.line, a.found.place) for a in found[:4]] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    lefts = [answer.found.box[0] for answer in found[:3]]
    assert lefts == sorted(lefts)


def test_a_tilted_row_is_one_line() -> None:
    tilted = drawn("20261").rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)
    assert layout(answers(tilted)) == [5]


def test_the_lines_of_ruled_paper_are_no_digits() -> None:
    pixels = np.array(drawn("20261", "20261"))
    pixels[20::70] = pixels[21::70] = (90, 90, 130)
    assert layout(answers(Image.fromarray(pixels))) == [5, 5]


def test_specks_are_no_digits() -> None:
    pixels = np.array(drawn("20261"))
    rng = np.random.default_rng(0)
    pixels[rng.integers(len(pixels), size=100), rng.integers(pixels.shape[1], size=100)] = 0
    assert layout(answers(Image.fromarray(pixels))) == [5]


def test_a_digit_in_two_pieces_is_one() -> None:
    pixels = np.array(drawn("202"))
    pixels[105:110, 180:320] = WHITE  # through the middle of the second
    assert layout(answers(Image.fromarray(pixels))) == [3]


def pushed_together(pair: str, further: int = 0, alone: bool = False) -> Image.Image:
    """Return two digits, pushed together until they touch and some pixels further, with a 3 after them or none."""
    one, other = (trimmed(ink_of(digit)) for digit in pair)
    overlap = next(n for n in range(other.shape[1]) if is_one_piece(overlapping(one, other, n)))
    ink = np.hstack([overlapping(one, other, overlap + further), *([] if alone else [ink_of("3")])])
    return Image.fromarray(np.rint(255 * (1 - np.pad(ink.clip(0, 1), 40))).astype(np.uint8))


def overlapping(one: Any, other: Any, columns: int) -> Any:
    """Return the ink of two digits that overlap by some columns."""
    ink = np.zeros((len(one), one.shape[1] + other.shape[1] - columns))
    ink[:, : one.shape[1]] = one
    ink[:, -other.shape[1] :] = np.maximum(ink[:, -other.shape[1] :], other)
    return ink


def is_one_piece(ink: Any) -> bool:
    return cv2.connectedComponents((ink > 0.5).astype(np.uint8))[0] == 2  # the paper, and one piece of ink


def trimmed(ink: Any) -> Any:
    """Return ink without empty columns at its left and right."""
    columns = np.flatnonzero((ink > 0.5).any(axis=0))
    return ink[:, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("pair", ["00", "26", "31", "44", "60"])
def test_digits_that_touch_are_cut_and_read_as_if_they_did_not(pair: str) -> None:
    found = answers(pushed_together(pair, further=4))
    assert layout(found) == [3]
    assert [answer.digit for answer in found] == [answer.digit for answer in answers(drawn(f"{pair}3"))]


def test_digits_that_share_more_than_a_stroke_are_taken_for_one() -> None:
    assert layout(answers(pushed_together("60", further=20))) == [2]


def test_two_narrow_digits_that_touch_and_stand_alone_are_taken_for_one() -> None:
    assert layout(answers(pushed_together("60", alone=True))) == [1]


def test_a_digit_wider_than_high_is_not_cut() -> None:
    (answer,) = answers(drawn("2").resize((230, 180)))
    _, _, width, height = answer.found.box
    assert width > 1.3 * height


def test_a_picture_of_28x28_is_taken_as_it_is() -> None:
    for image in (digit_image(7), 255 - digit_image(7)):
        (answer,) = answers(Image.fromarray(image))
        assert np.array_equal(answer.found.pixels, digit_image(7).ravel())
        assert np.array_equal(answer.probabilities, probabilities(scores_of(digit_image(7).reshape(1, -1)))[0])


def test_a_tiny_row_is_enlarged_and_its_boxes_are_in_its_own_pixels() -> None:
    row = np.hstack([digit_image(digit) for digit in (2, 0, 2, 6)])
    found = answers(Image.fromarray(row))
    assert layout(found) == [4]
    for i, answer in enumerate(found):
        left, top, width, height = answer.found.box
        assert 28 * i <= left < left + width <= 28 * (i + 1)
        assert 0 <= top < top + height <= 28


def test_a_box_holds_its_digit_and_no_more() -> None:
    (answer,) = answers(drawn("0"))
    left, top, width, height = answer.found.box
    expected = cv2.boundingRect((ink_of("0") > 0.5).astype(np.uint8))
    assert np.abs(np.subtract(answer.found.box, expected)).max() <= 3
    assert max(width, height) == pytest.approx(100, abs=4)
    assert left > 40
    assert top > 40


@pytest.mark.parametrize("noise", [0, 8])
def test_paper_without_ink_is_said_to_have_none(noise: float) -> None:
    rng = np.random.default_rng(0)
    light = np.linspace(240, 140, 400)[None, :].repeat(300, axis=0)
    paper = Image.fromarray(np.rint(light + rng.normal(0, noise, light.shape)).clip(0, 255).astype(np.uint8))
    with pytest.raises(DamagedError, match="found no ink"):
        answers(paper)


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (28, 28)])
def test_a_picture_of_one_colour_has_no_ink(size: tuple[int, int]) -> None:
    with pytest.raises(DamagedError, match="found no ink"):
        answers(Image.new("RGB", size, "white"))


def test_two_hundred_digits_are_read_and_more_are_not(tmp_path: Path) -> None:
    def sheet(rows: int) -> Image.Image:
        return Image.fromarray(255 - np.tile(digit_image(3), (rows, 20)))

    assert layout(answers(sheet(10))) == [20] * 10
    sheet(15).save(tmp_path / "page.png")
    with pytest.raises(DamagedError, match=r"page\.png: found 300 digits, expected 200 at most"):
        classify(tmp_path / "page.png", model())
