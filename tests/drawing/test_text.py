"""Text on images of bytes."""

import numpy as np

from stages.drawing.text import mask, write

PAPER, INK = 250, (40, 40, 40)


def test_text_stands_on_its_baseline_and_nowhere_else() -> None:
    canvas = np.full((60, 200, 3), PAPER, dtype=np.uint8)
    write(canvas, "17%", (20, 45), 30, INK)
    rows, columns = np.nonzero((canvas != PAPER).any(axis=2))
    assert 20 <= rows.min() < 25
    assert rows.max() in (44, 45)  # round letters reach below the line
    assert columns.min() >= 20
    assert canvas.min() == min(INK)  # where the letters cover a pixel whole
    assert np.array_equal(canvas[..., 0], canvas[..., 2])


def test_bold_text_has_more_ink() -> None:
    thin, bold = (mask("Predicted", 30, weight)[0].sum(dtype=int) for weight in (False, True))
    assert 1.2 * thin < bold


def test_text_that_is_too_long_is_cut_off() -> None:
    canvas = np.full((40, 50, 3), PAPER, dtype=np.uint8)
    write(canvas, "1234567", (10, 35), 30, INK)
    assert canvas[:, -15:].min() < PAPER
