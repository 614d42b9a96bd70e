"""Whether the tests see a mutant: those of its room, in a copy of the clone, the likeliest to see it first."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.helpers import ROOT, clean_environment, tracked_files
from tests.mutants.mutations import Mutant

LONGEST = 600  # seconds, after which a mutant's tests have seen that something is wrong
CACHE = "stages/core/__pycache__"  # has what is compiled, in a folder for each state of the source


class Trial(NamedTuple):
    """A mutant of a file, and how its tests ended: killed, survived, or endless, which is killed too."""

    file: Path
    mutant: Mutant
    ended: str


def clone(folder: Path) -> Path:
    """Copy what git tracks, and what is compiled already."""
    for name in tracked_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for compiled in ROOT.glob(f"{CACHE}/numba-*"):
        shutil.copytree(compiled, folder / compiled.relative_to(ROOT))
    return folder


def tests_of(file: Path) -> list[str]:
    """Return the tests of a file's room, those of its own name first."""
    room = Path("tests", *file.parts[1:-1])
    own = room / f"test_{file.name}"
    others = [path.relative_to(ROOT) for path in sorted((ROOT / room).glob("test_*.py"))]
    return [str(path) for path in sorted(others, key=lambda path: path != own)]


def try_mutant(folder: Path, file: Path, mutant: Mutant) -> Trial:
    """Run a mutant's tests in a clone, until one fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests_of(file)]
    with mutated(folder, file, mutant.text):
        return Trial(file, mutant, end_of(command, folder))


def end_of(command: list[str], folder: Path) -> str:
    """Return how tests end, with all that they started."""
    environment = clean_environment(NUMBA_CACHE_DIR=str(folder / CACHE), PYTHONDONTWRITEBYTECODE="1")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **quiet) as tests:
        try:
            return "killed" if tests.wait(LONGEST) else "survived"
        except subprocess.TimeoutExpired:
            os.killpg(tests.pid, signal.SIGKILL)
            return "endless"


@contextmanager
def mutated(folder: Path, file: Path, text: str) -> Iterator[None]:
    """Let a file of a clone have another text within the block; what is compiled of it goes afterwards."""
    before, kept = (folder / file).read_text(), set(folder.glob(f"{CACHE}/numba-*"))
    (folder / file).write_text(text)
    try:
        yield
    finally:
        (folder / file).write_text(before)
        for compiled in set(folder.glob(f"{CACHE}/numba-*")) - kept:
            shutil.rmtree(compiled)
