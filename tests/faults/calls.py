"""System calls that fail: strace attaches to a stage that has stopped, and lets the n-th of a kind fail."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.faults.processes import LONGEST, Trouble, ends_within, run_stage
from tests.faults.stages import FLAGS, Good, copy_of, words_of

CALLS = {"write": "write", "open": "openat", "rename": "rename,renameat,renameat2", "fsync": "fsync", "mmap": "mmap"}
CALLS |= {"read": "read,pread64", "flock": "flock", "stat": "newfstatat,fstat", "mkdir": "mkdir"}
ERRORS = ("ENOSPC", "EIO", "EINTR")
STARTS_WITHIN = 10  # seconds
STDERR = "(2,"  # how strace shows the call of a failing message


def why_not() -> str:
    """Return why system calls cannot be made to fail here, or an empty text if they can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here ({tried.stderr.strip().splitlines()[-1]})"


class Traced(Trouble):
    """Let strace watch a stopped process to its end, within a time limit; `log` has what strace saw.

    It watches the main thread: one that finds no memory at its start is waited for by Python itself, for ever.
    """

    first = ("tests.faults.rehearsed",)

    def __init__(self, *options: str) -> None:
        self.options = options
        self.log: list[str] = []

    def __call__(self, pid: int) -> None:
        """Let the process go on, and watch it to its end."""
        os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        with tempfile.NamedTemporaryFile("r") as log:
            command = ["strace", "-qq", "-p", str(pid), *self.options, "-o", log.name]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as strace:
                deadline = time.monotonic() + STARTS_WITHIN
                while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
                    if strace.poll() is not None or time.monotonic() > deadline:
                        raise RuntimeError("strace does not attach")
                    time.sleep(0.002)
                os.kill(pid, signal.SIGCONT)
                if not ends_within(pid, LONGEST):
                    os.kill(pid, signal.SIGKILL)
            self.log = list(log)


class Failing(Traced):
    """Let the n-th call of a kind fail with an error."""

    def __init__(self, what: str, error: str, nth: int) -> None:
        inject = f"inject={CALLS[what]}:error={error}:when={nth}"
        super().__init__("-e", f"trace={CALLS[what]}", "-e", inject)

    @property
    def hit(self) -> str:
        """The calls that failed."""
        return "".join(line for line in self.log if "(INJECTED)" in line)


def tally(good: Mapping[str, Good]) -> dict[str, dict[str, int]]:
    """Return the number of each system call in a good run of each stage."""
    counts = {}
    for name, run in ((name, good[name]) for name in FLAGS):
        traced = Traced("-e", f"trace={','.join(CALLS.values())}")
        with tempfile.TemporaryDirectory() as folder:
            run_stage(copy_of(run.place, Path(folder, "here")), name, words_of(FLAGS[name]), trouble=traced)
        called = [line.partition("(")[0] for line in traced.log]
        found = {what: sum(called.count(name) for name in names.split(",")) for what, names in CALLS.items()}
        counts[name] = {what: count for what, count in found.items() if count}
    return counts
