"""Memory of a mapped array that is let go."""

import mmap
from pathlib import Path

import numpy as np

from stages.storage.arrays import release
from stages.storage.npy import read_array


def test_released_memory_is_read_again(tmp_path: Path) -> None:
    whole = np.arange(100_000.0)
    np.save(tmp_path / "array.npy", whole)
    mapped = read_array(tmp_path / "array.npy", "float64", (None,))
    for part in (mapped[:1], mapped[7:9], mapped[1000:50_000], mapped):
        assert part.sum() > -1
        release(part)
        assert np.array_equal(mapped, whole)
    before = resident_bytes()
    assert mapped.max() == 99_999
    release(mapped)
    assert resident_bytes() - before < whole.nbytes / 2


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE
