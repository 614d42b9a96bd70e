"""The types of arrays, and how the memory of one that is mapped from a file is let go."""

import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.storage.system import let_go

Array = npt.NDArray[Any]
ByteArray = npt.NDArray[np.uint8]  # pixels 0-255, labels 0-9, y 0 or 1, digests
FloatArray = npt.NDArray[np.float64]
ShortArray = npt.NDArray[np.int16]
IntArray = npt.NDArray[np.int64]


def release(array: Array) -> None:
    """Let the memory of an array go if it is mapped from a file: the next use reads it again, from the system's cache.

    Without this, a process that has been over a large file once seems to hold all of it.
    """
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if not isinstance(owner, mmap.mmap):
        return
    start = array.ctypes.data - np.frombuffer(owner, np.uint8).ctypes.data
    first_page = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
    if start + array.nbytes > first_page:
        let_go(owner, first_page, start + array.nbytes - first_page)
