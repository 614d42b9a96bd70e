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


def test_all_pages_but_the_one_that_is_shared_are_let_go(tmp_path: Path) -> None:
    path, page = tmp_path / "array.npy", mmap.PAGESIZE
    np.save(path, np.arange(100_000.0))
    mapped = read_array(path, "float64", (None,))
    assert mapped.sum() > 0
    whole = mapped_bytes(path)
    assert whole == -(-path.stat().st_size // page) * page
    release(mapped[7:9])
    assert mapped_bytes(path) == whole
    start, end = 128 + 8 * 1000, 128 + 8 * 50_000
    release(mapped[1000:50_000])
    assert mapped_bytes(path) == whole - (-(-end // page) - -(-start // page)) * page
    release(mapped)
    assert mapped_bytes(path) == page


def mapped_bytes(path: Path) -> int:
    """Return how much of a mapped file is in this process's memory."""
    _, _, of_file = Path("/proc/self/smaps").read_text().partition(str(path))
    return 1024 * int(of_file.partition("Rss:")[2].split()[0])


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE
