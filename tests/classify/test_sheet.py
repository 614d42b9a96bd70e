"""The drawing of the answers: what does not fit one page goes on in the next."""

from pathlib import Path

import numpy as np
from PIL import Image

from classify.answers import Answer, Found
from classify.pictures import Picture
from classify.sheet import HIGHEST, Sheet
from tests.classify.pictures import digit_image

ANSWER = Answer(Found(1, 1, (1, 2, 30, 40), digit_image(2).ravel()), 2, 2, False, np.eye(10)[2])


def heights(folder: Path, pictures: int, answers: int) -> list[int]:
    """Draw pictures with some answers each; return the heights of the pages."""
    sheet = Sheet(folder / "a.webp")
    for _ in range(pictures):
        sheet.add(Picture(np.full((900, 600, 3), 255, np.uint8), 1, (600, 900)), [ANSWER] * answers)
    sheet.close()
    found = []
    for path in folder.iterdir():
        with Image.open(path) as page:
            found.append(page.height)
    return found


def test_a_sheet_goes_on_in_further_pages(tmp_path: Path) -> None:
    found = heights(tmp_path, 20, 1)
    assert {path.name for path in tmp_path.iterdir()} == {"a.webp", "a-2.webp"}
    assert max(found) <= HIGHEST
    assert sum(found) > 20 * 900


def test_a_picture_of_two_hundred_digits_fits_a_page(tmp_path: Path) -> None:
    (height,) = heights(tmp_path, 1, 200)
    assert height <= HIGHEST
