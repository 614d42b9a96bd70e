"""What the model says of a picture file; of a page that lies on its side or upside down, too."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from classify.answers import Answer, answers_of
from classify.bounds import without_words
from classify.pictures import Box, Picture, read_picture
from stages.models.records import OneVsAll
from stages.storage.errors import DamagedError

LITTLE, MORE = 0.8, 0.15  # of all answers' mean probability: less is little, and so much more is better
FEWEST = 4  # digits of a page that is turned: a 1 on its side is sure to be something else


class Page(NamedTuple):
    """A picture with its answers: upright as it was, or after some quarter turns to the left."""

    picture: Picture
    answers: list[Answer]
    turns: int


def classify(path: Path, model: OneVsAll, sure: float = 0.0) -> Page:
    """Return a picture with what the model says of each digit in it, as they are read.

    Raises what `read_picture` does, and DamagedError where there is no ink, or more digits than are read.
    """
    picture = read_picture(path)
    try:
        with without_words():
            return read_page(picture, model, sure)
    except (DamagedError, cv2.error) as error:
        raise DamagedError(f"{path}: {error}") from error


def read_page(picture: Picture, model: OneVsAll, sure: float = 0.0) -> Page:
    """Return what is read in a picture; turned, where it says far more so. Boxes are in the picture's own pixels.

    Raises what `answers_of` does.
    """
    upright = Page(picture, answers_of(picture, model, sure), 0)
    if worth(upright) >= LITTLE:
        return upright
    pages = [upright, *(page for turns in (1, 2, 3) if (page := turned(picture, model, sure, turns)))]
    best = max(pages, key=worth)
    return best if worth(best) >= max(LITTLE, worth(upright) + MORE) else upright


def turned(picture: Picture, model: OneVsAll, sure: float, turns: int) -> Page | None:
    """Return what is read in a picture after some quarter turns to the left; None where that is nothing."""
    size = picture.size[::-1] if turns % 2 else picture.size
    other = picture._replace(pixels=np.ascontiguousarray(np.rot90(picture.pixels, turns)), size=size)
    try:
        answers = answers_of(other, model, sure)
    except DamagedError:
        return None
    if len(answers) < FEWEST:
        return None
    boxes = [turned_back(answer.found.box, size, turns) for answer in answers]
    found = [answer.found._replace(box=box) for answer, box in zip(answers, boxes, strict=True)]
    return Page(picture, [answer._replace(found=one) for answer, one in zip(answers, found, strict=True)], turns)


def turned_back(box: Box, size: tuple[int, int], turns: int) -> Box:
    """Return a box of a picture that was turned to the left, in the picture before that; size is the turned one's."""
    left, top, width, height = box
    for _ in range(turns):  # a quarter to the right
        left, top, width, height = size[1] - top - height, left, height, width
        size = size[::-1]
    return left, top, width, height


def worth(page: Page) -> float:
    """Return how sure the answers are in the mean; one that is like no digit counts as 0."""
    return float(np.mean([0.0 if answer.alien else answer.sure for answer in page.answers]))
