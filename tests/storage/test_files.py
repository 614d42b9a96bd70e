"""Files are whole or not there, and are checked when they are read."""

import multiprocessing
import stat
from pathlib import Path

import numpy as np
import pytest

from stages.storage.errors import DamagedError, UnavailableError
from stages.storage.files import read_array, read_record, replacing, write_arrays, write_record, write_text

SHAPES = {"a": ("float64", (3,)), "n": ("int64", ())}


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


def test_the_same_record_is_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_record(tmp_path / f"{name}.npz", {"a": np.arange(3.0), "n": 7})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert read_record(tmp_path / "a.npz", SHAPES)["n"] == 7


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"a": np.arange(3.0)}, r"has the keys \['a'\], expected \['a', 'n'\]"),
        ({"a": np.arange(4.0), "n": 7}, r"a is float64 \(4,\), expected float64 \(3,\)"),
        ({"a": np.array([1.0, np.nan, 2.0]), "n": 7}, "a has values that are not finite"),
        ({"a": np.array([{}, {}, {}]), "n": 7}, "cannot be read"),
        ({"a": np.arange(3, dtype=">f8"), "n": 7}, r"a is >f8 \(3,\), expected float64"),
    ],
)
def test_a_record_of_another_kind_is_refused(record: dict[str, object], message: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "model.npz", **record)
    with pytest.raises(DamagedError, match=r"model\.npz: .*" + message):
        read_record(tmp_path / "model.npz", SHAPES)


@pytest.mark.parametrize("length", [0, 1, 100, 300])
def test_a_file_cut_short_is_refused(length: int, tmp_path: Path) -> None:
    write_record(tmp_path / "model.npz", {"a": np.arange(3.0), "n": 7})
    write_arrays(tmp_path, {"array": np.arange(3.0)})
    for path in (tmp_path / "model.npz", tmp_path / "array.npy"):
        path.write_bytes(path.read_bytes()[: min(length, path.stat().st_size - 1)])
    with pytest.raises(DamagedError, match=r"model\.npz: "):
        read_record(tmp_path / "model.npz", SHAPES)
    with pytest.raises(DamagedError, match=r"array\.npy: "):
        read_array(tmp_path / "array.npy", "float64", (3,))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=r"model\.npz: found nothing"):
        read_record(tmp_path / "model.npz", SHAPES)


def test_an_array_file_is_no_record(tmp_path: Path) -> None:
    write_arrays(tmp_path, {"array": np.arange(3.0)})
    (tmp_path / "array.npy").rename(tmp_path / "model.npz")
    with pytest.raises(DamagedError, match=r"model\.npz: "):
        read_record(tmp_path / "model.npz", SHAPES)
