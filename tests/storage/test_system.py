"""What systems do differently is done on each of them."""

import _pyio
import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from stages.storage import system
from stages.storage.arrays import release
from stages.storage.errors import UnavailableError
from stages.storage.files import write_text
from stages.storage.npy import read_array
from tests.elsewhere import SYSTEMS, on_windows


@pytest.mark.parametrize("name", SYSTEMS)
def test_released_arrays_are_whole(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SYSTEMS[name](monkeypatch)
    np.save(tmp_path / "array.npy", np.arange(10_000.0))
    mapped = read_array(tmp_path / "array.npy", "float64", (None,))
    release(mapped)
    assert mapped.sum() == 49_995_000


def test_on_windows_a_file_is_replaced_once_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch)
    (tmp_path / "table.csv").write_text("old")
    reader = (tmp_path / "table.csv").open()
    threading.Timer(0.2, reader.close).start()
    write_text(tmp_path / "table.csv", "new")
    assert (tmp_path / "table.csv").read_text() == "new"


def test_on_windows_a_file_that_stays_open_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch)
    monkeypatch.setattr(system, "PAUSES", (0.01, 0.01))
    (tmp_path / "table.csv").write_text("old")
    with (tmp_path / "table.csv").open(), pytest.raises(UnavailableError, match=r"table\.csv: cannot be written \(Acc"):
        write_text(tmp_path / "table.csv", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("table.csv", "old")]


def test_text_has_the_same_line_ends_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "linesep", "\r\n")
    monkeypatch.setattr(io, "open", _pyio.open)  # the one that asks for it
    write_text(tmp_path / "table.csv", "é\n")
    assert (tmp_path / "table.csv").read_bytes() == "é\n".encode()
