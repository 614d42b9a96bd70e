"""Records are the same bytes for the same values, and nothing else is taken for one."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from stages.storage.errors import DamagedError
from stages.storage.records import read_record, write_record

FIELDS = {"a": ("float64", (3,)), "n": ("int64", ()), "word": ("S9", ()), "flag": ("bool", ())}
RECORD = {"a": np.arange(3.0), "n": 7, "word": np.array(b"word", "S9"), "flag": True}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_record(tmp_path / "model.npy", RECORD)
    return tmp_path / "model.npy"


def test_the_same_record_is_the_same_bytes(path: Path) -> None:
    first = path.read_bytes()
    write_record(path, RECORD)
    assert path.read_bytes() == first


def test_what_is_written_is_read(path: Path) -> None:
    found = read_record(path, FIELDS)
    assert (list(found["a"]), found["n"], found["word"], found["flag"]) == ([0, 1, 2], 7, b"word", True)


def test_numpy_alone_reads_it(path: Path) -> None:
    assert list(np.load(path, allow_pickle=False)["a"]) == [0, 1, 2]


def test_its_header_is_what_it_was_when_the_format_was_chosen(path: Path) -> None:
    """Its bytes are promised: should NumPy ever write another header, this says so."""
    header = b"{'descr': [('a', '<f8', (3,)), ('n', '<i8'), ('word', '|S9'), ('flag', '|b1'), ('sha256', '|u1', (32,))]"
    assert path.read_bytes().startswith(b"\x93NUMPY\x01\x00\xb6\x00" + header)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": np.arange(4.0)}, r"a is float64 \(4,\), expected float64 \(3,\)"),
        ({"a": np.array([1.0, np.nan, 2.0])}, "a has values that are not finite"),
        ({"a": np.arange(3, dtype=">f8")}, r"a is >f8 \(3,\), expected float64"),
        ({"n": 7.0}, "n is float64"),
        ({"more": 1}, r"has the fields \['a', .*, 'more', 'sha256'\], expected \["),
    ],
)
def test_a_record_of_another_kind_is_refused(change: dict[str, object], message: str, path: Path) -> None:
    write_record(path, RECORD | change)
    with pytest.raises(DamagedError, match=r"model\.npy: .*" + message):
        read_record(path, FIELDS)


@pytest.mark.parametrize("array", [np.arange(3.0), np.array([{}]), np.zeros(2, [("a", "f8")])])
def test_an_array_is_no_record(array: np.ndarray, path: Path) -> None:
    np.save(path, array)
    with pytest.raises(DamagedError, match=r"model\.npy: has the fields .*, expected"):
        read_record(path, FIELDS)


def test_a_changed_byte_is_noticed_wherever_it_is(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DamagedError, match=r"model\.npy: "):
            read_record(path, FIELDS)


@pytest.mark.parametrize("length", [0, 1, 100, 300])
def test_a_file_cut_short_is_refused(length: int, path: Path) -> None:
    path.write_bytes(path.read_bytes()[: min(length, path.stat().st_size - 1)])
    with pytest.raises(DamagedError, match=r"model\.npy: "):
        read_record(path, FIELDS)


def test_a_large_one_that_is_not_sealed_takes_no_memory(path: Path) -> None:
    write_record(path, RECORD | {"a": np.zeros(8_000_000)})
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"?")
    tracemalloc.start()
    with pytest.raises(DamagedError, match="does not match the sha256"):
        read_record(path, FIELDS | {"a": ("float64", (None,))})
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=r"npy: found nothing, expected a file; run the stage that writes it$"):
        read_record(tmp_path / "model.npy", FIELDS)
