"""Compiled loops are kept where there is a place for them, and do without where there is none."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT, finished

NOWHERE = ROOT / "LICENSE" / "below a file"
COMPILED, CACHED = "[0.25, 0.5] 0\n", "[0.25, 0.5] 1\n"
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another user's cache, and no such limit")


def loop(cache: object, *limit: str, users: object = NOWHERE) -> str:
    """Return what a process prints that calls a compiled loop, with these folders for it."""
    folders = {"NUMBA_CACHE_DIR": str(cache), "XDG_CACHE_HOME": str(users), "HOME": str(users)}
    result = finished(ROOT, "python", "-m", "tests.core.loop", *limit, **folders)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_a_loop_is_compiled_once(tmp_path: Path) -> None:
    assert [loop(tmp_path), loop(tmp_path)] == [COMPILED, CACHED]


def test_unless_told_otherwise_it_is_beside_its_source() -> None:
    loop("")
    assert loop("") == CACHED


@not_windows
def test_where_its_folder_cannot_be_written_in_it_is_in_the_users_cache(tmp_path: Path) -> None:
    assert [loop(NOWHERE, users=tmp_path), loop(NOWHERE, users=tmp_path)] == [COMPILED, CACHED]


@not_windows
def test_without_any_folder_it_is_compiled_each_time() -> None:
    assert loop(NOWHERE) == COMPILED


@not_windows
def test_on_a_full_disk_it_is_compiled_each_time(tmp_path: Path) -> None:
    assert loop(tmp_path, "1000") == COMPILED
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [loop(tmp_path), loop(tmp_path)] == [COMPILED, CACHED]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that has the compiled loop."""
    folder = tmp_path_factory.mktemp("cache")
    loop(folder)
    return folder


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("length", [0, 1000])
def test_what_is_damaged_is_compiled_anew(tmp_path: Path, cache: Path, suffix: str, length: int) -> None:
    folder = shutil.copytree(cache, tmp_path / "copy")
    (file,) = folder.rglob(f"exact.to_grid*.{suffix}")
    file.write_bytes(file.read_bytes()[:length])
    assert [loop(folder), loop(folder)] == [COMPILED, CACHED]
