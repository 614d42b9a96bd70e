"""Training on real Dask clusters on 127.0.0.1: the same bytes as here, and one line where a cluster cannot serve."""

import re
import shutil
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from stages.core.examples import Examples
from stages.core.passes import blocks_of, passes
from stages.workers import lines
from stages.workers.cluster import Cluster as Workers
from tests.helpers import ROOT, copy_of, finished, run, stages_run
from tests.workers.clusters import FLAGS, IMPATIENT, MODEL, Cluster, failure, trained, training


@pytest.mark.parametrize(
    "workers",
    [
        pytest.param([["--nthreads=1", "--no-nanny"]], marks=pytest.mark.slow),
        pytest.param([["--nthreads=2", "--no-nanny"]], marks=pytest.mark.slow),
        [["--nworkers=2", "--nthreads=1"]],
        pytest.param([["--nthreads=1", "--no-nanny"]] * 4, marks=pytest.mark.slow),
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


@pytest.mark.parametrize("near", [True, False])
def test_workers_are_called_on_lines_or_through_dask_if_one_cannot_be_reached(
    near: bool,
    cluster: Cluster,
    normalised: Examples,
    executor: Executor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster.start_worker()
    cluster.start_worker()
    blocks, theta = blocks_of(normalised, (normalised.labels == 3).astype(np.uint8)) * 2, np.zeros(785)
    if not near:
        monkeypatch.setattr(lines, "answer_challenge", Mock(side_effect=OSError))
    with Workers(cluster.address) as workers:
        point = passes(blocks, workers)(theta)
        assert len(workers.lines.to) == 2 * near
    assert point.gradient.tobytes() == passes(blocks, executor)(theta).gradient.tobytes()


@pytest.mark.slow
def test_an_address_that_listens_and_says_nothing(training_set: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        said = failure(training(training_set, f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
    assert "does not answer" in said


def test_a_scheduler_that_does_not_answer(training_set: Path) -> None:
    said = failure(training(training_set, "tcp://127.0.0.1:9"))
    assert said.startswith("train_digit: Dask's scheduler tcp://127.0.0.1:9 does not answer; unset DASK_SCHEDULER_")
    assert not (training_set / MODEL).exists()


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_worker_without_the_packages(cluster: Cluster, training_set: Path, tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ModuleNotFoundError(\"No module named 'numba'\", name='numba')")
    cluster.start_worker("--nthreads=1", "--no-nanny", code=tmp_path, python=sys.executable)
    said = failure(training(training_set, cluster.address))
    assert "with other code or packages (No module named 'numba');" in said


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_a_cluster_without_dask_installed(training_set: Path, tmp_path: Path, missing: str) -> None:
    hide = f"import importlib.util, sys; sys.modules['{missing}'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide)
    process = training(training_set, "tcp://127.0.0.1:9", python=sys.executable, PYTHONPATH=f"{tmp_path}:{ROOT}")
    said = failure(process)
    assert said.startswith("train_digit: DASK_SCHEDULER_ADDRESS is tcp://127.0.0.1:9, but ")
    assert said.endswith("python install.py dask")


@pytest.mark.slow
def test_the_pipeline_leaves_the_lock_as_it_was(cluster: Cluster, sample_run: Path, tmp_path: Path) -> None:
    clone = copy_of(sample_run, tmp_path / "clone")
    cluster.start_worker("--nworkers=2", "--nthreads=1")
    command = ["dvc", "repro", "--force", "--single-item", "train_digit@3", "train_digit@8"]
    printed = run(clone, *command, DASK_SCHEDULER_ADDRESS=cluster.address)
    assert stages_run(printed) == ["train_digit@3", "train_digit@8"]
    assert run(clone, "git", "status", "--porcelain") == ""
