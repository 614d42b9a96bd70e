"""Judge whether two commits differ by more than noise.

If both have answers to the same test images, McNemar's exact test decides, otherwise a confidence interval. When many
things are tested at once, chance makes some look real: p-values are adjusted for that (false discovery rate).
"""

import math
from collections.abc import Mapping
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, false_discovery_control

from report.comparison import Change
from report.results import is_count
from stages.models.answers import Answers

Mask = npt.NDArray[np.bool_]

NOISE = 0.05  # the level of significance: this share of chance differences may be taken for real ones
# the name in metrics/data.json of the number of images behind each accuracy
SIZES = {"accuracy": "test", "train_accuracy": "train", "validation_accuracy": "validation"}


class Finding(NamedTuple):
    """Whether a change is more than noise, and the p-value or the interval that decided, as text."""

    real: bool
    reason: str


class Confusion(NamedTuple):
    """The numbers of images of one class that got another class as answer, at the base and now."""

    actual: str
    predicted: str
    base: int
    now: int

    @property
    def change(self) -> int:
        """Return how many more there are now."""
        return self.now - self.base


class Flips(NamedTuple):
    """How many images have a property now but not at the base (gained), and the other way round (lost)."""

    gained: int
    lost: int

    @property
    def p(self) -> float:
        """Return McNemar's exact p-value: by chance alone, gaining and losing would be equally likely."""
        return float(binomtest(self.gained, sum(self)).pvalue) if sum(self) else 1.0


def flips(before: Mask, after: Mask) -> Flips:
    """Count the images that gained or lost a property: before and after, (n,) bool, say which had and have it."""
    return Flips(int((after & ~before).sum()), int((before & ~after).sum()))


def right_answers(base: Answers, now: Answers) -> Flips:
    """Return how many images gained and how many lost the right answer."""
    return flips(base.predicted == base.labels, now.predicted == now.labels)


def digits(base: Answers, now: Answers) -> dict[str, Finding]:
    """Judge the accuracy of each model at its own task, by name."""
    found = adjusted([flips(~before, ~after) for before, after in zip(base.errs.T, now.errs.T, strict=True)])
    return {f"{name}.accuracy": finding for name, finding in zip(now.classes, found, strict=True)}


def confusions(base: Answers, now: Answers) -> list[Confusion]:
    """Return the pairs of classes that are confused more often, or less often, than at the base by more than noise."""
    changed, counts = [], []
    for actual, predicted in permutations(range(len(now.classes)), 2):
        before, after = ((side.labels == actual) & (side.predicted == predicted) for side in (base, now))
        changed.append(flips(before, after))
        counts.append(Confusion(now.classes[actual], now.classes[predicted], int(before.sum()), int(after.sum())))
    return [count for count, found in zip(counts, adjusted(changed), strict=True) if found.real]


def adjusted(together: list[Flips]) -> list[Finding]:
    """Judge several changes at once: of those that are called real, a share of NOISE is expected to be chance.

    Source: Benjamini and Hochberg (1995).
    """
    return [by_p(float(p)) for p in false_discovery_control([one.p for one in together])]


def by_p(p: float) -> Finding:
    """Judge by a p-value."""
    return Finding(p <= NOISE, f"p = {p:.2g}" if p >= 0.001 else "p < 0.001")


def accuracies(changes: Mapping[str, Change], data: Mapping[str, Change], noise: float) -> dict[str, Finding]:
    """Judge the accuracies among metrics, each by the confidence interval of its difference, at the level 1 - noise."""
    sizes = {name: data.get(SIZES.get(name.rpartition(".")[2], ""), Change(None, None)) for name in changes}
    return {
        name: judged(*interval((change.base, size.base), (change.now, size.now), 1 - noise))
        for name, change in changes.items()
        if all(map(is_count, size := sizes[name])) and change.is_number and 0 <= min(change) <= max(change) <= 1
    }


def judged(low: float, high: float) -> Finding:
    """Judge a difference by its confidence interval: it is real if 0 is outside."""
    return Finding(not low <= 0 <= high, f"{low:+.2g} to {high:+.2g}")


def interval(base: tuple[float, int], now: tuple[float, int], confidence: float) -> tuple[float, float]:
    """Return the confidence interval of the difference of two independent shares, each given with its sample's size.

    It combines the two shares' Wilson intervals: Newcombe (1998), method 10. For two commits' shares of the same images
    it is wider than necessary, since these differ less by chance than independent shares.
    """
    (p, p_low, p_high), (q, q_low, q_high) = (with_interval(*share, confidence) for share in (base, now))
    return q - p - math.hypot(q - q_low, p_high - p), q - p + math.hypot(q_high - q, p - p_low)


def with_interval(share: float, size: int, confidence: float) -> tuple[float, float, float]:
    """Return a share with the two ends of its Wilson interval."""
    ends = binomtest(round(share * size), size).proportion_ci(confidence, method="wilson")
    return share, float(ends.low), float(ends.high)
