"""The types of arrays, and how to free the memory of an array that is mapped from a file."""

import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from stages.storage.system import free_pages

Array = npt.NDArray[Any]
ByteArray = npt.NDArray[np.uint8]  # pixels 0-255, labels 0-9, y 0 or 1, digests
FloatArray = npt.NDArray[np.float64]
ShortArray = npt.NDArray[np.int16]
IntArray = npt.NDArray[np.int64]


def release(array: Array) -> None:
    """Free the memory of an array, of any shape, if it is mapped from a file. The next use reads the file again.

    Without this, a process that reads a large file once seems to keep all of it in memory.
    """
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if not isinstance(owner, mmap.mmap):
        return
    start = array.ctypes.data - np.frombuffer(owner, np.uint8).ctypes.data
    first_page = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
    if start + array.nbytes > first_page:
        free_pages(owner, first_page, start + array.nbytes - first_page)
