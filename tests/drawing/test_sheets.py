"""Sheets with less on them than they have room for."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from stages.drawing.sheets import mistakes_sheet, predictions_sheet, samples_sheet
from stages.drawing.style import prepare_picture
from stages.models.records import numbers
from tests.helpers import sample_images

TEN = numbers(10)


def test_pictures_of_a_single_right_image_are_drawn(tmp_path: Path) -> None:
    one = sample_images(1)
    z = np.eye(10)[one.labels]
    sheets = [
        lambda: samples_sheet(one, TEN),
        lambda: predictions_sheet(one, z, TEN),
        lambda: mistakes_sheet(one, z, TEN),
    ]
    with ExitStack() as stack:
        for number, sheet in enumerate(sheets):
            prepare_picture(stack, tmp_path / f"{number}.png", sheet)
    assert all(path.stat().st_size for path in tmp_path.iterdir())
