"""How the inner loops are compiled: by numba, to machine code, once."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

HERE = Path(__file__).parent
CODE = hashlib.sha256(b"".join(source.read_bytes() for source in sorted(HERE.glob("*.py")))).hexdigest()[:16]
# numba takes a cached function for current while its own file is unchanged, though it may hold code inlined from other
# files. So the cache's folder bears the digest of every file here.
config: Any = numba.config
if not config.CACHE_DIR:
    config.CACHE_DIR = str(HERE / "__pycache__" / f"numba-{CODE}")

REASSOCIATE = {"reassoc", "contract"}


def compiled(function: Callable[..., Any] | None = None, *, any_order: bool = False) -> Any:
    """Decorate a function of arrays: compiled on its first call, cached on disk, free of Python's lock.

    `any_order` lets the compiler reorder sums to use the processor's vectors. It is right only where every partial sum
    is exact (see `core.exact`); everywhere else floating-point operations happen as they are written.
    """
    if function is None:
        return lambda function: compiled(function, any_order=any_order)
    fastmath = REASSOCIATE if any_order else False
    return numba.njit(function, cache=True, nogil=True, error_model="numpy", fastmath=fastmath)
