"""A short campaign; `make faults` is the long one."""

import re

import pytest

from tests.helpers import ROOT, run


@pytest.mark.slow
def test_the_stages_stand_a_hundred_faults() -> None:
    printed = run(ROOT, "python", "-m", "tests.faults", "--seed", "0", "--cases", "100")
    assert re.search(r"^seed 0: 100 cases, 0 failures, ", printed, re.MULTILINE)
