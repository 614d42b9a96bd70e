"""What several tests need: small image sets, and stages run as a user runs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stages.core.archives import from_sample
from stages.core.gradient_descent import BLOCK
from stages.core.images import Images, NormalisedImages, normalise, select, write_normalised

ROOT = Path(__file__).parents[1]
Run = Callable[..., subprocess.CompletedProcess[str]]
TRAIN_FLAGS = {"digit": "3", "alpha": "0.01", "max_iter": "20", "rmse_threshold": "1e-5", "momentum": "0.0"}
SOMEBODY = ["-c", "user.name=n", "-c", "user.email=e@x"]  # to git, which will not commit for nobody
TOLD = {"MNIST_FILE", "DASK_SCHEDULER_ADDRESS", "MAKEFLAGS", "MAKELEVEL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"}


@cache
def sample() -> Images:
    return from_sample()


def sample_images(size: int) -> Images:
    """Return images of the bundled sample, drawn with a seed."""
    rows = np.random.default_rng(0).permutation(len(sample().labels))[:size]
    return Images(sample().pixels[rows], sample().labels[rows])


@pytest.fixture
def images() -> Images:
    return sample_images(400)


@pytest.fixture
def normalised(images: Images) -> NormalisedImages:
    return normalise(images)


@pytest.fixture(scope="session")
def training_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a training set of four blocks and a test set; return the folder, in which a digit can be trained."""
    folder = tmp_path_factory.mktemp("training")
    images = normalise(sample())
    rng = np.random.default_rng(0)
    write_normalised(folder / "data/train", select(images, rng.integers(0, 5000, 3 * BLOCK + 1000)))
    write_normalised(folder / "data/test", select(images, rng.permutation(5000)[:100]))
    return folder


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def stage(tmp_path: Path) -> Run:
    """Run a stage in an empty folder: stage("train_digit", "--digit", "3", ...)."""

    def run(name: str, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"stages.{name}", *flags],
            cwd=tmp_path,
            env=clean_environment(PYTHONPATH=str(ROOT), **environment),
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def clean_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without a network, a git identity, and what it was told by who started it."""
    nowhere = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    environment = os.environ | nowhere | {"GIT_CONFIG_GLOBAL": "/dev/null"} | changes
    return {name: value for name, value in environment.items() if name not in TOLD - set(changes)}


def finished(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, good or bad."""
    changed = clean_environment(**environment)
    return subprocess.run(command, cwd=folder, env=changed, capture_output=True, text=True, timeout=600)


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command that should succeed; return what it printed."""
    result = finished(folder, *command, **environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first of such words in a file that has them."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def stages_run(printed: str) -> list[str]:
    """Return the names of the stages that DVC says it runs."""
    return [line.split("'")[1] for line in printed.splitlines() if line.startswith("Running stage")]


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the pipeline in a fresh clone, on the sample, and commit; for tests to copy, not to change."""
    folder = fresh_clone(tmp_path_factory.mktemp("sample"))
    run(folder, "dvc", "repro")
    commit(folder)
    return folder


def copy_of(folder: Path, place: Path) -> Path:
    """Copy a clone with its data and DVC's cache."""
    return shutil.copytree(folder, place, symlinks=True)


def flags_of(flags: dict[str, str], **changes: str) -> list[str]:
    """Return flags as a command line's words, some changed."""
    return [f"--{name}={value}" for name, value in (flags | changes).items()]


def tracked_files() -> list[Path]:
    """Return the files that git tracks here, relative to the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


def fresh_clone(folder: Path) -> Path:
    """Copy what git tracks to a folder that is a repository of its own, with one commit."""
    for name in tracked_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit everything in a folder, in nobody's name."""
    for command in (["add", "--all"], [*SOMEBODY, "commit", "--allow-empty", "--quiet", "--message=."]):
        subprocess.run(["git", *command], cwd=folder, env=clean_environment(), check=True)


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
