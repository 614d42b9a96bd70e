"""Inject many random faults and check how the stages handle them: `python -m tests.faults`, or `make faults`.

Damaged files, wrong flags, signals, users' settings, limits, and system calls that fail (by strace, where it is
installed). They meet the stages and what reads their outputs: your own pictures, the page, the last words. Each outcome
is held to the same rules: a documented exit code, one line that names what is wrong, no file lost, torn or left, memory
and time bounded. Needs Linux. Ends with 1 where a rule was broken.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from tests.faults import calls
from tests.faults.campaign import Campaign
from tests.faults.stages import good_runs, whole_run
from tests.faults.table import failures, rows


def main() -> None:
    """Run a campaign; print its table."""
    parser = argparse.ArgumentParser("tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the draw; if not given, the clock's")
    parser.add_argument("--cases", type=int, default=1000, help="how many; 1000 take minutes")
    parser.add_argument("--case", type=int, metavar="N", help="the one of this number alone")
    arguments = parser.parse_args()
    started, missing = time.monotonic(), calls.why_not()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(arguments.seed, good_runs(whole_run(Path(folder, "whole"))), missing)
        numbers = range(arguments.cases) if arguments.case is None else [arguments.case]
        outcomes = sorted(tqdm(campaign.outcomes(numbers), total=len(numbers), disable=None))
        print(*failures(campaign, outcomes), *rows(campaign, outcomes, missing), sep="\n")
    failed = sum(bool(outcome.broken) for outcome in outcomes)
    most = max((outcome.more_memory for outcome in outcomes), default=0) / 1e6
    print(f"seed {arguments.seed}: {len(outcomes)} cases, {failed} failures, at most {most:.0f} MB above a good run, "
          f"{time.monotonic() - started:.0f} s")  # fmt: skip
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
