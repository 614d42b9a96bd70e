"""Whether two commits differ by more than noise.

Where both have answers to the same test images, McNemar's exact test says; where they have not, an interval. What is
looked for in many places at once is found by chance in some: p-values are adjusted for that (false discovery rate).
"""

import math
from collections.abc import Mapping
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, false_discovery_control

from report.comparison import Change
from report.results import whole
from stages.models.answers import Answers

Mask = npt.NDArray[np.bool_]

NOISE = 0.05  # the share of what is chance alone that may pass for more
# Of how many images each is a share, as metrics/data.json says
SIZES = {"accuracy": "test", "train_accuracy": "train", "validation_accuracy": "validation"}


class Finding(NamedTuple):
    """Whether a change is more than noise, and the number that says so, in words."""

    real: bool
    reason: str


class Confusion(NamedTuple):
    """How many images of a class are taken for another class, at the base and now."""

    actual: str
    predicted: str
    base: int
    now: int

    @property
    def change(self) -> int:
        """Tell how many more they are now."""
        return self.now - self.base


class Moved(NamedTuple):
    """On how many of the same images a thing is so now that was not at the base, and the other way round."""

    gained: int
    lost: int

    @property
    def p(self) -> float:
        """Return McNemar's exact p-value: were it chance, each of these images would have gone either way alike."""
        return float(binomtest(self.gained, sum(self)).pvalue) if sum(self) else 1.0


def moved(before: Mask, after: Mask) -> Moved:
    """Count the images on which a thing was, and is, so."""
    return Moved(int((after & ~before).sum()), int((before & ~after).sum()))


def right_answers(base: Answers, now: Answers) -> Moved:
    """Return how many images have the right answer now that had a wrong one, and the other way round."""
    return moved(base.predicted == base.labels, now.predicted == now.labels)


def digits(base: Answers, now: Answers) -> dict[str, Finding]:
    """Judge the accuracies of the ten models, each at its own task, by name."""
    found = adjusted([moved(~before, ~after) for before, after in zip(base.errs.T, now.errs.T, strict=True)])
    return {f"{name}.accuracy": finding for name, finding in zip(now.classes, found, strict=True)}


def confusions(base: Answers, now: Answers) -> list[Confusion]:
    """Return which of all pairs of classes are confused otherwise than at the base, by more than noise."""
    moves, counts = [], []
    for actual, predicted in permutations(range(len(now.classes)), 2):
        before, after = ((side.labels == actual) & (side.predicted == predicted) for side in (base, now))
        moves.append(moved(before, after))
        counts.append(Confusion(now.classes[actual], now.classes[predicted], int(before.sum()), int(after.sum())))
    return [count for count, found in zip(counts, adjusted(moves), strict=True) if found.real]


def adjusted(together: list[Moved]) -> list[Finding]:
    """Judge what is tested together: of all that is found real, a share of NOISE is to be expected to be chance.

    After Benjamini and Hochberg (1995).
    """
    return [by_p(float(p)) for p in false_discovery_control([one.p for one in together])]


def by_p(p: float) -> Finding:
    """Judge by a p-value."""
    return Finding(p <= NOISE, f"p = {p:.2g}" if p >= 0.001 else "p < 0.001")


def accuracies(changes: Mapping[str, Change], data: Mapping[str, Change], noise: float) -> dict[str, Finding]:
    """Judge the accuracies among metrics by their differences' intervals: a share `noise` of these miss by chance."""
    sizes = {name: data.get(SIZES.get(name.rpartition(".")[2], ""), Change(None, None)) for name in changes}
    return {
        name: judged(*interval((change.base, size.base), (change.now, size.now), 1 - noise))
        for name, change in changes.items()
        if all(map(whole, size := sizes[name])) and change.is_number and 0 <= min(change) <= max(change) <= 1
    }


def judged(low: float, high: float) -> Finding:
    """Judge a difference by its interval."""
    return Finding(not low <= 0 <= high, f"{low:+.2g} to {high:+.2g}")


def interval(base: tuple[float, int], now: tuple[float, int], confidence: float) -> tuple[float, float]:
    """Return the interval of the difference of two independent shares, each given with the number it is a share of.

    It comes from Wilson's intervals of the two: Newcombe (1998), method 10. Two commits' shares of the same images
    differ less by chance than independent ones, so there it is wider than need be.
    """
    (p, p_low, p_high), (q, q_low, q_high) = (with_interval(*share, confidence) for share in (base, now))
    return q - p - math.hypot(q - q_low, p_high - p), q - p + math.hypot(q_high - q, p - p_low)


def with_interval(share: float, size: int, confidence: float) -> tuple[float, float, float]:
    """Return a share with the ends of Wilson's interval."""
    ends = binomtest(round(share * size), size).proportion_ci(confidence, method="wilson")
    return share, float(ends.low), float(ends.high)
