"""A stage as a process of its own, forked from this one: the second that imports take is spent once."""

import importlib
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from stages.command.process import run
from stages.command.signals import end_at_signals

LONGEST = 20  # seconds, after which a stage hangs
MOST_MEMORY = 4 * 10**9  # bytes more than this process has: the machine outlives a stage that takes all
Words = Sequence[str] | Callable[[], Sequence[str]]  # or what finds them, in the process itself
Trouble = Callable[[int, Callable[[], None]], None]  # what befalls the process of this number; calls when it may begin


class Ended(NamedTuple):
    """How a process ended: its exit code, less than 0 for a signal's; what it said; seconds; its peak memory, bytes."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak: int


def no_trouble(_: int, begin: Callable[[], None]) -> None:
    """Let a process be."""
    begin()


def run_stage(
    folder: Path,
    name: str,
    words: Words,
    environment: Mapping[str, str] | None = None,
    trouble: Trouble = no_trouble,
) -> Ended:
    """Run a stage in a folder, to its end."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        started = time.monotonic()
        here, there = socket.socketpair()  # it says that it is ready, and is told to begin
        pid = os.fork()
        if not pid:
            be_stage(there, (stdout.fileno(), stderr.fileno()), folder, name, words, environment or {})
        there.close()
        here.recv(9)
        trouble(pid, lambda: here.sendall(b"begin"))
        if not ends_within(pid, LONGEST):
            os.kill(pid, signal.SIGKILL)
        here.close()
        _, status, used = os.wait4(pid, 0)
        seconds = time.monotonic() - started
        said = [read_again(file.fileno()) for file in (stdout, stderr)]
    return Ended(os.waitstatus_to_exitcode(status), *said, seconds, used.ru_maxrss * 1024)


def ends_within(pid: int, seconds: float) -> bool:
    """Wait for the end of a process; tell whether it came."""
    descriptor = os.pidfd_open(pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def read_again(descriptor: int) -> str:
    """Return what was written to a file that is open."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode("utf-8", "replace")


def be_stage(
    gate: socket.socket,
    said: tuple[int, int],
    folder: Path,
    name: str,
    words: Words,
    environment: Mapping[str, str],
) -> NoReturn:
    """Be the process of a stage, as `python -m` makes one, once it is told to begin."""
    code = 1
    try:
        os.chdir(folder)
        os.environ.update(environment)
        sys.argv = [f"stages/{name}.py"]
        limit_memory()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, descriptor in enumerate(said, start=1):
            os.dup2(descriptor, number)
        sys.stdout, sys.stderr = open(1, "w", encoding="utf-8"), open(2, "w", 1, "utf-8", "backslashreplace")  # noqa: SIM115
        end_at_signals()
        main = importlib.import_module(f"stages.{name}").main
        gate.send(b"ready")
        gate.recv(9)
        run(partial(main, words() if callable(words) else words))
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        end(code)


def limit_memory() -> None:
    """Let this process have no more than some memory."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MOST_MEMORY,) * 2)


def end(code: int) -> NoReturn:
    """End this process as Python does, but for what its parent has to clear away."""
    try:
        sys.stdout.flush()
    except OSError:
        code = 120
    os._exit(code)
