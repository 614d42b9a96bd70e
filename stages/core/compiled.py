"""Compiles the inner loops with numba and keeps the machine code on disk."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from stages.core.code import digest_of
from stages.core.imports import without

with without("scipy.linalg", "yaml"):  # only for matrix products and a user's settings; this saves 0.14 of 0.41 s
    import numba
    import numba.np.arraymath

ROOM = 2**20  # bytes, more than all compiled loops need
config: Any = numba.config
PLACES = [config.CACHE_DIR or Path(__file__).with_name("__pycache__"), "~/.cache/numba"]


def folder() -> Path | None:
    """Return the folder for compiled loops, or None if no place is writable and has space.

    numba recompiles a loop only if its own file changes, but a loop contains code from other files. So the folder's
    name contains the digest of all code that a loop may contain.
    """
    for place in PLACES:
        found = Path(place).expanduser() / f"numba-{digest_of('core', 'storage')}"
        with suppress(OSError, RuntimeError):
            found.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=found) as file:
                file.write(bytes(ROOM))
            return found
    return None


FOLDER = folder()
config.CACHE_DIR = str(FOLDER or "")


def compiled(function: Callable[..., Any]) -> Any:
    """Decorate a function of arrays: compile it at the first call, cache it on disk, and release Python's lock.

    Floating-point operations are compiled as written: none is reordered, no two are fused.
    """
    return numba.njit(function, cache=FOLDER is not None, nogil=True, error_model="numpy", fastmath=False)


def first_call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of compiled loops; if the cached code is damaged, delete it, compile and call again."""
    try:
        return function(*arguments)
    except Exception:  # an unpickler may raise anything
        for file in FOLDER.rglob("*.nb[ci]") if FOLDER else ():
            with suppress(OSError):
                file.unlink()
        return function(*arguments)
