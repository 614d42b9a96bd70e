"""A campaign: cases drawn with a seed, each run in a folder of its own, on all processors."""

import multiprocessing
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from stages.command.processors import processors
from tests.faults import calls
from tests.faults.calls import STDERR, Failing
from tests.faults.cases import Case
from tests.faults.draw import draw
from tests.faults.moments import ENDS
from tests.faults.processes import Ended, run_stage
from tests.faults.rules import Expected, broken, files_in
from tests.faults.stages import Good, copy_of, good_words

SIGNALS = {number.name for number in ENDS}


class Outcome(NamedTuple):
    """The result of a case, by its number: how it ended, which rules that breaks, and how much more memory it took."""

    number: int
    ended: Ended
    broken: list[str]
    more_memory: int


class Campaign:
    """Cases, and good runs to compare them with."""

    def __init__(self, seed: int, good: dict[str, Good], missing: str) -> None:
        self.seed, self.good = seed, good
        self.tally = {} if missing else calls.tally(good)

    def case(self, number: int) -> Case:
        """Return the case with a number; it depends only on the seed."""
        return draw(random.Random(f"{self.seed} {number}"), self.good, self.tally)

    def outcome(self, number: int) -> Outcome:
        """Run a case; return its result."""
        case = self.case(number)
        good = self.good[case.stage]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            here = copy_of(good.place, Path(temporary, "here"))
            case.prepare(here)
            before = files_in(here)
            ended = run_stage(here, case.stage, case.words, case.environment, case.trouble, case.limits)
            after = files_in(here)
            found = list(broken(expected_of(case), good, ended, before, after))
            if case.kind in SIGNALS and not found:
                found = [f"run again: {what}" for what in broken_again(case, good, here)]
        return Outcome(number, ended, found, ended.peak - good.ended.peak)

    def outcomes(self, numbers: Sequence[int]) -> Iterator[Outcome]:
        """Yield the results of cases, as they end."""
        with multiprocessing.get_context("fork").Pool(processors()) as pool:
            yield from pool.imap_unordered(self.outcome, numbers, chunksize=1)


def expected_of(case: Case) -> Expected:
    """Return what is expected of a case: no message, if the message itself could not be written."""
    if isinstance(case.trouble, Failing) and STDERR in case.trouble.hit:
        return case.expected._replace(heard=False)
    return case.expected


def broken_again(case: Case, good: Good, here: Path) -> Iterator[str]:
    """Run a stage again after an interruption; yield the rules that it breaks. No temporary file may be left now."""
    before = {path: content for path, content in files_in(here).items() if ".partial" not in path}
    ended = run_stage(here, case.stage, good_words(case.stage))
    yield from broken(
        case.expected._replace(codes=frozenset({0}), leftovers=False), good, ended, before, files_in(here)
    )
