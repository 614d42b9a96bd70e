"""Weights as pictures: a stroke where its place and its direction say, in its colour."""

import numpy as np
import pytest

from stages.drawing.pictures import Look
from stages.drawing.strokes import strokes_picture

WHITE, DARK, PALE = (255, 255, 255), (0, 0, 9), (200, 200, 209)


def drawn(**strokes: tuple[int, int, int]) -> np.ndarray:
    """Return the picture of a few directions in the place in row 2 and column 4, the others white."""
    colours = np.full((7, 7, 8, 3), 255, np.uint8)
    for name, colour in strokes.items():
        colours[2, 4, int(name[1:])] = colour
    return strokes_picture(colours.reshape(-1, 3), 308)


@pytest.mark.parametrize(("direction", "upright", "before"), [(0, True, True), (4, True, False), (2, False, True)])
def test_a_stroke_lies_in_its_place_beside_its_middle(direction: int, upright: bool, before: bool) -> None:
    rows, columns = np.nonzero((drawn(**{f"d{direction}": DARK}) != WHITE).any(axis=2))
    assert 2 * 44 <= rows.min() <= rows.max() < 3 * 44
    assert 4 * 44 <= columns.min() <= columns.max() < 5 * 44
    assert (np.ptp(rows) > np.ptp(columns)) == upright
    across, middle = (columns, 4.5 * 44) if upright else (rows, 2.5 * 44)
    assert (across.max() < middle) == before


def test_the_stronger_of_two_that_cross_is_on_top() -> None:
    one, both = drawn(d1=DARK), drawn(d1=DARK, d2=PALE)
    assert np.array_equal((one == DARK).all(axis=2), (both == DARK).all(axis=2))
    assert (both == PALE).all(axis=2).any()


def test_a_pixel_is_a_square() -> None:
    colours = np.arange(784 * 3, dtype=np.uint8).reshape(784, 3)
    assert np.array_equal(Look("pixels", (28, 28)).picture(colours, 56)[::2, 1::2].reshape(784, 3), colours)
