"""An unknown digit is a ?, an unsure answer is marked, and a page that lies on its side is turned."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from classify.answers import STRANGE, Answer, Found, answers_of, like_none
from classify.pages import Page, read_page
from classify.pictures import Picture
from classify.words import UNSURE, as_digits, as_numbers, as_rows, printable
from stages.core.logistic import sigmoid
from tests.classify.pictures import drawn, model
from tests.classify.test_answers import scores_of


def picture(pixels: Any) -> Picture:
    image = np.clip(pixels, 0, 255).astype(np.uint8)
    image = image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)
    return Picture(image, 1, (image.shape[1], image.shape[0]))


def scribble(seed: int) -> Any:
    """Return a curve through many random points, dark on light."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(30, 170, (11, 2))
    steps = np.linspace(0, len(points) - 1, 400)
    rough = [np.interp(steps, range(len(points)), points[:, axis]) for axis in (0, 1)]
    curve = np.stack([np.convolve(line, np.ones(25) / 25, "valid") for line in rough], axis=1)
    image = np.full((200, 200), 240, np.uint8)
    return cv2.polylines(image, [np.rint(curve).astype(np.int32)], False, 30, 5, cv2.LINE_AA)


SCRIBBLES = [answer for seed in range(40) for answer in answers_of(picture(scribble(seed)), model())]


def test_what_is_like_none_is_not_known_and_its_probabilities_stay() -> None:
    z = scores_of(np.stack([answer.found.pixels for answer in SCRIBBLES]))
    says_no = (sigmoid(z) < 0.5).all(axis=1)
    assert 0.2 < says_no.mean() < 1
    assert [answer.digit is None for answer in SCRIBBLES] == says_no.tolist()
    assert [answer.alien for answer in SCRIBBLES] == says_no.tolist()
    for answer in SCRIBBLES:
        assert answer.probabilities.sum() == pytest.approx(1)
        assert answer.likeliest == answer.probabilities.argmax()


def test_a_model_that_has_learnt_little_refuses_little() -> None:
    z = scores_of(np.stack([answer.found.pixels for answer in SCRIBBLES]))
    says_no, costs = z.max(axis=1) < 0, -np.log(1 - sigmoid(z)).sum(axis=1) - z.max(axis=1)
    usual = np.quantile(costs[says_no], 0.513) / STRANGE  # between two of them
    weak = model()._replace(costs=np.full((10, 1), usual / 10))
    assert like_none(z, weak).tolist() == (says_no & (costs > STRANGE * usual)).tolist()
    assert 0 < like_none(z, weak).sum() < like_none(z, model()).sum()


def test_digits_are_mostly_known() -> None:
    found = answers_of(picture(np.asarray(drawn("20261", "34589"))), model())
    assert sum(answer.digit is not None for answer in found) >= 9


@pytest.mark.parametrize("sure", [0.0, 0.5, 0.9, 1.0])
def test_below_so_sure_nothing_is_answered(sure: float) -> None:
    shown = picture(np.asarray(drawn("20261", "34589")))
    for answer in answers_of(shown, model(), sure):
        assert (answer.digit is None) == (answer.alien or answer.probabilities.max() < sure)


def answer(digit: int | None, sure: float, line: int = 1, place: int = 1, alien: bool = False) -> Answer:
    p = np.full(10, (1 - sure) / 20)
    p[4], p[9] = sure, (1 - sure) * 0.6
    return Answer(Found(line, place, (1, 2, 3, 4), np.zeros(784, np.uint8)), digit, 4, alien, p)


def page(*answers: Answer, turns: int = 0) -> Page:
    return Page(picture(np.zeros((9, 9))), list(answers), turns)


PATH = Path("photo.jpg")


def test_each_line_is_a_number() -> None:
    lines = as_numbers(PATH, page(answer(4, 0.9), answer(4, 0.8, place=2), answer(4, 0.99, line=2)))
    assert lines == ["photo.jpg: line 1: 44  sure 0.72", "photo.jpg: line 2: 4  sure 0.99"]


def test_who_doubts_says_of_what() -> None:
    doubtful = page(answer(4, 0.6), answer(None, 0.8, place=2, alien=True), answer(None, 0.75, place=3))
    (line,) = as_numbers(PATH, doubtful)
    assert line.startswith("photo.jpg: line 1: 4??  sure 0.36, digit 1 is 4 or 9, digit 2 looks like no digit, ")
    assert line.endswith("digit 3 is 4 or 9")
    marks = [line.partition(" %)")[2] for line in as_digits(PATH, doubtful)]
    assert marks == [", unsure", ", like no digit", ""]
    assert [row["digit"] for row in as_rows(PATH, doubtful)] == [4, None, None]


def test_who_is_sure_marks_nothing() -> None:
    assert "unsure" not in as_digits(PATH, page(answer(4, UNSURE)))[0]
    assert "digit" not in as_numbers(PATH, page(answer(4, UNSURE)))[0]


LINES = np.asarray(drawn("20261", "34589", noise=2))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_is_turned_and_says_so(turns: int) -> None:
    upright = read_page(picture(LINES), model())
    lying = read_page(picture(np.rot90(LINES, -turns)), model())
    assert lying.turns == turns
    assert [one.likeliest for one in lying.answers] == [one.likeliest for one in upright.answers]
    assert as_numbers(PATH, lying)[0].endswith(("to the left)", "upside down)", "to the right)"))
    height, width = lying.picture.pixels.shape[:2]
    for one, other in zip(upright.answers, lying.answers, strict=True):
        left, top, w, h = other.found.box
        mask = np.zeros((height, width), bool)
        mask[top : top + h, left : left + w] = True
        back = np.argwhere(np.rot90(mask, turns))
        x, y, wide, high = one.found.box
        assert np.abs(back.min(axis=0) - [y, x]).max() <= 3
        assert np.abs(np.ptp(back, axis=0) + 1 - [high, wide]).max() <= 3


def test_an_upright_page_stays() -> None:
    assert read_page(picture(LINES), model()).turns == 0
    assert "turned" not in as_numbers(PATH, read_page(picture(LINES), model()))[0]


@pytest.mark.parametrize("digits", ["1", "6", "609"])
def test_few_digits_are_never_turned(digits: str) -> None:
    pixels = np.rot90(np.asarray(drawn(digits)))
    assert read_page(picture(pixels), model()).turns == 0


def test_names_are_printed_so_that_any_terminal_can_show_them() -> None:
    assert printable(Path("a\nb\x1b[2J.png")) == "a\\nb\\x1b[2J.png"
    assert printable(Path("caf\udce9.png")) == "caf\\xe9.png"
    assert printable(Path("süß.png")) == "süß.png"
