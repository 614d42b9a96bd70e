"""A signal ends a stage with one line, from its first moments on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stages.command.signals import end_at_signals, exit_codes
from tests.elsewhere import on_windows
from tests.faults.processes import catches
from tests.helpers import ENDLESS, ROOT, clean_environment, flags_of


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("delay", [0, 0.3, 0.8, 1.5])
def test_a_signal_while_a_stage_starts_is_one_line(
    prepared: Path, delay: float, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-m", "stages.train_digit", *flags_of(ENDLESS)]
    environment = clean_environment(PYTHONPATH=str(ROOT))
    with subprocess.Popen(command, cwd=prepared, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while not catches(process.pid, signal.SIGTERM):
            assert process.poll() is None
            time.sleep(0.002)
        time.sleep(delay)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (code, f"interrupted ({number.name})\n")


def test_the_handlers_are_set_before_anything_is_imported() -> None:
    """In `stages/__init__.py`, which Python reads before the stage: what a signal could meet before is Python's own."""
    known = "set(sys.modules) | set(sys.builtin_module_names)"
    watch = "signal.signal = lambda *_: print(*sorted(set(sys.modules) - before))"
    early = f"import runpy, sys, signal; before = {known}; {watch}; import stages"
    command = [sys.executable, "-c", f"import contextlib, sys; sys.argv[0] = '-m'; {early}"]
    answer = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True)
    assert answer.stdout
    assert [name for name in answer.stdout.split() if not name.startswith("stages")] == []


def test_on_windows_ctrl_break_ends_a_stage_as_sigterm_does_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch)
    caught: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", caught.__setitem__)
    end_at_signals()
    assert caught.keys() == {signal.SIGINT, signal.SIGTERM, signal.SIGBREAK}
    assert exit_codes()[signal.SIGBREAK] == 143
