"""Training on real Dask clusters on 127.0.0.1: the same bytes as here, and one line when a cluster fails."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.helpers import ROOT, TRAIN_FLAGS, clean_environment, copy_of, finished, flags_of, run, stages_run

Process = subprocess.Popen[bytes]
FLAGS = flags_of(TRAIN_FLAGS, max_iter="60", method="lbfgs")
LONG = flags_of(TRAIN_FLAGS, max_iter="300", momentum="0.9")
IMPATIENT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}  # 30 s by default
MODEL = "data/models/digit_3.npy"


class Cluster:
    """A scheduler, which knows nothing of this project, and its workers; each a process with a log in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.scheduler = self.start("scheduler", "--host=127.0.0.1", "--port=0", code=folder)
        self.address = self.found(r"Scheduler at: +(tcp\S+)", self.scheduler)

    def start(self, what: str, *flags: str, code: Path = ROOT) -> Process:
        """Start one of Dask's programs in a folder, whose code it then finds."""
        command = [sys.executable, "-m", "dask", what, "--no-dashboard", *flags]
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            self.processes.append(subprocess.Popen(command, cwd=code, env=clean_environment(), stdout=log, stderr=log))
        return self.processes[-1]

    def start_worker(self, *flags: str, code: Path = ROOT) -> Process:
        """Start a worker, by default with one thread; wait until the scheduler knows it."""
        local = f"--local-directory={self.folder / str(len(self.processes))}"
        worker = self.start("worker", self.address, local, *(flags or ("--nthreads=1", "--no-nanny")), code=code)
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
        for process in reversed(self.processes):
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def expected(training_set: Path) -> Callable[[list[str]], bytes]:
    """Return what training on this machine writes."""
    models: dict[str, bytes] = {}

    def of(flags: list[str]) -> bytes:
        key = " ".join(flags)
        if key not in models:
            run(training_set, sys.executable, "-m", "stages.train_digit", *flags, PYTHONPATH=str(ROOT))
            models[key] = (training_set / MODEL).read_bytes()
        return models[key]

    return of


def training(folder: Path, address: str, flags: list[str] = FLAGS, **environment: str) -> subprocess.Popen[str]:
    """Start training on a cluster, without an old model."""
    (folder / MODEL).unlink(missing_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "stages.train_digit", "--progress", *flags],
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
    """Return the one line with which training ends for want of a cluster."""
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 3, stderr
    lines = [line for line in re.split("[\r\n]", stderr) if line.strip() and "it/s]" not in line and "0%" not in line]
    assert len(lines) == 1, stderr
    return lines[0]


def trained(folder: Path, process: subprocess.Popen[str]) -> bytes:
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    return (folder / MODEL).read_bytes()


@pytest.mark.parametrize(
    "workers",
    [
        [["--nthreads=1", "--no-nanny"]],
        [["--nthreads=2", "--no-nanny"]],
        [["--nworkers=2", "--nthreads=1"]],
        [["--nthreads=1", "--no-nanny"]] * 4,
    ],
    ids=["one", "two threads", "two processes", "four"],
)
def test_the_same_bytes_on(
    workers: list[list[str]], cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(FLAGS)
    for flags in workers:
        cluster.start_worker(*flags)
    assert trained(training_set, training(training_set, cluster.address)) == model


def test_a_worker_that_is_killed_loses_nothing(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    first, _ = cluster.start_worker(), cluster.start_worker()
    process = training(training_set, cluster.address, LONG)
    wait_for_progress(process.stderr)
    first.kill()
    assert trained(training_set, process) == model


def test_a_worker_that_comes_late_takes_over_from_one_that_is_killed(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    first = cluster.start_worker()
    process = training(training_set, cluster.address, LONG)
    wait_for_progress(process.stderr)
    cluster.start_worker()
    first.kill()
    assert trained(training_set, process) == model


def test_a_worker_that_is_stopped_counts_as_lost_and_does_no_harm_when_it_wakes_up(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    first, _ = cluster.start_worker(), cluster.start_worker()
    process = training(training_set, cluster.address, LONG)
    wait_for_progress(process.stderr)
    first.send_signal(signal.SIGSTOP)
    wait_for_progress(process.stderr, hundreds="[23]")
    first.send_signal(signal.SIGCONT)
    assert trained(training_set, process) == model


def test_of_four_workers_one_is_stopped_and_one_killed(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    workers = [cluster.start_worker() for _ in range(4)]
    process = training(training_set, cluster.address, LONG)
    wait_for_progress(process.stderr)
    workers[0].send_signal(signal.SIGSTOP)
    workers[1].kill()
    assert trained(training_set, process) == model


def test_an_address_that_listens_and_says_nothing(training_set: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        said = failure(training(training_set, f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
    assert "does not answer" in said


@pytest.mark.parametrize(("sent", "said"), [(signal.SIGKILL, "was lost"), (signal.SIGSTOP, "does not answer")])
def test_a_lost_scheduler_leaves_the_old_model(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes], sent: signal.Signals, said: str
) -> None:
    model = expected(FLAGS)
    cluster.start_worker()
    process = training(training_set, cluster.address, LONG)
    (training_set / MODEL).write_bytes(model)
    wait_for_progress(process.stderr)
    cluster.scheduler.send_signal(sent)
    assert f"{said}; unset DASK_SCHEDULER_ADDRESS" in failure(process)
    assert (training_set / MODEL).read_bytes() == model
    assert [path.name for path in (training_set / MODEL).parent.iterdir()] == ["digit_3.npy"]


def test_all_workers_lost(cluster: Cluster, training_set: Path) -> None:
    worker = cluster.start_worker()
    process = training(training_set, cluster.address, LONG)
    wait_for_progress(process.stderr)
    worker.kill()
    assert "has no worker" in failure(process)


def test_a_scheduler_that_does_not_answer(training_set: Path) -> None:
    said = failure(training(training_set, "tcp://127.0.0.1:9"))
    assert said.startswith("train_digit: Dask's scheduler tcp://127.0.0.1:9 does not answer; unset DASK_SCHEDULER_")
    assert not (training_set / MODEL).exists()


def test_an_address_in_dasks_configuration(training_set: Path, tmp_path: Path) -> None:
    (tmp_path / "dask.yaml").write_text("scheduler-address: tcp://127.0.0.1:9\n")
    environment = {"PYTHONPATH": str(ROOT), "DASK_CONFIG": str(tmp_path)} | IMPATIENT
    result = finished(training_set, sys.executable, "-m", "stages.train_digit", *FLAGS, **environment)
    assert result.returncode == 3
    assert result.stderr.startswith("train_digit: Dask's scheduler tcp://127.0.0.1:9 does not answer")


def test_an_address_that_is_none(training_set: Path) -> None:
    assert "does not answer" in failure(training(training_set, "nowhere"))


def test_a_scheduler_without_workers(cluster: Cluster, training_set: Path) -> None:
    assert "has no worker" in failure(training(training_set, cluster.address))


def test_a_worker_with_other_code(cluster: Cluster, training_set: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "stages", other / "stages")
    with (other / "stages/core/exact.py").open("a") as file:
        file.write("# other\n")
    cluster.start_worker("--nthreads=1", "--no-nanny", code=other)
    said = failure(training(training_set, cluster.address))
    assert re.search(r"has a worker, tcp://[\d.:]+, with other code or packages \([0-9a-f]{16}\);", said)


def test_a_worker_needs_no_clone_and_takes_other_code_when_that_is_sent(
    cluster: Cluster, training_set: Path, tmp_path: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(FLAGS)
    cluster.start_worker("--nthreads=1", "--no-nanny", code=tmp_path)
    assert trained(training_set, training(training_set, cluster.address)) == model
    other = tmp_path / "other"
    shutil.copytree(ROOT / "stages", other / "stages")
    with (other / "stages/core/exact.py").open("a") as file:
        file.write("# other\n")
    assert trained(training_set, training(training_set, cluster.address, PYTHONPATH=str(other))) == model


def test_a_worker_without_the_packages(cluster: Cluster, training_set: Path, tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ModuleNotFoundError(\"No module named 'numba'\", name='numba')")
    cluster.start_worker("--nthreads=1", "--no-nanny", code=tmp_path)
    said = failure(training(training_set, cluster.address))
    assert "with other code or packages (No module named 'numba');" in said


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_a_cluster_without_dask_installed(training_set: Path, tmp_path: Path, missing: str) -> None:
    hide = f"import importlib.util, sys; sys.modules['{missing}'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide)
    process = training(training_set, "tcp://127.0.0.1:9", PYTHONPATH=f"{tmp_path}:{ROOT}")
    said = failure(process)
    assert said.startswith("train_digit: DASK_SCHEDULER_ADDRESS is tcp://127.0.0.1:9, but ")
    assert said.endswith("pip install -r requirements-dask.txt")


def test_the_pipeline_leaves_the_lock_as_it_was(cluster: Cluster, sample_run: Path, tmp_path: Path) -> None:
    clone = copy_of(sample_run, tmp_path / "clone")
    cluster.start_worker("--nworkers=2", "--nthreads=1")
    command = ["dvc", "repro", "--force", "--single-item", "train_digit@3", "train_digit@8"]
    printed = run(clone, *command, DASK_SCHEDULER_ADDRESS=cluster.address)
    assert stages_run(printed) == ["train_digit@3", "train_digit@8"]
    assert run(clone, "git", "status", "--porcelain") == ""
