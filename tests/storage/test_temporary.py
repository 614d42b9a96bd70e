"""Temporary files go when they must, and no sooner."""

import os
import subprocess
from pathlib import Path

from stages.storage.files import write_text


def test_what_a_killed_process_left_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as dead:
        pass
    (tmp_path / f".table.{dead.pid}.partial.csv").touch()
    (tmp_path / f".table.{os.getppid()}.partial.csv").touch()
    write_text(tmp_path / "table.csv", "whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == [f".table.{os.getppid()}.partial.csv", "table.csv"]
