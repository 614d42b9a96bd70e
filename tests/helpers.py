"""Helpers for many tests: run commands as a user does, make clones, edit files."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import Examples
from stages.images.form import Images
from stages.normalize_split import files_of
from stages.sources.archives import from_sample
from stages.storage.sets import write_set

ROOT = Path(__file__).parents[1]
COMPILED = str(ROOT / "stages/core/__pycache__")  # the compiled loops, which all clones of the same code share
Run = Callable[..., subprocess.CompletedProcess[str]]
TRAIN_FLAGS = {
    "digit": "3",
    "method": "gradient_descent",
    "alpha": "0.01",
    "max_iter": "20",
    "rmse_threshold": "1e-5",
    "momentum": "0.0",
    "batch": "0",
    "seed": "42",
    "l2": "0.0",
}
ENDLESS = TRAIN_FLAGS | {"alpha": "1e-9", "max_iter": "100000000"}
CLASSES = {"labels": "0 1 2 3 4 5 6 7 8 9", "names": "0 1 2 3 4 5 6 7 8 9"}
SPLIT_FLAGS = {"seed": "42", "features": "pixels", **CLASSES, "test_size": "0.2", "validation_size": "0.0"}
VIDEO_FLAGS = {"seed": "42", "examples": "3", "fps": "2"}
FASTER = "dvc exp run --name faster --set-param train.alpha=0.03"  # the README's first experiment
SOMEBODY = ["-c", "user.name=n", "-c", "user.email=e@x"]  # an identity for git, which does not commit without one
UNSET = {"MNIST_FILE", "DASK_SCHEDULER_ADDRESS", "MAKEFLAGS", "MAKELEVEL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"}
UNSET |= {"PYTHONDONTWRITEBYTECODE"}  # with it, each process would compile a clone's sources again


@cache
def sample() -> Images:
    return from_sample()


def sample_images(size: int) -> Images:
    """Return `size` random images of the bundled sample, always the same ones."""
    rows = np.random.default_rng(0).permutation(len(sample().labels))[:size]
    return Images(sample().pixels[rows], sample().labels[rows])


def clean_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without a network, a git identity, and the variables in UNSET.

    `dvc` and `python` come from the Python that runs the tests.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    nowhere = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    here = {"GIT_CONFIG_GLOBAL": "/dev/null", "NUMBA_CACHE_DIR": COMPILED, "PATH": path}
    environment = os.environ | nowhere | here | changes
    return {name: value for name, value in environment.items() if name not in UNSET - set(changes)}


def finished(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; return its output and exit code, whether it succeeded or not."""
    changed = clean_environment(**environment)
    return subprocess.run(command, cwd=folder, env=changed, capture_output=True, text=True, timeout=600)


def environment_becomes(patch: pytest.MonkeyPatch, wanted: dict[str, str]) -> None:
    """Give this process just these environment variables, until the patch ends."""
    for name in os.environ.keys() - wanted.keys():
        patch.delenv(name)
    for name, value in wanted.items():
        patch.setenv(name, value)


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command that must succeed; return what it printed."""
    result = finished(folder, *command, **environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def refused(result: subprocess.CompletedProcess[str], code: int, name: str) -> None:
    """Assert that a command ended with a code, and with one line that names a file or a flag."""
    assert (result.returncode, result.stderr.count("\n")) == (code, 1), result.stderr
    assert name in result.stderr


def commands_of(document: str) -> list[str]:
    """Return the commands in a document's console blocks, without the comments behind them."""
    blocks = re.findall(r"^```console\n(.*?)^```", document, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.split(r" +# ", line.removeprefix("$ "))[0] for line in lines]


def with_environment(clone: Path) -> Path:
    """Link this process's virtual environment into a clone, so that `make` has nothing to install."""
    (clone / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (clone / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    locked = b"".join((clone / name).read_bytes() for name in ("uv.lock", "requirements.txt"))
    (clone / ".venv/installed").write_text(f"{hashlib.sha256(locked).hexdigest()} test")
    return clone


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file, which must have it."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def stages_run(printed: str) -> list[str]:
    """Return the names of the stages that DVC says it runs."""
    return [line.split("'")[1] for line in printed.splitlines() if line.startswith("Running stage")]


def copy_of(folder: Path, place: Path) -> Path:
    """Copy a clone with its data and DVC's cache."""
    return shutil.copytree(folder, place, symlinks=True)


def flags_of(flags: dict[str, str], **changes: str) -> list[str]:
    """Return flags, some of them changed, as arguments of a command line."""
    given = (flags | changes).items()
    return [
        word
        for name, value in given
        for word in ([f"--{name}", *value.split()] if name in CLASSES else [f"--{name}={value}"])
    ]


def classes_flags(names: Sequence[str]) -> list[str]:
    """Return the flags that name classes, as arguments of a command line."""
    return ["--labels", *map(str, range(len(names))), "--names", *names]


COMBINE_FLAGS = classes_flags("0123456789")


def tracked_files() -> list[Path]:
    """Return the files that git tracks here, relative to the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


def fresh_clone(folder: Path) -> Path:
    """Copy the files that git tracks to a folder, and make it a repository with one commit."""
    for name in tracked_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit everything in a folder, under a made-up name."""
    for command in (["add", "--all"], [*SOMEBODY, "commit", "--allow-empty", "--quiet", "--message=."]):
        subprocess.run(["git", *command], cwd=folder, env=clean_environment(), check=True)


def write_examples(folder: Path, examples: Examples) -> None:
    """Write a set as `normalize_split` does."""
    write_set(folder, files_of(examples))


def everything(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files below a folder, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limit the size of files that this process writes, in bytes."""
    import resource  # not on Windows

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
