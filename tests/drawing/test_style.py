"""Every picture is drawn, at its size, the same bytes twice."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest

from stages.drawing.charts import accuracy_chart, confusion_chart, cost_chart
from stages.drawing.pictures import Look
from stages.drawing.sheets import mistakes_sheet, predictions_sheet, samples_sheet, weights_sheet
from stages.drawing.style import prepare_picture
from stages.models.metrics import confusion_table, cost_table, digit_metrics, digit_table
from stages.models.records import numbers
from stages.storage.errors import UnavailableError
from tests.helpers import sample_images
from tests.models.test_records import ten_models

TEN = numbers(10)
IMAGES = sample_images(200)
Z = np.random.default_rng(0).standard_normal((200, 10))
CONFUSION = confusion_table(IMAGES.labels, Z.argmax(axis=1), TEN)
SCORED = (Z, IMAGES.labels)
DIGIT_TABLE: pd.DataFrame = digit_table(digit_metrics(ten_models(), SCORED, SCORED))
PICTURES: list[tuple[Callable[..., Any], list[Any]]] = [
    (cost_chart, [cost_table(ten_models())]),
    (accuracy_chart, [DIGIT_TABLE]),
    (confusion_chart, [CONFUSION]),
    (samples_sheet, [IMAGES, TEN]),
    (
        weights_sheet,
        [np.random.default_rng(0).standard_normal((784, 10)), IMAGES.pixels, Look("pixels", (28, 28)), TEN],
    ),
    (predictions_sheet, [IMAGES, Z, TEN]),
    (mistakes_sheet, [IMAGES, Z, TEN]),
]


@pytest.mark.parametrize(("draw", "arguments"), PICTURES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_picture_is_drawn_the_same_twice(draw: Callable[..., Any], arguments: list[Any], tmp_path: Path) -> None:
    with ExitStack() as stack:
        for name in "ab":
            prepare_picture(stack, tmp_path / f"{name}.png", partial(draw, *arguments))
    picture = iio.imread(tmp_path / "a.png")
    assert picture.shape[1] == 1800
    assert picture[:, :, :3].std() > 5
    assert (tmp_path / "a.png").stat().st_size < 250_000
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_picture_whose_letters_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Matplotlib reads fonts as it draws, where C calls Python: what goes wrong there is printed, and drawn without."""

    class Lost:
        def __del__(self) -> None:
            raise OSError("Input/output error")

    def without_letters() -> Any:
        Lost()
        return draw_it()

    draw, arguments = PICTURES[0]
    draw_it = partial(draw, *arguments)
    said = r"a\.png: cannot be drawn completely \(Input/output error\)$"
    with pytest.raises(UnavailableError, match=said), ExitStack() as stack:
        prepare_picture(stack, tmp_path / "a.png", without_letters)
    assert not list(tmp_path.iterdir())


def test_a_font_that_cannot_be_read_on_is_told(tmp_path: Path) -> None:
    letters = Mock(side_effect=RuntimeError("FT_Load_Glyph failed"))
    said = r"a\.png: cannot be drawn completely \(FT_Load_Glyph failed\)$"
    with pytest.raises(UnavailableError, match=said), ExitStack() as stack:
        prepare_picture(stack, tmp_path / "a.png", letters)
    assert not list(tmp_path.iterdir())
