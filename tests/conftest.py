"""Fixtures for many tests: small image sets, a function that runs a stage, a finished run of the pipeline."""

import contextlib
import gc
import importlib
import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import hypothesis
import numpy as np
import pytest
from filelock import FileLock

from stages.command import process
from stages.core.blocks import BLOCK
from stages.core.examples import Examples, normalise, select
from stages.images.form import Images
from stages.storage.sets import write_set
from tests.helpers import (
    FASTER,
    ROOT,
    Run,
    clean_environment,
    commit,
    copy_of,
    edit,
    environment_becomes,
    fresh_clone,
    run,
    sample,
    sample_images,
    write_examples,
)

FIRST = ("pipeline/test_experiments.py", "faults", "report", "workers", "core", "sources", "project", "pipeline")
Once = Callable[[str, Callable[[Path], None]], Path]
hypothesis.settings.register_profile("any machine", deadline=None)  # no time limit, so that a slow machine passes
hypothesis.settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slowest tests, then those that do not need the run on the sample, which the first ones make."""

    def place(item: pytest.Item) -> int:
        return next((i for i, path in enumerate(FIRST) if item.path.is_relative_to(ROOT / "tests" / path)), len(FIRST))

    items.sort(key=place)


@pytest.fixture
def images() -> Images:
    return sample_images(400)


@pytest.fixture
def normalised(images: Images) -> Examples:
    return normalise(*images)


@pytest.fixture
def prepared(tmp_path: Path, normalised: Examples) -> Path:
    """Return a folder with a training and a test set of 400 images each, and no validation set."""
    write_set(tmp_path / "data/validation", {})
    for part in ("train", "test"):
        write_examples(tmp_path / "data" / part, normalised)
    return tmp_path


@pytest.fixture(scope="session")
def training_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a training set of four blocks, and a test set; return their folder, in which a digit can be trained."""
    folder = tmp_path_factory.mktemp("training")
    images = normalise(*sample())
    rng = np.random.default_rng(0)
    write_examples(folder / "data/train", select(images, rng.integers(0, 5000, 3 * BLOCK + 1000)))
    write_examples(folder / "data/test", select(images, rng.permutation(5000)[:100]))
    return folder


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a stage in an empty folder, in this process: stage("train_digit", "--digit", "3")."""

    def run_it(name: str, *flags: str, **environment: str) -> CompletedProcess[str]:
        main = importlib.import_module(f"stages.{name}").main
        said, complained = io.StringIO(), io.StringIO()
        with monkeypatch.context() as patch, contextlib.ExitStack() as stack:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", [str(ROOT / "stages" / f"{name}.py"), *flags])
            environment_becomes(patch, clean_environment(**environment))
            stack.enter_context(contextlib.redirect_stdout(said))
            stack.enter_context(contextlib.redirect_stderr(complained))
            with pytest.raises(SystemExit) as ended:
                process.run(partial(main, flags))
        gc.unfreeze()
        return CompletedProcess([name, *flags], int(ended.value.code or 0), said.getvalue(), complained.getvalue())

    return run_it


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Return a function that makes a folder once for all processes of this test run; later calls return it."""
    here = tmp_path_factory.getbasetemp()
    shared = here if worker_id == "master" else here.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                unfinished = folder.with_suffix(".unfinished")
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def sample_run(once: Once) -> Path:
    """Run the pipeline on the sample in a fresh clone, and commit. Tests may copy the folder, but not change it."""

    def make(folder: Path) -> None:
        fresh_clone(folder)
        edit(folder / "params.yaml", "max_iter: 1000 ", "max_iter: 100 ")
        edit(folder / "params.yaml", "examples: 60 ", "examples: 6 ")
        run(folder, "dvc", "repro")
        commit(folder)

    return once("sample", make)


@pytest.fixture(scope="session")
def faster_run(once: Once, sample_run: Path) -> Path:
    """Run the README's first experiment in a copy of the run on the sample; its output is in .dvc/tmp/printed."""

    def make(folder: Path) -> None:
        copy_of(sample_run, folder)
        (folder / ".dvc/tmp/printed").write_text(run(folder, *FASTER.split()))

    return once("faster", make)
