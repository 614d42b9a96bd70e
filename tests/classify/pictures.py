"""Drawn pictures of digits for the tests, and a model of strokes that was trained on few images."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image

from stages.core.blocks import blocks_of
from stages.core.examples import normalise
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.features.kinds import FEATURES
from stages.images.form import DIGITS, SIDE
from stages.models.combine import combine
from stages.models.records import DigitModel, OneVsAll, numbers
from tests.helpers import sample, sample_images

Colour = tuple[int, int, int]

BLACK, WHITE = (20, 20, 20), (235, 235, 235)


@cache
def model() -> OneVsAll:
    """Return ten models, trained for a moment on some of the sample."""
    some = sample_images(3000)
    images = normalise(FEATURES["strokes"](some.pixels), some.labels)
    settings = Settings("lbfgs", alpha=0.01, max_iter=40, rmse_threshold=0.0, momentum=0.0, l2=1e-4, batch=0)
    models = []
    with ThreadPoolExecutor(2) as executor:
        for digit in DIGITS:
            found = descend(blocks_of(images, images.labels == digit), settings, executor=executor)._asdict()
            del found["rmse"]
            models.append(
                DigitModel(
                    digit=digit, features="strokes", training_set=np.zeros(32, np.uint8), settings=settings, **found
                )
            )
    return combine(models, numbers(10))


def digit_image(digit: int, which: int = 0) -> Any:
    """Return an image of a digit, (28, 28)."""
    return sample().pixels[np.flatnonzero(sample().labels == digit)[which]].reshape(SIDE, SIDE)


def ink_of(*lines: str) -> Any:
    """Return the ink of lines of digits, (height, width) in 0-1: 140 pixels for each digit, and a margin."""
    rows = [np.hstack([digit_image(int(digit)) for digit in line]) for line in lines]
    width = max(row.shape[1] for row in rows)
    image = np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]))) for row in rows])
    large = cv2.resize(image, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    return np.pad(large, 40) / 255


def drawn(*lines: str, pen: Colour = BLACK, paper: Colour = WHITE, light: Any = 1, noise: float = 0) -> Image.Image:
    """Return a picture of lines of digits."""
    ink = ink_of(*lines)[:, :, None]
    pixels = (ink * pen + (1 - ink) * paper) * np.asarray(light)
    pixels += np.random.default_rng(0).normal(0, noise, ink.shape)
    return Image.fromarray(np.rint(np.clip(pixels, 0, 255)).astype(np.uint8))


def slope(*lines: str) -> Any:
    """Return light that fades to a half from left to right."""
    height, width = ink_of(*lines).shape
    return np.linspace(1, 0.5, width)[None, :, None].repeat(height, axis=0)
