"""How the inner loops are compiled: by numba, to machine code, once."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache, InTreeCacheLocator
from numba.misc.appdirs import user_cache_dir

from stages.storage.libraries import left_out

HERE = Path(__file__).parent
with left_out("scipy.linalg"):  # which numba needs for products of matrices alone
    import_module("numba.np.arraymath")


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

    folder = Path(config.CACHE_DIR or HERE / "__pycache__")

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)  # type: ignore[no-untyped-call]  # numba's
        self._cache_path = str(self.folder / f"numba-{CODE}")

    def get_source_stamp(self) -> str:
        """Return the digest, which the clock of a file system cannot touch."""
        return CODE


class UsersLocator(Locator):
    """Tells numba where to keep a compiled function if it cannot be there: in the user's cache."""

    folder = Path(user_cache_dir("numba", appauthor=False))  # type: ignore[no-untyped-call]


class Cache(FunctionCache):
    """What numba compiled, on disk: what cannot be read is compiled, and what cannot be written is so each time."""

    def load_overload(self, *arguments: Any) -> Any:
        """Return a compiled function; where its files are damaged, let them be written anew."""
        try:
            return super().load_overload(*arguments)  # type: ignore[no-untyped-call]
        except Exception:  # whatever an unpickler raises
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]

    def save_overload(self, *arguments: Any) -> None:
        """Write a compiled function, if there is space."""
        with suppress(OSError):
            super().save_overload(*arguments)  # type: ignore[no-untyped-call]


config.CACHE_LOCATOR_CLASSES = ",".join(f"{__name__}.{locator.__name__}" for locator in (Locator, UsersLocator))


def compiled(function: Callable[..., Any]) -> Any:
    """Decorate a function of arrays: compiled on its first call, cached on disk if it may, free of Python's lock.

    Floating-point operations happen as they are written: none is reordered, no two are made one.
    """
    loop: Any = numba.njit(function, nogil=True, error_model="numpy", fastmath=False)
    with suppress(RuntimeError):  # no folder can be written in
        loop._cache = Cache(function)  # type: ignore[no-untyped-call]
    return loop
