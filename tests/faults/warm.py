"""What is done once, in this process, before stages are forked from it: imports, machine code, files."""

import contextlib
import importlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import dvc.repo  # noqa: F401

from stages.storage.images import write_images
from tests.faults.stages import FLAGS, words_of
from tests.helpers import clean_environment, sample_images


def warm_up(folder: Path) -> Path:
    """Run every stage in this process; return the folder with what they made of 300 images."""
    changed = clean_environment()
    for name in os.environ.keys() - changed.keys():
        del os.environ[name]
    os.environ.update(changed)
    write_images(folder / "whole/data/mnist", sample_images(300))
    with contextlib.chdir(folder / "whole"), unheard():
        for name in (name for name in FLAGS if name != "fetch"):
            for digit in range(10) if name == "train_digit" else ():
                run(name, digit=str(digit))
            run(name)
    with contextlib.chdir(folder), unheard():
        run("fetch")  # elsewhere: it gets other images
    return folder / "whole"


def run(name: str, **changes: str) -> None:
    """Run a stage here."""
    importlib.import_module(f"stages.{name}").main(words_of(FLAGS[name] | changes))


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Let what is printed within the block go nowhere."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
