"""How the benchmarks measure: steps in turn, by medians; whole processes by what the system reports of them."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple

from stages.command.flags import Parser, whole_above_zero
from stages.command.process import stage_name
from stages.command.processors import processors
from stages.workers import executor

ROOT = Path(__file__).parents[1]

SETTLE = 0.3  # seconds: after their work, OpenMP's threads spin for a while, which would slow the next step
LAUNCHER = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Process(NamedTuple):
    """A finished process: seconds from start to end, and its peak memory in MB."""

    seconds: float
    megabytes: float


def sizes(description: str | None, folder: bool = False, **usual: int) -> argparse.Namespace:
    """Return a benchmark's flags: whole numbers that say how much to measure. Tests measure less than usual."""
    parser = Parser(description)
    parser.prog = f"python -m benchmarks.{stage_name()}"
    if folder:
        parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="of labelled pictures")
    for name, size in usual.items():
        parser.add_argument(f"--{name}", metavar="N", type=whole_above_zero, default=size, help=f"usually {size}")
    return parser.parse_args()


def open_executor() -> Executor:
    """Return an executor for `descend`, opened as training opens it; use it in a `with` block."""
    return executor.open_executor(processors())


def threads() -> int:
    """Return the number of threads that training uses."""
    return executor.thread_count(processors())


def in_turn(steps: dict[str, Callable[[], Any]], rounds: int, repeat: int = 1) -> dict[str, float]:
    """Return the median seconds of each step; each round calls every step, `repeat` times in a row."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            time.sleep(SETTLE)
            start = time.perf_counter()
            for _ in range(repeat):
                step()
            if number:  # the first round is for warming up
                times[name].append((time.perf_counter() - start) / repeat)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def seconds_of(step: Callable[[], Any]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def process(folder: Path, module: str, *flags: str) -> Process:
    """Run a stage in a folder, as DVC would.

    A small process starts it, because Linux counts a parent's memory at the fork as its child's.
    """
    command = [sys.executable, "-c", LAUNCHER, sys.executable, "-m", module, *flags]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    printed = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
    seconds, kilobytes = printed.splitlines()[-1].split()
    return Process(float(seconds), int(kilobytes) / 1024)


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
