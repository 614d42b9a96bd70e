"""What the model says of the digits in a picture, and where it does not know."""

from typing import NamedTuple

import cv2
import numpy as np

from classify.digits import MOST, find_digits
from classify.ink import FAINTEST, find_ink, is_dark
from classify.mnist_form import LONGER, MIDDLE, mnist_form
from classify.pictures import Box, Picture
from stages.core.examples import normalise
from stages.core.logistic import cost
from stages.features.kinds import FEATURES, Feature
from stages.images.form import SIDE
from stages.models.ova import predict, probabilities, scores
from stages.models.records import OneVsAll
from stages.storage.arrays import Array, ByteArray, FloatArray
from stages.storage.errors import DamagedError

STRANGE = 3  # times the mean cost of a training image: an answer that costs more surprises the models
SMALLEST = 112  # pixels: a picture whose shorter side has fewer is enlarged before its ink is looked for


class Found(NamedTuple):
    """A digit that was found: its line, its place in it, both from 1, and its box, in the file's pixels.

    pixels (784,) uint8 are what the model sees of it.
    """

    line: int
    place: int
    box: Box
    pixels: ByteArray


class Answer(NamedTuple):
    """What the model says of a digit: which it is, None where it does not know, and which is likeliest.

    alien says whether it is like none of them, see `like_none`. probabilities (K,) float64 add up to 1.
    """

    found: Found
    digit: int | None
    likeliest: int
    alien: bool
    probabilities: FloatArray

    @property
    def sure(self) -> float:
        """Return the probability of the likeliest."""
        return float(self.probabilities[self.likeliest])


def answers_of(picture: Picture, model: OneVsAll, sure: float = 0.0) -> list[Answer]:
    """Return what the model says of each digit in a picture, as they are read.

    It does not know where its answer would have a probability below sure, and what is like no digit.
    A picture of 28x28 pixels is taken as it is if it is in MNIST's form, and only turned to light ink on dark.
    """
    found = as_it_is(picture) if picture.size == (SIDE, SIDE) else []
    if not found or not is_in_form(found[0].pixels):
        found = found_in(picture) or found
    if not found:
        raise DamagedError("found no ink, expected digits, dark on light or light on dark")
    return ask(found, model, sure)


def ask(found: list[Found], model: OneVsAll, sure: float) -> list[Answer]:
    """Return what the model says of digits."""
    images = normalise(features_of(model)(np.stack([one.pixels for one in found])), np.zeros(len(found), np.uint8))
    z = scores(model.weights, model.bias, images)
    shares, likeliest = probabilities(z), predict(z)
    alien = like_none(z, model)
    known = ~alien & (shares[np.arange(len(z)), likeliest] >= sure)
    return [
        Answer(one, int(best) if knows else None, int(best), bool(strange), p)
        for one, best, knows, strange, p in zip(found, likeliest, known, alien, shares, strict=True)
    ]


def like_none(z: FloatArray, model: OneVsAll) -> Array:
    """Tell which images are like no digit, (n,) bool, by their scores, (n, K) float64.

    Each model says no, and the likeliest answer costs more than STRANGE times what a training image costs on average. A
    model that has learnt little says no to many a digit: its costs are high, so it refuses less.
    """
    likeliest = z == z.max(axis=1, keepdims=True)
    costs, usual = cost(z, likeliest).sum(axis=1), model.costs[:, -1].sum()  # of all models together
    return np.asarray((z.max(axis=1) < 0) & (costs > STRANGE * usual))


def features_of(model: OneVsAll) -> Feature:
    """Return what makes of images what a model sees; raise DamagedError for features that there are not."""
    if model.features not in FEATURES:
        raise DamagedError(f"the model sees {model.features}, expected one of {', '.join(FEATURES)}")
    return FEATURES[model.features]


def as_it_is(picture: Picture) -> list[Found]:
    """Return a picture in MNIST's form as the one digit that it is; none where it is all of one grey."""
    image = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY)
    if np.ptp(image) < FAINTEST:
        return []
    image = 255 - image if is_dark(picture.pixels) else image
    left, top, width, height = cv2.boundingRect((image > FAINTEST).astype(np.uint8))
    return [Found(1, 1, (left, top, width, height), image.astype(np.uint8).ravel())]


def is_in_form(pixels: ByteArray) -> bool:
    """Tell whether (784,) uint8 are in MNIST's form: 20 pixels long, and their centre of mass in the middle."""
    image = pixels.reshape(SIDE, SIDE)
    _, _, width, height = cv2.boundingRect((image > FAINTEST).astype(np.uint8))
    moments = cv2.moments(image)
    x, y = (moments[name] / moments["m00"] + 0.5 for name in ("m10", "m01"))
    return abs(max(width, height) - LONGER) <= 1 and max(abs(x - MIDDLE), abs(y - MIDDLE)) <= 1


def found_in(picture: Picture) -> list[Found]:
    """Return the digits in a picture; raise DamagedError where there are too many."""
    larger = picture.enlarged(SMALLEST)
    ink = find_ink(larger.pixels)
    if ink is None:
        return []
    lines = find_digits(ink)
    if (total := sum(map(len, lines))) > MOST:
        raise DamagedError(f"found {total} digits, expected {MOST} at most; cut it into several pictures")
    return [
        Found(line, place, larger.in_file(part.box), mnist_form(ink, part))
        for line, parts in enumerate(lines, 1)
        for place, part in enumerate(parts, 1)
    ]
