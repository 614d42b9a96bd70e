"""Draw a random case: each kind of fault has its share of a hundred."""

import random
from collections.abc import Callable, Mapping

from tests.faults import cases, elsewhere
from tests.faults.cases import Case
from tests.faults.stages import Good


def draw(rng: random.Random, good: Mapping[str, Good], tally: Mapping[str, Mapping[str, int]]) -> Case:
    """Return a random case; `tally` has each stage's numbers of system calls, if these can be made to fail."""
    kinds = ODDS_OF_KINDS | ({cases.call: 4} if tally else {})
    (kind,) = rng.choices(list(kinds), list(kinds.values()))
    return kind(rng, good, tally)


ODDS_OF_KINDS: dict[Callable[..., Case], int] = {
    cases.file_bytes: 40,
    cases.file_place: 9,
    cases.forgery: 7,
    cases.given_file: 6,
    cases.output_place: 4,
    cases.value: 7,
    cases.params_file: 3,
    cases.structure: 5,
    cases.moment: 4,
    elsewhere.file_bytes: 9,
    elsewhere.file_place: 2,
    elsewhere.output_place: 1,
    elsewhere.settings: 6,
    elsewhere.limit: 3,
}
