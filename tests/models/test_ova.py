"""One-vs-all: scores, the highest of them, and probabilities that add up to 1."""

import numpy as np

from stages.core import fast
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples, normalise, select
from stages.core.limbs import to_limbs
from stages.images.form import DIGITS
from stages.models.ova import predict, probabilities, scores
from stages.models.records import MOST_WEIGHT

RNG = np.random.default_rng(0)
WEIGHTS, BIAS = 0.05 * RNG.standard_normal((784, 10)), RNG.standard_normal(10)


def test_scores_are_those_of_the_formula(normalised: Examples) -> None:
    X = (normalised.X - normalised.mean[:, None]) / normalised.std[:, None]
    assert np.allclose(scores(WEIGHTS, BIAS, normalised), X @ WEIGHTS + BIAS, rtol=0, atol=1e-9)


def test_they_are_those_of_the_descent_to_the_last_bit(normalised: Examples) -> None:
    z, (X, _, mean, std) = scores(WEIGHTS, BIAS, normalised), normalised
    for digit in DIGITS:
        limbs = to_limbs(weights_on_grid(WEIGHTS[:, digit]))
        assert np.array_equal(z[:, digit], fast.scores(X, mean, std, limbs, BIAS[digit]))


def test_the_largest_weights_that_are_read_have_scores() -> None:
    pixels = np.eye(2, 784, dtype=np.uint8)  # the smallest deviation that there is, and thus the largest scores
    pixels[1] = 255 - pixels[1]
    images = normalise(pixels, np.zeros(2, np.uint8))
    for sign in (1, -1):
        huge = np.full((784, 10), sign * MOST_WEIGHT), np.full(10, MOST_WEIGHT)
        assert np.isfinite(scores(*huge, images)).all()


def test_constant_images_score_the_bias(normalised: Examples) -> None:
    constant = select(normalised, slice(0, 2))._replace(std=np.zeros(2))
    assert np.array_equal(scores(WEIGHTS, BIAS, constant), np.tile(BIAS, (2, 1)))


def test_weights_that_are_all_zero_score_the_bias(normalised: Examples) -> None:
    assert set(scores(np.zeros((784, 1)), np.array([-1.5]), normalised).ravel()) == {-1.5}


def test_the_highest_score_wins_though_the_probabilities_tie() -> None:
    z = np.array([[40.0, 41.0, *[-1.0] * 8], [-800.0, -900.0, *[-1000.0] * 8]])
    assert predict(z).tolist() == [1, 0]


def test_probabilities_add_up_to_1() -> None:
    z = np.vstack([np.random.default_rng(0).normal(0, 5, (50, 10)), np.full((1, 10), -1e6)])
    p = probabilities(z)
    assert np.allclose(p.sum(axis=1), 1, rtol=1e-14)
    assert (p >= 0).all()
    assert np.array_equal(p.argmax(axis=1), predict(z))
    assert set(p[-1]) == {0.1}
