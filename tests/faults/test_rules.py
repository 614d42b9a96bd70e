"""What a campaign would see: an outcome that keeps the rules breaks none, and each that does not, one."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes import LONGEST, Ended
from tests.faults.rules import MORE_MEMORY, Expected, broken
from tests.faults.stages import OLD, Good

WELL = Ended(0, "done\n", "", 0.1, 10**8)
REFUSED = Ended(4, "", "combine_ova: data/in.npy: is damaged\n", 0.1, 10**8)
GOOD = Good(["data/in.npy"], ["data/out.npy"], Path(), {"data/out.npy": b"new"}, WELL)
BEFORE = {"data/in.npy": b"in", "data/out.npy": OLD}
AFTER = BEFORE | {"data/out.npy": b"new"}
ENDS_WELL, IS_REFUSED = Expected(frozenset({0})), Expected(frozenset({3, 4}), ("data/in.npy",))


@pytest.mark.parametrize(("expected", "ended", "after"), [(ENDS_WELL, WELL, AFTER), (IS_REFUSED, REFUSED, BEFORE)])
def test_what_keeps_the_rules_breaks_none(expected: Expected, ended: Ended, after: dict[str, bytes]) -> None:
    assert list(broken(expected, GOOD, ended, BEFORE, after)) == []


def test_new_files_are_whole_too_where_a_stage_fails_later() -> None:
    assert list(broken(IS_REFUSED, GOOD, REFUSED, BEFORE, AFTER)) == []


@pytest.mark.parametrize(
    ("expected", "ended", "after", "rule"),
    [
        (IS_REFUSED, WELL, AFTER, "exit code 0, expected"),
        (ENDS_WELL, WELL._replace(seconds=LONGEST), AFTER, "hangs"),
        (ENDS_WELL, WELL._replace(peak=WELL.peak + int(MORE_MEMORY) + 1), AFTER, "memory: 300 MB"),
        (ENDS_WELL, WELL._replace(stderr="a warning\n"), AFTER, "ends well, and says other things"),
        (IS_REFUSED, REFUSED._replace(stderr="data/in.npy\nand more\n"), BEFORE, "2 lines on stderr, expected 1"),
        (IS_REFUSED, REFUSED._replace(stderr="data/in.npy"), BEFORE, "1 lines on stderr, expected 1"),
        (IS_REFUSED, REFUSED._replace(stderr="something\n"), BEFORE, "does not name data/in.npy"),
        (IS_REFUSED, REFUSED, BEFORE | {"data/out.npy": b"ne"}, "data/out.npy: torn"),
        (ENDS_WELL, WELL, AFTER | {"data/out.npy": b"other"}, "data/out.npy: other bytes than after a good run"),
        (ENDS_WELL._replace(same=False), WELL, BEFORE, "data/out.npy: not written"),
        (ENDS_WELL, WELL, {"data/in.npy": b"in"}, "data/out.npy: lost"),
        (IS_REFUSED, REFUSED, {"data/out.npy": OLD}, "data/in.npy: lost"),
        (IS_REFUSED, REFUSED, BEFORE | {"data/.out.1.partial.npy": b""}, "data/.out.1.partial.npy: left behind"),
        (ENDS_WELL, WELL, AFTER | {"data/in.npy": b"other"}, "data/in.npy: changed, though the stage only reads it"),
    ],
)
def test_what_does_not_breaks_one(expected: Expected, ended: Ended, after: dict[str, Any], rule: str) -> None:
    (found,) = broken(expected, GOOD, ended, BEFORE, after)
    assert found.startswith(rule)
