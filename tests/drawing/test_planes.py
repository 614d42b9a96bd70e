"""Frames as films hold them: against the standard's formula, and halved."""

import numpy as np
import pytest

from stages.drawing.planes import halved, planes

RGB = np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8)


def test_the_colours_are_the_standards_to_a_rounding() -> None:
    red, green, blue = np.moveaxis(RGB / 255, -1, 0)
    brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert np.abs(planes(RGB)[:24] - (16 + 219 * brightness)).max() < 1
    means = halved(RGB) / 255
    brightness = means @ [0.2126, 0.7152, 0.0722]
    for found, colour, largest in zip(planes(RGB)[24:].reshape(2, 12, 20), (2, 0), (0.9278, 0.7874), strict=True):
        assert np.abs(found - (128 + 112 * (means[..., colour] - brightness) / largest)).max() < 2


@pytest.mark.parametrize("grey", [0, 1, 127, 254, 255])
def test_greys_have_no_colour(grey: int) -> None:
    found = planes(np.full((2, 2, 3), grey, dtype=np.uint8))
    assert np.abs(found[:2].astype(int) - (16 + 219 * grey / 255)).max() < 1
    assert found[2].tolist() == [128, 128]


def test_half_is_the_mean_of_four() -> None:
    means = RGB.reshape(12, 2, 20, 2, 3).mean(axis=(1, 3))
    assert np.array_equal(halved(RGB), np.floor(means + 0.5))
