"""System calls that fail: strace attaches to a process before it begins, and lets the n-th of a kind fail."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.faults.processes import LONGEST, ends_within, run_stage
from tests.faults.stages import FLAGS, Good, copy_of, words_of

CALLS = {"write": "write", "open": "openat", "rename": "rename,renameat,renameat2", "fsync": "fsync", "mmap": "mmap"}
CALLS |= {"read": "read,pread64", "flock": "flock", "stat": "newfstatat,fstat", "mkdir": "mkdir"}
ERRORS = ("ENOSPC", "EIO", "EINTR")
STARTS_WITHIN = 10  # seconds
STDERR = "(2,"  # how strace shows the call of a failing message


def why_not() -> str:
    """Return why no system call can be made to fail here; nothing where they can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here ({tried.stderr.strip().splitlines()[-1]})"


@contextmanager
def traced(pid: int, *options: str) -> Iterator[None]:
    """Let strace watch a process, from before it begins in the block to its end, which comes in time.

    It watches the main thread: one that finds no memory at its start is waited for by Python itself, for ever.
    """
    command = ["strace", "-qq", "-p", str(pid), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as strace:
        deadline = time.monotonic() + STARTS_WITHIN
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
            if strace.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("strace does not attach")
            time.sleep(0.002)
        yield
        if not ends_within(pid, LONGEST):
            os.kill(pid, signal.SIGKILL)


class Failing:
    """Lets the n-th call of a kind fail with an error; `hit` has what strace says of it, once the process has ended."""

    def __init__(self, what: str, error: str, nth: int) -> None:
        self.inject = f"inject={CALLS[what]}:error={error}:when={nth}"
        self.trace = f"trace={CALLS[what]}"
        self.hit = ""

    def __call__(self, pid: int, begin: Callable[[], None]) -> None:
        """Let the process begin, and watch it to its end."""
        with tempfile.NamedTemporaryFile("r") as log:
            with traced(pid, "-e", self.trace, "-e", self.inject, "-o", log.name):
                begin()
            self.hit = "".join(line for line in log if "(INJECTED)" in line)


class Counting:
    """Counts the calls of each kind."""

    def __init__(self) -> None:
        self.count: dict[str, int] = {}

    def __call__(self, pid: int, begin: Callable[[], None]) -> None:
        """Let the process begin, and watch it to its end."""
        with tempfile.NamedTemporaryFile("r") as log:
            with traced(pid, "-e", f"trace={','.join(CALLS.values())}", "-o", log.name):
                begin()
            called = [line.partition("(")[0] for line in log]
        found = {what: sum(called.count(name) for name in names.split(",")) for what, names in CALLS.items()}
        self.count = {what: count for what, count in found.items() if count}


def tally(good: Mapping[str, Good]) -> dict[str, dict[str, int]]:
    """Return how often a good run of each stage makes each system call."""
    counts = {}
    for name, run in good.items():
        counting = Counting()
        with tempfile.TemporaryDirectory() as folder:
            run_stage(copy_of(run.place, Path(folder, "here")), name, words_of(FLAGS[name]), trouble=counting)
        counts[name] = counting.count
    return counts
