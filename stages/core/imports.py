"""Importing some libraries is slow. This hides those that an import does not need: a fifth of a training's start."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast


@contextmanager
def without(*libraries: str) -> Iterator[None]:
    """Let libraries count as not installed for what is imported meanwhile; those that are loaded stay so."""
    missing = cast(dict[str, ModuleType], {name: None for name in libraries if name not in sys.modules})
    sys.modules.update(missing)  # `import` takes None for an error
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
