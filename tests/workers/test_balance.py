"""Who keeps which block: a pass is as short as it can be, and blocks stay where they are."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from stages.workers.balance import balanced

WORKERS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 8), min_size=1)


def lasts(keepers: dict[int, str], threads: dict[str, int]) -> Fraction:
    """Return how long a pass lasts, in blocks a thread."""
    return max(Fraction(blocks, threads[worker]) for worker, blocks in Counter(keepers.values()).items())


def shortest(blocks: int, threads: dict[str, int]) -> Fraction:
    """Return how long the best sharing out lasts: the first time in which the workers can do all blocks."""
    times = sorted(Fraction(block, count) for count in threads.values() for block in range(1, blocks + 1))
    return next(time for time in times if sum(time * count // 1 for count in threads.values()) >= blocks)


@given(st.integers(1, 30), WORKERS, st.dictionaries(st.integers(0, 29), st.sampled_from("abcdefgh")))
def test_a_pass_is_as_short_as_it_can_be(blocks: int, threads: dict[str, int], keepers: dict[int, str]) -> None:
    planned = balanced(blocks, {block: who for block, who in keepers.items() if block < blocks}, threads)
    assert sorted(planned) == list(range(blocks))
    assert lasts(planned, threads) == shortest(blocks, threads)


@given(st.integers(1, 30), WORKERS)
def test_what_is_balanced_stays(blocks: int, threads: dict[str, int]) -> None:
    planned = balanced(blocks, {}, threads)
    assert balanced(blocks, planned, threads) == planned


def test_one_that_comes_gets_some_and_the_rest_stay() -> None:
    before = balanced(8, {}, {"a": 1})
    after = balanced(8, before, {"a": 1, "b": 1})
    assert Counter(after.values()) == {"a": 4, "b": 4}
    assert balanced(3, balanced(3, {}, {"a": 2, "b": 1}), {"a": 2, "b": 1, "c": 1})  # no pass is shorter for it
