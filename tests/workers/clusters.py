"""Dask clusters on 127.0.0.1 for the tests: processes that tests can stop and kill, and training on them."""

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from tests.helpers import ROOT, TRAIN_FLAGS, clean_environment, flags_of

Process = subprocess.Popen[bytes]
FLAGS = flags_of(TRAIN_FLAGS, max_iter="60", method="lbfgs")
LONG = flags_of(TRAIN_FLAGS, max_iter="600", momentum="0.9")
BATCHES = flags_of(TRAIN_FLAGS, max_iter="5", method="sgd", batch="128", momentum="0.9")
LONG_BATCHES = flags_of(TRAIN_FLAGS, max_iter="600", method="sgd", batch="128", momentum="0.9")
ENDLESS = flags_of(TRAIN_FLAGS, max_iter="100000")
CONNECT = "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"
IMPATIENT = {CONNECT: "5s"}  # 30 s by default
MODEL = "data/models/digits/3.npy"


class Cluster:
    """A scheduler, which knows nothing of this project, and its workers; each a process with a log in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.scheduler = self.start("scheduler", "--host=127.0.0.1", "--port=0", code=folder)
        self.address = self.found(r"Scheduler at: +(tcp\S+)", self.scheduler)

    def start(self, what: str, *flags: str, code: Path = ROOT, python: str = "python") -> Process:
        """Start one of Dask's programs in a folder, so that it finds the code there."""
        command = [python, "-m", "dask", what, "--no-dashboard", *flags]
        environment = clean_environment()
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            self.processes.append(subprocess.Popen(command, cwd=code, env=environment, stdout=log, stderr=log))
        return self.processes[-1]

    def start_worker(self, *flags: str, **how: Any) -> Process:
        """Start a worker, by default with one thread; wait until the scheduler knows it."""
        local = f"--local-directory={self.folder / str(len(self.processes))}"
        worker = self.start("worker", self.address, local, *(flags or ("--nthreads=1", "--no-nanny")), **how)
        self.found("Registered to", worker)
        return worker

    def found(self, pattern: str, process: Process) -> str:
        """Wait until a process has logged something; return it."""
        log = self.folder / f"{self.processes.index(process)}.log"
        for _ in range(600):
            if match := re.search(pattern, log.read_text()):
                return match.group(match.lastindex or 0)
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        raise TimeoutError(log.read_text())

    def stop(self) -> None:
        """End all processes, the scheduler last."""
        scheduler, *workers = self.processes
        for some in (workers, [scheduler]):
            for process in some:
                process.send_signal(signal.SIGCONT)
                process.terminate()
            for process in some:
                end(process)


def end(process: Process) -> None:
    """Wait until a process has ended; after a stop it may be busy catching up."""
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def training(
    folder: Path, address: str, flags: list[str] = FLAGS, python: str = "python", **environment: str
) -> subprocess.Popen[str]:
    """Start training on a cluster, without an old model."""
    (folder / MODEL).unlink(missing_ok=True)
    return subprocess.Popen(
        [python, "-m", "stages.train_digit", "--progress", *flags],
        cwd=folder,
        env=clean_environment(**{"PYTHONPATH": str(ROOT), "DASK_SCHEDULER_ADDRESS": address} | IMPATIENT | environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_progress(stderr: IO[str] | None, hundreds: str = "[1-9]") -> None:
    """Read until some hundred iterations are done."""
    seen = ""
    while stderr and not re.search(rf" {hundreds}\d\d/", seen):
        seen += stderr.read(1)


def failure(process: subprocess.Popen[str]) -> str:
    """Return the one line with which training ends if its cluster fails."""
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 3, stderr
    noise = re.compile(r"\s*$|.*it/s\]|.*0%|waiting for Dask: ")
    lines = [line for line in re.split("[\r\n]", stderr) if not noise.match(line)]
    assert len(lines) == 1, stderr
    return lines[0]


def trained(folder: Path, process: subprocess.Popen[str]) -> bytes:
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    return (folder / MODEL).read_bytes()
