"""What starts warm is what starts from nothing: it says the same, and ends the same, also when it is told to."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command.test_signals import wait_until_caught
from tests.helpers import ENDLESS, ROOT, TRAIN_FLAGS, finished, flags_of, with_warm_programs

PROGRAMS = {"warm": "python", "cold": sys.executable}


@pytest.fixture
def place(prepared: Path) -> Path:
    """Return a folder with the stages, and with what a digit is trained on."""
    (prepared / "stages").symlink_to(ROOT / "stages")
    return prepared


@pytest.mark.parametrize("changes", [{}, {"alpha": "0"}, {"digit": "x"}, {"alpha": "1e300"}], ids=str)
def test_it_says_and_leaves_the_same(place: Path, changes: dict[str, str]) -> None:
    ended = {}
    for start, program in PROGRAMS.items():
        result = finished(place, program, "-m", "stages.train_digit", *flags_of(TRAIN_FLAGS, **changes))
        left = {path.name: path.read_bytes() for path in (place / "data").rglob("digit_*")}
        ended[start] = result.returncode, result.stdout, result.stderr, left
    assert ended["warm"] == ended["cold"]


def test_a_signal_goes_on_to_it(place: Path) -> None:
    command = ["python", "-m", "stages.train_digit", *flags_of(ENDLESS)]
    with subprocess.Popen(command, cwd=place, env=with_warm_programs({}), stderr=subprocess.PIPE, text=True) as process:
        wait_until_caught(process, signal.SIGTERM)
        time.sleep(2)
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (143, "interrupted (SIGTERM)\n")


def test_it_ends_with_who_asked_for_it(place: Path) -> None:
    command = ["python", "-m", "stages.train_digit", *flags_of(ENDLESS)]
    with subprocess.Popen(command, cwd=place, env=with_warm_programs({}), stderr=subprocess.PIPE) as process:
        time.sleep(2)
        process.kill()
        assert process.communicate(timeout=30) == (None, b"")  # nobody holds its stderr any more


def test_other_settings_of_libraries_start_from_nothing(place: Path) -> None:
    result = finished(place, "python", "-m", "stages.train_digit", "--help", PYTHONVERBOSE="1")
    assert "import 'numpy'" in result.stderr
    assert finished(place, "python", "-m", "stages.train_digit", "--help").stderr == ""
