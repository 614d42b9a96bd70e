"""Arrays in files are checked by their headers before they are read."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from stages.storage.arrays import Array
from stages.storage.errors import DamagedError
from stages.storage.npy import read_array, write_array


def test_what_is_saved_is_read(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.arange(3.0))
    assert list(read_array(tmp_path / "array.npy", "float64", (None,))) == [0, 1, 2]


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.arange(6).reshape(2, 3).T.copy(), np.uint8([[1]])])
def test_an_array_is_written_as_numpy_does(array: Array, tmp_path: Path) -> None:
    np.save(tmp_path / "expected.npy", array)
    digest = write_array(tmp_path / "array.npy", array)
    assert (tmp_path / "array.npy").read_bytes() == (tmp_path / "expected.npy").read_bytes()
    assert digest == hashlib.sha256((tmp_path / "expected.npy").read_bytes()).hexdigest()


def test_columns_are_written_as_rows(tmp_path: Path) -> None:
    write_array(tmp_path / "array.npy", np.arange(6.0).reshape(2, 3).T)
    assert read_array(tmp_path / "array.npy", "float64", (3, 2)).tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize("length", [0, 1, 9, 100, 151, 153])
def test_a_file_of_another_length_is_refused(length: int, tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.arange(3.0))
    whole = (tmp_path / "array.npy").read_bytes()
    (tmp_path / "array.npy").write_bytes((whole + b"more")[:length])
    with pytest.raises(DamagedError, match=r"array\.npy: "):
        read_array(tmp_path / "array.npy", "float64", (3,))


HEADERS = {
    "a bomb": "{'descr': '<f8', 'fortran_order': False, 'shape': (400000000,)}",
    "a negative length": "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}",
    "no dictionary": "[" * 1000,
    "of Python 2, which NumPy warns of": "{'descr': '<f8', 'fortran_order': False, 'shape': (3L,)}",
    "brackets within brackets": "(" * 900,
    "a number of 400 digits": f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({'9' * 400},)}}",
}


@pytest.mark.parametrize("kind", HEADERS)
def test_an_odd_header_is_one_line(kind: str, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    header = HEADERS[kind].encode().ljust(1500) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + np.arange(3.0).tobytes()
    (tmp_path / "array.npy").write_bytes(content)
    with pytest.raises(DamagedError, match=r"array\.npy: [^\n]+$"):
        read_array(tmp_path / "array.npy", "float64", (None,))
    assert not recwarn.list
