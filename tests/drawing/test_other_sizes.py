"""Images of any size and columns of numbers: where an image lies in its square, and what is drawn of columns."""

import numpy as np
import pytest

from stages.drawing.columns import columns_sheet, note_frame
from stages.drawing.pictures import Look, fitted
from stages.drawing.style import DPI


@pytest.mark.parametrize(("height", "width"), [(1, 1), (16, 16), (20, 12), (12, 20), (3, 200), (300, 7)])
def test_an_image_is_in_the_middle_of_its_square_and_keeps_its_ratio(height: int, width: int) -> None:
    picture = fitted(np.full((height, width), 9, np.uint8), 140, 0)
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    expected = [max(1, 140 * side // max(height, width)) for side in (height, width)]
    assert [len(rows), len(columns)] == expected
    assert abs(rows[0] + rows[-1] - 139) <= 1
    assert abs(columns[0] + columns[-1] - 139) <= 1


def test_pixels_stay_in_their_order() -> None:
    image = np.arange(60, dtype=np.uint8).reshape(10, 6)
    assert np.array_equal(fitted(image, 100, 0)[5::10, 20:80][:, 5::10], image)


def test_a_column_is_a_stripe_and_the_first_on_top() -> None:
    colours = np.arange(12, dtype=np.uint8).reshape(4, 3)
    picture = Look("columns", (4, 1)).picture(colours, 40)
    assert np.array_equal(picture[5::10, 17], colours)
    assert (picture == picture[:, :1]).all()


@pytest.mark.parametrize(("columns", "classes"), [(1, 2), (13, 3), (40, 26), (200, 100)])
def test_a_sheet_of_columns_has_room_for_any_number_of_them(columns: int, classes: int) -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((columns, classes))
    names = [f"column {number}" for number in range(columns)]
    figure = columns_sheet(weights, names, [f"class {number}" for number in range(classes)])
    largest = np.abs(weights).max(axis=1)
    shown = [text.get_text() for text in figure.texts if text.get_text().startswith("column ")]
    assert shown == [names[row] for row in np.sort(np.argsort(-largest)[:40])]
    assert figure.get_size_inches()[1] * DPI < 2000


def test_the_note_fits_on_its_frame() -> None:
    frame = note_frame()
    assert (frame[:, -60:] == frame[0, 0]).all()
    assert len(np.unique(frame)) > 20
