"""Start a Dask scheduler and workers on this machine, for as long as a `with` block lasts."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from distributed import Client

from benchmarks.measure import ROOT


class Cluster(NamedTuple):
    """A scheduler's address, its process, and its workers' processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(folder: Path, workers: int, threads: int) -> Iterator[Cluster]:
    """Start a scheduler and workers with `threads` threads each; stop them at the end."""
    file = folder / f"scheduler-{workers}.json"
    with ExitStack() as stack:

        def start(*flags: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "dask", *flags, "--no-dashboard"]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        scheduler = start("scheduler", "--host=127.0.0.1", "--port=0", f"--scheduler-file={file}")
        while not file.exists():
            time.sleep(0.1)
        flags = [f"--scheduler-file={file}", f"--local-directory={folder}", "--no-nanny", f"--nthreads={threads}"]
        started = [start("worker", *flags) for _ in range(workers)]
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(workers)
            address = str(client.scheduler_info()["address"])
        yield Cluster(address, scheduler, started)
        file.unlink()


def peak_megabytes(process: int) -> float:
    """Return the peak memory of a running process, by its process id."""
    held = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(held[1]) / 1024 if held else 0.0
