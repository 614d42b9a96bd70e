"""The fetch stage as a process: which source it takes, what it says, and that good images outlive every failure."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from stages import fetch
from stages.images.form import write_images
from stages.sources import deadline
from stages.sources.archives import IDX, MAT
from tests.helpers import ROOT, Run, clean_environment, everything, refused, sample_images
from tests.sources import web
from tests.sources.test_archives import zip_of
from tests.sources.test_hosts import AMAZON, DRIVE, GITHUB, GOOGLE, needs_mnist
from tests.sources.web import Answer, Web

SOURCES = ["drive", "amplab", "cvdf", "ossci"]
FLAGS = ["--sources", *SOURCES, "--sha256", "None", "--offline"]


@pytest.fixture
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web.serving(tmp_path_factory.mktemp("web")) as served:
        yield served


def test_without_a_network_the_sample_is_taken_loudly(stage: Run, tmp_path: Path) -> None:
    result = stage("fetch", *FLAGS, "sample")
    assert result.returncode == 0
    first = result.stderr.splitlines()[:4]
    assert [line.partition(": proxy failure")[0] for line in first] == [f"fetch: {source}" for source in SOURCES]
    assert "NO SOURCE ANSWERED: going on with a SAMPLE of 5,000 images" in result.stderr
    assert result.stdout == "mnist-sample: 5,000 images -> data/mnist\n"
    assert np.load(tmp_path / "data/mnist/images.npy").shape == (5000, 784)


def test_without_a_network_fail_fails_and_says_what_to_do(stage: Run, tmp_path: Path) -> None:
    result = stage("fetch", *FLAGS, "fail")
    assert result.returncode == 3
    assert "MNIST_FILE=path dvc repro" in result.stderr
    assert "set fetch.offline to 'sample'" in result.stderr
    assert result.stderr.endswith("fetch: no source has the images, tried drive, amplab, cvdf, ossci\n")
    assert not everything(tmp_path)


def test_four_sources_that_never_end_are_given_up_each_with_its_reason(
    stage: Run, internet: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "WINDOW", 0.6)
    monkeypatch.setattr(deadline, "SLOWEST", 200_000)
    internet.tunnels = {DRIVE: web.drip_header, AMAZON: web.silence}
    internet.answers = {GITHUB: [web.drip_header], GOOGLE: [web.drip]}
    result = stage("fetch", *FLAGS, "fail", **internet.environment)
    assert result.returncode == 3
    lines = result.stderr.splitlines()[:4]
    assert [line.partition(" bytes")[0] for line in lines] == [f"fetch: {source}: too slow: 0" for source in SOURCES]
    assert not everything(tmp_path)


def test_a_slow_source_is_told_once(stage: Run, internet: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TELL_AFTER", 0.3)
    monkeypatch.setattr(deadline, "WINDOW", 0.9)
    monkeypatch.setattr(deadline, "SLOWEST", 200_000)
    internet.answers = {AMAZON: [web.drip_header]}
    result = stage("fetch", "--sources", "ossci", *FLAGS[-3:], "fail", **internet.environment)
    assert result.stderr.startswith("fetch: ossci: 0 bytes after 0.3 s, waiting for more\nfetch: ossci: too slow: ")


def test_wrong_files_everywhere_are_no_reason_for_the_sample(stage: Run, internet: Web, tmp_path: Path) -> None:
    internet.answers = {host: [web.body(b"other")] for host in (DRIVE, GITHUB, GOOGLE, AMAZON)}
    result = stage("fetch", *FLAGS, "sample", **internet.environment)
    assert result.returncode == 4
    lines = result.stderr.splitlines()
    assert lines[0].startswith("fetch: drive: damaged archive: ")
    for line, expected in zip(lines[1:4], [MAT, *[next(iter(IDX.values()))] * 2], strict=True):
        assert f"expected {expected.size} bytes with sha256 {expected.sha256}" in line
    assert not everything(tmp_path)


@needs_mnist
def test_the_next_source_is_taken_when_one_fails(stage: Run, internet: Web, tmp_path: Path) -> None:
    with zipfile.ZipFile(os.environ["MNIST_FILE"]) as archive:
        mat = archive.read("mnist-original.mat")
    internet.answers = {DRIVE: [web.status(404)], GITHUB: [web.status(500), web.body(mat)]}
    result = stage("fetch", *FLAGS, "fail", **internet.environment)
    assert (result.returncode, result.stdout) == (0, "mnist-original: 70,000 images -> data/mnist\n")
    assert len(result.stderr.splitlines()) == 1
    assert np.load(tmp_path / "data/mnist/labels.npy").size == 70_000


@needs_mnist
def test_good_images_stay_when_no_source_answers(stage: Run, internet: Web, tmp_path: Path) -> None:
    assert stage("fetch", *FLAGS, "fail", MNIST_FILE=os.environ["MNIST_FILE"]).returncode == 0
    before = everything(tmp_path)
    internet.answers = {host: [web.body(b"other")] for host in (DRIVE, GITHUB, GOOGLE, AMAZON)}
    for offline, environment in (("sample", {}), ("fail", {}), ("fail", internet.environment)):
        result = stage("fetch", *FLAGS, offline, **environment)
        assert result.returncode == 0
        assert "keeping the images in data/mnist" in result.stderr
        assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["nowhere", "folder"])
def test_a_file_by_hand_that_is_missing_is_named(stage: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    refused(stage("fetch", *FLAGS, "sample", MNIST_FILE=name), 3, name)


@pytest.mark.parametrize("content", [b"no digits", b"PK\x03\x04no digits", zip_of(("../x", b"no digits"))])
def test_a_file_by_hand_that_is_not_mnist_is_refused(stage: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mnist.mat.zip").write_bytes(content)
    refused(stage("fetch", *FLAGS, "sample", MNIST_FILE="mnist.mat.zip"), 4, "mnist.mat.zip: ")
    assert everything(tmp_path) == {"mnist.mat.zip": content}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
@pytest.mark.parametrize(
    ("source", "host", "answer"),
    [("drive", DRIVE, web.drip), ("amplab", GITHUB, web.drip), ("cvdf", GOOGLE, web.drip_header)],
)
def test_an_interrupted_transfer_leaves_the_old_images_and_nothing_else(
    internet: Web, tmp_path: Path, source: str, host: str, answer: Answer, number: signal.Signals, code: int
) -> None:
    write_images(tmp_path / "data/mnist", sample_images(50))
    before = everything(tmp_path)
    internet.answers[host] = [answer]
    command = [sys.executable, "-m", "stages.fetch", "--sources", source, "--sha256=None", "--offline=sample"]
    environment = clean_environment(PYTHONPATH=str(ROOT), **internet.environment)
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as process:
        while not internet.asked:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(number)
        process.communicate(timeout=30)
    assert process.returncode == code
    assert everything(tmp_path) == before
