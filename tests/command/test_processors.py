"""A thread for each processor that a stage may use, on each system."""

import os

import pytest

from stages.command.processors import processors
from tests.elsewhere import SYSTEMS


@pytest.mark.parametrize("name", SYSTEMS)
def test_there_is_a_processor_for_each_thread(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = len(os.sched_getaffinity(0))
    SYSTEMS[name](monkeypatch)
    assert processors() == (allowed if name == "Linux" else os.cpu_count())
