"""How the inner loops are compiled: by numba, to machine code, once."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import InTreeCacheLocator

HERE = Path(__file__).parent


def digest_of(*rooms: str) -> str:
    """Return what identifies the source of some of the rooms: 16 hexadecimal digits of its sha256."""
    sources = [source.read_bytes() for room in rooms for source in sorted((HERE.parent / room).glob("[!.]*.py"))]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


CODE = digest_of("core", "storage")  # the rooms whose code and constants a compiled loop may hold
config: Any = numba.config


class Locator(InTreeCacheLocator):
    """Tells numba where to keep a compiled function: in a folder that bears the digest of its source.

    numba by itself takes a cached function for current while its own file is unchanged, though it may hold code inlined
    from other files; and in the folder that NUMBA_CACHE_DIR names, it compiles anew for each clone.
    """

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)  # type: ignore[no-untyped-call]  # numba's
        self._cache_path = str(Path(config.CACHE_DIR or HERE / "__pycache__", f"numba-{CODE}"))

    def get_source_stamp(self) -> str:
        """Return the digest, which the clock of a file system cannot touch."""
        return CODE


config.CACHE_LOCATOR_CLASSES = f"{__name__}.{Locator.__name__}"


def compiled(function: Callable[..., Any]) -> Any:
    """Decorate a function of arrays: compiled on its first call, cached on disk, free of Python's lock.

    Floating-point operations happen as they are written: none is reordered, no two are made one.
    """
    return numba.njit(function, cache=True, nogil=True, error_model="numpy", fastmath=False)
