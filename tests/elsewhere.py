"""Make this system resemble macOS or Windows, as far as possible, by removing what those lack."""

import mmap
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stages.command import processors, signals
from stages.storage import system


class PlainMap(mmap.mmap):
    """A mapped file without `madvise`."""

    def __getattribute__(self, name: str) -> Any:
        """Return an attribute, if Windows has it."""
        if name == "madvise":
            raise AttributeError(name)
        return super().__getattribute__(name)


def on_linux(_: pytest.MonkeyPatch) -> None:
    """Change nothing."""


def on_macos(patch: pytest.MonkeyPatch) -> None:
    """Remove what macOS lacks: the list of processors that a process may use."""
    this = SimpleNamespace(platform="darwin", version_info=sys.version_info)
    for module in (processors, signals, system):
        patch.setattr(module, "sys", this)
    patch.delattr(os, "sched_getaffinity")


def on_windows(patch: pytest.MonkeyPatch) -> None:
    """Remove what Windows lacks too: locks and `madvise`. Add SIGBREAK; refuse to replace or remove open files."""
    on_macos(patch)
    system.sys.platform = "win32"
    patch.setitem(sys.modules, "fcntl", None)
    patch.setattr(mmap, "mmap", PlainMap)
    patch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    for name in ("replace", "rename", "unlink", "remove"):
        patch.setattr(os, name, refusing(getattr(os, name)))


def refusing(function: Callable[..., None]) -> Callable[..., None]:
    """Return a file function that refuses files that this process has open or mapped."""

    def refuse(*files: Any, **options: Any) -> None:
        for file in files:
            if os.path.realpath(file) in open_files():
                raise PermissionError(13, "Access is denied", str(file))
        function(*files, **options)

    return refuse


def open_files() -> set[str]:
    """Return the files that this process has open or mapped."""
    opened = {os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()}
    return opened | {line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().splitlines()}


SYSTEMS = {"Linux": on_linux, "macOS": on_macos, "Windows": on_windows}
