"""The film of learning: its frames and its colours."""

import numpy as np

from stages.core.examples import Examples
from stages.drawing.film import indexed
from stages.drawing.learning import LEVELS, PALETTE, TEST, TRAINING, learning_frames
from stages.drawing.pictures import Look
from stages.drawing.weights import UNUSED, YES, colours_of, used_columns
from stages.models.records import numbers

LOOK = Look("pixels", (28, 28))
TABLE = np.array([[1, 2, 5, 10], [0.69, 0.5, 0.4, 0.3], [0.1, 0.6, 0.8, 0.9], [0.1, 0.5, 0.85, 0.88]])
WEIGHTS = np.random.default_rng(0).standard_normal((4, 10, 784)) * np.array([0.2, 0.4, 0.8, 1.0])[:, None, None]


def test_a_weight_has_its_colour_and_none_where_there_is_no_ink(normalised: Examples) -> None:
    there = used_columns(normalised.X)
    assert 0 < np.count_nonzero(there) < 784
    weights = np.where(there, -0.1, 9.0)
    weights[np.flatnonzero(there)[0]] = 0.2
    colours = colours_of(weights, there)
    assert tuple(colours[there][0]) == YES
    assert len({tuple(colour) for colour in colours[there]}) == 2
    assert (colours[~there] == UNUSED).all()


def test_frames_show_more_and_more_in_the_colours_of_the_palette() -> None:
    frames = learning_frames(TABLE, colours_of(WEIGHTS, np.ones(784, bool), LEVELS), LOOK, numbers(10))
    assert [frame.shape for frame in frames] == [(400, 960, 3)] * 4
    for colour in (TRAINING, TEST):
        marks = [np.count_nonzero((frame[250:354, 690:] == colour).all(axis=2)) for frame in frames]
        assert marks == sorted(set(marks))
    weights = frames[-1][84:196, 24:136]
    assert np.array_equal(np.array(PALETTE, np.uint8)[indexed(weights, PALETTE)], weights)
    assert len(set(PALETTE)) == len(PALETTE) <= 64
