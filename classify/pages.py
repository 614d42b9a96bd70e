"""Read a picture file, also if the page in it lies on its side or upside down."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from classify.answers import Answer, answers_of
from classify.bounds import silenced
from classify.pictures import Box, Picture, read_picture
from stages.models.records import OneVsAll
from stages.storage.errors import DamagedError

ENOUGH, BETTER = 0.8, 0.15  # a page is turned only if its confidence is below the first, and rises by the second
FEWEST = 4  # digits of a page that may be turned: the models are sure of a single 1 on its side, and wrong


class Page(NamedTuple):
    """A picture with its answers, and the number of quarter turns to the left after which it was read."""

    picture: Picture
    answers: list[Answer]
    turns: int


def classify(path: Path, model: OneVsAll, sure: float = 0.0) -> Page:
    """Return a picture file with the model's answer to each digit in it, in reading order.

    Raises what `read_picture` raises, and DamagedError if there is no ink or there are too many digits.
    """
    picture = read_picture(path)
    try:
        with silenced():
            return read_page(picture, model, sure)
    except (DamagedError, cv2.error) as error:
        raise DamagedError(f"{path}: {error}") from error


def read_page(picture: Picture, model: OneVsAll, sure: float = 0.0) -> Page:
    """Return the answers to a picture, turned if that makes them far surer. Boxes are in the picture's own pixels.

    Raises what `answers_of` raises.
    """
    upright = Page(picture, answers_of(picture, model, sure), 0)
    if confidence(upright) >= ENOUGH:
        return upright
    pages = [upright, *(page for turns in (1, 2, 3) if (page := turned(picture, model, sure, turns)))]
    best = max(pages, key=confidence)
    return best if confidence(best) >= max(ENOUGH, confidence(upright) + BETTER) else upright


def turned(picture: Picture, model: OneVsAll, sure: float, turns: int) -> Page | None:
    """Return the answers to a picture after some quarter turns to the left; None if it then has too few digits."""
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
    """Return a box of a turned picture in the picture before its turns to the left; size is the turned picture's."""
    left, top, width, height = box
    for _ in range(turns):  # a quarter to the right
        left, top, width, height = size[1] - top - height, left, height, width
        size = size[::-1]
    return left, top, width, height


def confidence(page: Page) -> float:
    """Return the mean probability of the answers; one that looks like no digit counts as 0."""
    return float(np.mean([0.0 if answer.alien else answer.sure for answer in page.answers]))
