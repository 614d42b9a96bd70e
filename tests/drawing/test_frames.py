"""The video's frames: percentages, the digit's pixels, right and wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.drawing.frames import GREEN, PALETTE, RED, Example, frame, percentages
from stages.models.records import numbers
from tests.helpers import sample_images

TEN = numbers(10)


def example(predicted: int, label: int = 4) -> Example:
    pixels = sample_images(1).pixels[0]
    return Example(pixels, label, predicted, np.eye(10)[predicted], "test")


@given(st.lists(st.floats(0, 1), min_size=10, max_size=10).filter(lambda shares: sum(shares) > 0))
def test_percentages_add_up_to_100(shares: list[float]) -> None:
    p = np.array(shares) / sum(shares)
    tenths = np.rint(10 * percentages(p)).astype(int)
    assert tenths.sum() == 1000
    assert np.abs(tenths / 1000 - p).max() <= 0.001 + 1e-12


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ([0.3334, 0.3339, 0.3327], [33.3, 33.4, 33.3]),
        ([0.3338, 0.3329, 0.3333], [33.4, 33.3, 33.3]),
        ([0.99999, 0.00001, 0], [100, 0, 0]),
        ([1 / 3, 1 / 3, 1 / 3], [33.4, 33.3, 33.3]),
    ],
)
def test_the_tenths_that_are_missing_go_to_those_that_lost_most(shares: list[float], shown: list[float]) -> None:
    """Of those that lost the same, to the first."""
    assert percentages(np.array(shares + [0.0] * 7)).tolist() == shown + [0.0] * 7


def test_the_digit_is_drawn_with_its_own_pixels() -> None:
    picture, pixels = frame(example(4), TEN, ""), example(4).pixels.reshape(28, 28)
    assert picture.shape == (720, 1280, 3)
    assert np.array_equal(picture[9:720:26, 9:720:26, 0], pixels)


@pytest.mark.parametrize(("predicted", "there", "absent"), [(4, GREEN, RED), (5, RED, GREEN)])
def test_right_and_wrong_have_their_colours(
    predicted: int, there: tuple[int, int, int], absent: tuple[int, int, int]
) -> None:
    panel = frame(example(predicted), TEN, "")[:, 720:].reshape(-1, 3)
    assert (panel == there).all(axis=1).any()
    assert not (panel == absent).all(axis=1).any()


def test_the_gifs_palette_is_small_and_has_no_colour_twice() -> None:
    assert len(set(PALETTE)) == len(PALETTE) <= 32


def test_the_longest_texts_have_room() -> None:
    longest = example(4)._replace(part="training", label=4)
    note = "random images: 5000 of the training set, 5001 of the test set"
    assert frame(longest, TEN, note).shape == frame(longest._replace(predicted=0), TEN, note).shape == (720, 1280, 3)
