"""Temporary files go when they must, and no sooner: on this system, on others, and where two cannot see each other."""

import fcntl
import multiprocessing
import os
import time
from contextlib import suppress
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from stages.storage import system
from stages.storage.errors import UnavailableError
from stages.storage.files import replacing, write_text
from stages.storage.temporary import OLD, remove_temporary_files
from tests.elsewhere import SYSTEMS, on_windows

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(params=SYSTEMS)
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    SYSTEMS[request.param](monkeypatch)


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def left_behind(folder: Path, age: float = 0) -> str:
    """Leave what a process that was killed so many seconds ago leaves; return its name."""
    leftover = folder / ".table.0123456789abcdef.partial.csv"
    leftover.touch()
    os.utime(leftover, times=(time.time() - age,) * 2)
    return leftover.name


def write_slowly(path: Path, begun: Event) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half")
        begun.set()
        time.sleep(60)


def test_what_a_living_process_writes_stays_and_goes_once_it_is_killed(tmp_path: Path) -> None:
    begun = SPAWN.Event()
    writer = SPAWN.Process(target=write_slowly, args=(tmp_path / "table.csv", begun))
    writer.start()
    assert begun.wait(30)
    write_text(tmp_path / "table.csv", "whole")
    assert len(names_in(tmp_path)) == 2
    writer.kill()
    writer.join()
    assert len(names_in(tmp_path)) == 2
    write_text(tmp_path / "table.csv", "whole")
    assert names_in(tmp_path) == ["table.csv"]


@pytest.mark.usefixtures("anywhere")
def test_of_two_that_write_the_same_the_last_wins(tmp_path: Path) -> None:
    """And neither takes the other's file for left, though their processes have the same number."""
    with replacing(tmp_path / "table.csv") as one, replacing(tmp_path / "table.csv") as other:
        assert one != other
        one.write_text("first")
        other.write_text("second")
    assert names_in(tmp_path) == ["table.csv"]
    assert (tmp_path / "table.csv").read_text() == "first"


@pytest.mark.parametrize("locked", [True, False])
def test_a_file_that_is_found_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Another process may take it for left: then it has the lock, or has removed the file already."""
    system_lock, found = system.lock, []

    def lock(descriptor: int) -> bool | None:
        if found:
            return system_lock(descriptor)
        found.extend(names_in(tmp_path))
        if not locked:
            (tmp_path / found[0]).unlink()
        return not locked

    monkeypatch.setattr(system, "lock", lock)
    with replacing(tmp_path / "table.csv") as temporary:
        assert names_in(tmp_path) == [temporary.name] != found
        temporary.write_text("whole")
    assert names_in(tmp_path) == ["table.csv"]


@pytest.mark.usefixtures("anywhere")
def test_what_this_process_writes_goes_when_it_is_interrupted(tmp_path: Path) -> None:
    with suppress(UnavailableError), replacing(tmp_path / "table.csv"):
        assert len(names_in(tmp_path)) == 1
        remove_temporary_files()
        assert names_in(tmp_path) == []


@pytest.mark.usefixtures("without_locks")
@pytest.mark.parametrize(("age", "stays"), [(OLD / 2, True), (OLD * 2, False)])
def test_without_locks_what_is_old_goes(tmp_path: Path, age: float, stays: bool) -> None:
    leftover = left_behind(tmp_path, age)
    write_text(tmp_path / "table.csv", "whole")
    assert (leftover in names_in(tmp_path)) == stays


def test_on_windows_what_is_old_goes_unless_it_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_windows(monkeypatch)
    leftover = left_behind(tmp_path, OLD * 2)
    with (tmp_path / leftover).open():
        write_text(tmp_path / "table.csv", "whole")
        assert names_in(tmp_path) == [leftover, "table.csv"]
    write_text(tmp_path / "table.csv", "whole")
    assert names_in(tmp_path) == ["table.csv"]


def test_nothing_is_left_where_the_disk_fails_just_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> bool:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", fail)
        with pytest.raises(UnavailableError, match=r"table\.csv: cannot be written \(Input/output error\)"):
            write_text(tmp_path / "table.csv", "whole")
    assert names_in(tmp_path) == []
