"""How the inner loops are compiled: by numba, to machine code, once."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from stages.core.code import digest_of
from stages.core.imports import without

with without("scipy.linalg", "yaml"):  # for products of matrices alone, 0.14 of 0.41 s; and for a user's settings
    import numba
    import numba.np.arraymath

ROOM = 2**20  # bytes, more than all compiled loops take
config: Any = numba.config
PLACES = [config.CACHE_DIR or Path(__file__).with_name("__pycache__"), "~/.cache/numba"]


def folder() -> Path | None:
    """Return where compiled loops are kept, if there is a place that can be written to and has room.

    numba takes a loop for current while its own file is unchanged, though it holds code of other files. So the folder
    bears the digest of all that a loop may hold.
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
    """Decorate a function of arrays: compiled on its first call, cached on disk if it may, free of Python's lock.

    Floating-point operations happen as they are written: none is reordered, no two are made one.
    """
    return numba.njit(function, cache=FOLDER is not None, nogil=True, error_model="numpy", fastmath=False)


def first_call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function of compiled loops returns; where loading them fails, compile them anew and try again."""
    try:
        return function(*arguments)
    except Exception:  # whatever an unpickler raises: what is kept may be damaged
        for file in FOLDER.rglob("*.nb[ci]") if FOLDER else ():
            with suppress(OSError):
                file.unlink()
        return function(*arguments)
