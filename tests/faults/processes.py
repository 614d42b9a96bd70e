"""A stage as a process, started as a user starts it, and how it ended."""

import contextlib
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from tests.faults.commands import MODULES
from tests.helpers import ROOT, clean_environment

LONGEST = 20  # seconds, after which a stage counts as hanging
MOST_MEMORY = 8 * 10**9  # bytes of addresses, so that a stage cannot take all of the machine's memory
Words = Sequence[str] | Callable[[], Sequence[str]]  # arguments, or a function that finds them in the stage's folder


class Trouble:
    """Trouble for a process, given by its process id; this base class makes none.

    first: words before the name of the stage's module.
    """

    first: tuple[str, ...] = ()

    def __call__(self, pid: int) -> None:
        """Do nothing."""


class Ended(NamedTuple):
    """How a process ended: exit code, below 0 for a signal; its output; seconds; peak memory in bytes."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak: int


def run_stage(
    folder: Path,
    name: str,
    words: Words,
    environment: Mapping[str, str] | None = None,
    trouble: Trouble | None = None,
    limits: Mapping[int, int] | None = None,
) -> Ended:
    """Run a stage, or another command, in a folder to its end; `limits` are the process's resource limits."""
    trouble = trouble or Trouble()
    if callable(words):
        try:
            with contextlib.chdir(folder):
                words = words()
        except ValueError as error:
            return Ended(2, "", f"{error}\n", 0, 0)
    command = [sys.executable, "-m", *trouble.first, MODULES.get(name, f"stages.{name}"), *words]
    changed = clean_environment(**{"PYTHONPATH": str(ROOT)} | dict(environment or {}))
    most = {resource.RLIMIT_AS: MOST_MEMORY} | dict(limits or {})

    def limit() -> None:
        for what, number in most.items():
            resource.setrlimit(what, (number, number))

    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=changed, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, preexec_fn=limit
        )
        code, peak = watch(process, trouble)
        return Ended(code, said_in(stdout), said_in(stderr), time.monotonic() - started, peak)


def watch(process: subprocess.Popen[bytes], trouble: Trouble) -> tuple[int, int]:
    """Make trouble, and wait for the end of a process; return its exit code and its peak memory."""
    trouble(process.pid)
    if not ends_within(process.pid, LONGEST):
        process.kill()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used.ru_maxrss * 1024


def ends_within(pid: int, seconds: float) -> bool:
    """Wait for the end of a process; tell whether it came in time."""
    descriptor = os.pidfd_open(pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def catches(pid: int, number: signal.Signals) -> bool:
    """Tell whether a process has a handler for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (number - 1) & 1)


def said_in(file: IO[bytes]) -> str:
    """Return the text that was written to a file."""
    file.seek(0)
    return file.read().decode("utf-8", "replace")
