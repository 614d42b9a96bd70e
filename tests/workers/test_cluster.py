"""Training on real Dask clusters on 127.0.0.1: the same bytes as here, and one line where a cluster fails."""

import re
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import ROOT, copy_of, finished, run, stages_run
from tests.workers.clusters import BATCHES, CONNECT, FLAGS, IMPATIENT, MODEL, Cluster, failure, trained, training

NOBODY = "tcp://127.0.0.1:9"


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


def test_the_same_bytes_by_mini_batches(
    cluster: Cluster, training_set: Path, expected: Callable[[list[str]], bytes]
) -> None:
    cluster.start_worker()
    assert trained(training_set, training(training_set, cluster.address, BATCHES)) == expected(BATCHES)


@pytest.mark.slow
def test_an_address_that_listens_and_says_nothing(training_set: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        said = failure(training(training_set, f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
    assert "fails (no answer from the scheduler within 5 s)" in said


def test_a_scheduler_that_does_not_answer(training_set: Path) -> None:
    said = failure(training(training_set, NOBODY))
    assert said.startswith("train_digit: Dask at tcp://127.0.0.1:9 fails (")
    assert said.endswith("; unset DASK_SCHEDULER_ADDRESS to train here")
    assert not (training_set / MODEL).exists()


def test_an_address_in_dasks_configuration(training_set: Path, tmp_path: Path) -> None:
    (tmp_path / "dask.yaml").write_text("scheduler-address: tcp://127.0.0.1:9\n")
    environment = {"PYTHONPATH": str(ROOT), "DASK_CONFIG": str(tmp_path)} | IMPATIENT
    result = finished(training_set, sys.executable, "-m", "stages.train_digit", *FLAGS, **environment)
    assert result.returncode == 3
    assert result.stderr.startswith("train_digit: Dask at tcp://127.0.0.1:9 fails ")


@pytest.mark.slow
def test_whoever_is_waited_for_is_named_after_a_while(training_set: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        _, stderr = training(training_set, address, **{CONNECT: "12s"}).communicate(timeout=60)
    assert "waiting for Dask: the scheduler\n" in stderr


@pytest.mark.slow
def test_an_address_or_a_setting_that_is_none_ends_in_one_line(training_set: Path) -> None:
    addresses = "nowhere 5 True [1,2] {}{} tls://127.0.0.1:9 ucx://127.0.0.1:9 tcp://127.0.0.1:1e9"
    odd = [(address, {}) for address in addresses.split()]
    odd += [(NOBODY, {CONNECT: time}) for time in ["soon", "-1", "1e400", "1e9", "[]", "nan", "None"]]
    odd += [(NOBODY, {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}), (NOBODY, {"DASK_DISTRIBUTED": "5"})]
    for process in [training(training_set, address, **settings) for address, settings in odd]:  # all at once
        assert failure(process).startswith("train_digit: Dask")


@pytest.mark.slow
def test_a_scheduler_without_workers(cluster: Cluster, training_set: Path) -> None:
    assert "no answer from a running worker within 10 s" in failure(training(training_set, cluster.address))


@pytest.mark.slow
def test_a_worker_with_other_code(cluster: Cluster, training_set: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "stages", other / "stages")
    with (other / "stages/core/exact.py").open("a") as file:
        file.write("# other\n")
    cluster.start_worker("--nthreads=1", "--no-nanny", code=other)
    said = failure(training(training_set, cluster.address))
    assert re.search(r"\(worker tcp://[\d.:]+: it has other code, [0-9a-f]{16}, expected [0-9a-f]{16}\);", said)


@pytest.mark.slow
def test_a_worker_needs_no_clone_and_takes_other_code_when_that_is_sent(
    cluster: Cluster, training_set: Path, tmp_path: Path, expected: Callable[[list[str]], bytes]
) -> None:
    model = expected(FLAGS)
    cluster.start_worker("--nworkers=1", "--nthreads=1", code=tmp_path)
    assert trained(training_set, training(training_set, cluster.address)) == model
    other = tmp_path / "other"
    shutil.copytree(ROOT / "stages", other / "stages")
    with (other / "stages/core/exact.py").open("a") as file:
        file.write("# other\n")
    assert trained(training_set, training(training_set, cluster.address, PYTHONPATH=str(other))) == model


@pytest.mark.slow
def test_a_worker_without_the_packages(cluster: Cluster, training_set: Path, tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise ModuleNotFoundError(\"No module named 'numpy'\", name='numpy')")
    cluster.start_worker("--nthreads=1", "--no-nanny", code=tmp_path, python=sys.executable)
    said = failure(training(training_set, cluster.address))
    assert re.search(r"\(worker tcp://[\d.:]+: No module named 'numpy'\);", said)


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_a_cluster_without_dask_installed(training_set: Path, tmp_path: Path, missing: str) -> None:
    hide = f"import importlib.util, sys; sys.modules['{missing}'] = None"
    (tmp_path / "sitecustomize.py").write_text(hide)
    process = training(training_set, NOBODY, python=sys.executable, PYTHONPATH=f"{tmp_path}:{ROOT}")
    said = failure(process)
    assert said.startswith("train_digit: DASK_SCHEDULER_ADDRESS is tcp://127.0.0.1:9, but ")
    assert said.endswith("run 'python install.py dask'")


@pytest.mark.slow
def test_the_pipeline_leaves_the_lock_as_it_was(cluster: Cluster, sample_run: Path, tmp_path: Path) -> None:
    clone = copy_of(sample_run, tmp_path / "clone")
    cluster.start_worker("--nworkers=2", "--nthreads=1")
    command = ["dvc", "repro", "--force", "--single-item", "train_digit@3", "train_digit@8"]
    printed = run(clone, *command, DASK_SCHEDULER_ADDRESS=cluster.address)
    assert stages_run(printed) == ["train_digit@3", "train_digit@8"]
    assert run(clone, "git", "status", "--porcelain") == ""
