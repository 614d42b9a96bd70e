"""The table at a campaign's end."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.faults.campaign import Campaign, Outcome

COLUMNS = (0, 2, 3, 4, 5, 6, 7, 130, 143, -9)
MOST = 40  # failures that are told


def rows(campaign: Campaign, outcomes: Sequence[Outcome], missing: str) -> Iterator[str]:
    """Yield a line for each kind of fault: how many cases ended with which exit code, and how many broke a rule."""
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kinds.setdefault(campaign.case(outcome.number).kind, []).append(outcome)
    yield line("fault", "cases", [str(code) for code in COLUMNS], "other", "failures")
    for kind in sorted(kinds):
        yield row(kind, kinds[kind])
    if missing:
        yield f"{'system calls that fail':<42} not run: {missing}"
    yield row("all", outcomes)


def row(kind: str, outcomes: Sequence[Outcome]) -> str:
    """Return a kind's line."""
    codes = Counter(outcome.ended.code for outcome in outcomes)
    counts = [str(codes.pop(code, "")) for code in COLUMNS]
    failures = sum(bool(outcome.broken) for outcome in outcomes)
    return line(kind, str(len(outcomes)), counts, str(codes.total() or ""), str(failures))


def line(kind: str, cases: str, counts: Sequence[str], other: str, failures: str) -> str:
    """Return a line's cells in their columns."""
    return f"{kind:<42} {cases:>5} " + "".join(f"{count:>6}" for count in (*counts, other)) + f" {failures:>8}"


def failures(campaign: Campaign, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the first failures, each with how it is seen again."""
    failed = [outcome for outcome in outcomes if outcome.broken]
    for outcome in failed[:MOST]:
        case = campaign.case(outcome.number)
        yield f"--seed {campaign.seed} --case {outcome.number}: {case.stage}, {case.kind}: {case.what}"
        yield f"    {'; '.join(outcome.broken[:5])}; said {outcome.ended.stderr[-300:]!r}"
    if len(failed) > MOST:
        yield f"... and {len(failed) - MOST} more"
