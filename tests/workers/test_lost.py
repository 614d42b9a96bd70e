"""Workers and schedulers that are killed or stopped while a digit trains: the same bytes, or one line."""

import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.clusters import (
    ENDLESS,
    FLAGS,
    LONG,
    LONG_BATCHES,
    MODEL,
    Cluster,
    Process,
    failure,
    trained,
    training,
    wait_for_progress,
)

pytestmark = pytest.mark.slow


def under_way(
    cluster: Cluster, folder: Path, workers: int, flags: list[str] = LONG
) -> tuple[list[Process], subprocess.Popen[str]]:
    """Start workers, and training on them; return these when a hundred iterations are done."""
    started = [cluster.start_worker() for _ in range(workers)]
    process = training(folder, cluster.address, flags)
    wait_for_progress(process.stderr)
    return started, process


@pytest.mark.parametrize("flags", [LONG, LONG_BATCHES], ids=["all images a step", "mini-batches"])
def test_a_worker_that_is_killed_loses_nothing(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes], flags: list[str]
) -> None:
    model = expected(flags)
    (first, _), process = under_way(cluster, training_set, 2, flags)
    first.kill()
    assert trained(training_set, process) == model


def test_a_worker_that_comes_late_takes_over_from_one_that_is_killed(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    (first,), process = under_way(cluster, training_set, 1)
    cluster.start_worker()
    first.kill()
    assert trained(training_set, process) == model


def test_a_worker_that_is_stopped_counts_as_lost_and_does_no_harm_when_it_wakes_up(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    (first, _), process = under_way(cluster, training_set, 2)
    first.send_signal(signal.SIGSTOP)
    wait_for_progress(process.stderr, hundreds="[23]")
    first.send_signal(signal.SIGCONT)
    assert trained(training_set, process) == model


def test_of_four_workers_one_is_stopped_and_one_killed(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(LONG)
    workers, process = under_way(cluster, training_set, 4)
    workers[0].send_signal(signal.SIGSTOP)
    workers[1].kill()
    assert trained(training_set, process) == model


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_a_lost_scheduler_leaves_the_old_model(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes], sent: signal.Signals
) -> None:
    model = expected(FLAGS)
    cluster.start_worker()
    process = training(training_set, cluster.address, ENDLESS)
    (training_set / MODEL).write_bytes(model)
    wait_for_progress(process.stderr)
    cluster.scheduler.send_signal(sent)
    assert "fails (" in failure(process)
    assert (training_set / MODEL).read_bytes() == model
    assert [path.name for path in (training_set / MODEL).parent.iterdir()] == ["3.npy"]


def test_all_workers_lost(cluster: Cluster, training_set: Path) -> None:
    (worker,), process = under_way(cluster, training_set, 1, ENDLESS)
    worker.kill()
    assert "no answer from a running worker" in failure(process)


def test_a_worker_that_dask_pauses_counts_as_lost(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(FLAGS)
    cluster.start_worker("--nthreads=1", "--no-nanny", "--memory-limit=20MB")
    assert "no answer from a running worker" in failure(training(training_set, cluster.address))
    cluster.start_worker()
    assert trained(training_set, training(training_set, cluster.address)) == model


def test_a_worker_that_its_nanny_kills_again_and_again_is_given_up(cluster: Cluster, training_set: Path) -> None:
    cluster.start_worker("--nthreads=1", "--memory-limit=90MB")  # less than a worker takes when it starts
    assert re.search("lost workers 10 times in a row|no answer from", failure(training(training_set, cluster.address)))
