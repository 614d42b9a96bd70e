"""Files are whole or not there, and are checked when they are read."""

import errno
import multiprocessing
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from stages.storage.errors import DamagedError, UnavailableError
from stages.storage.files import paths_in, reading, replacing, write_text
from stages.storage.npy import read_array
from stages.storage.sets import write_set
from tests.helpers import files_of_at_most


def write_half(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_text(path, "whole")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("table.csv", "whole")]


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match=r"file/table\.csv: cannot be written"):
        write_text(tmp_path / "file" / "table.csv", "whole")


def write_to_full_disk(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.unlink()
        temporary.symlink_to("/dev/full")
        temporary.write_text("x")


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"full\.csv: cannot be written \(No space left on device\)"):
        write_to_full_disk(tmp_path / "full.csv")
    assert not list(tmp_path.iterdir())


def test_an_array_that_finds_no_space_says_so(tmp_path: Path) -> None:
    said = r"full\.npy: cannot be written \(File too large\)$"
    with files_of_at_most(10_000), pytest.raises(UnavailableError, match=said):
        write_set(tmp_path, {"full": np.zeros(80_000, np.uint8)})
    assert not list(tmp_path.iterdir())


def test_of_two_writers_at_once_one_wins_whole(tmp_path: Path) -> None:
    path, texts = tmp_path / "table.csv", ["a" * 10**6, "b" * 10**6]
    writers = [multiprocessing.get_context("spawn").Process(target=write_often, args=(path, text)) for text in texts]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert not path.exists() or path.read_text() in texts
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def write_often(path: Path, text: str) -> None:
    for _ in range(50):
        write_text(path, text)


def test_files_can_be_read_by_others(tmp_path: Path) -> None:
    write_text(tmp_path / "table.csv", "whole")
    assert stat.S_IMODE((tmp_path / "table.csv").stat().st_mode) & 0o444 == 0o444


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_what_is_no_ordinary_file_is_refused_unread(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "device": lambda: path.symlink_to("/dev/zero")}[kind]()
    with pytest.raises(DamagedError, match=r"array\.npy: is not an ordinary file"):
        read_array(path, "float64", (3,))


@pytest.mark.parametrize("error", [ValueError("one\n  two"), EOFError(), RecursionError("deep")])
def test_what_goes_wrong_while_reading_is_one_line(error: Exception, tmp_path: Path) -> None:
    write_text(tmp_path / "table.csv", "whole")
    with pytest.raises(DamagedError, match=r"table\.csv: cannot be read \(\w+( two)?\); expected a whole \.csv file"):
        read_and_raise(tmp_path / "table.csv", error)


def read_and_raise(path: Path, error: Exception) -> None:
    with reading(path):
        raise error


def test_a_file_is_on_the_disk_before_it_is_in_its_place_and_then_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after the move leaves the old file or the new one, and nothing in between."""
    calls: list[str] = []
    flush, replace = os.fsync, Path.replace

    def flushed(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        calls.append(f"flush {'the folder' if path.is_dir() else path.read_text()}")
        flush(descriptor)

    def moved(self: Path, target: Path) -> Path:
        calls.append("move")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", moved)
    write_text(tmp_path / "table.csv", "whole")
    assert calls == ["flush whole", "move", "flush the folder"]


def test_a_folder_that_cannot_be_listed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(_: object) -> None:
        raise InterruptedError(errno.EINTR, "Interrupted system call")

    assert paths_in(tmp_path / "missing", "*") == []
    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(UnavailableError, match=r"cannot be listed \(Interrupted system call\)$"):
        paths_in(tmp_path, "*")
