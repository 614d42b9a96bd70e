"""A set of files is one thing: all of it is what was written, or none is taken."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from stages.storage.errors import DamagedError, UnavailableError
from stages.storage.sets import SUMS, check_set, set_digest, write_set
from tests.helpers import everything, files_of_at_most

ARRAYS = {"one": np.arange(3.0), "two": np.arange(5)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_set(tmp_path / "set", ARRAYS)
    return tmp_path / "set"


def test_what_is_written_is_a_set(folder: Path) -> None:
    check_set(folder, ["one", "two"])
    assert {path.name for path in folder.iterdir()} == {"one.npy", "two.npy", SUMS}


def test_the_usual_tool_checks_it_too(folder: Path) -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("sha256sum is not installed")
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=folder, check=True)


def test_a_file_of_another_size_is_named_before_it_is_read_whole(folder: Path) -> None:
    with (folder / "two.npy").open("r+b") as file:
        file.truncate(10**12)  # of which the disk holds nothing
    with pytest.raises(DamagedError, match=r"two\.npy: has 1000000000000 bytes, expected 168"):
        check_set(folder, ["one", "two"])


@pytest.mark.parametrize("missing", [1, 100, 10_000])
def test_a_disk_that_takes_all_but_the_last_bytes_is_full(folder: Path, missing: int) -> None:
    """NumPy's own writing says nothing where it is but the end that C could not write."""
    before = everything(folder)
    size = 20_000
    said = r"two\.npy: cannot be written \(File too large\)"
    with files_of_at_most(size - missing), pytest.raises(UnavailableError, match=said):
        write_set(folder, ARRAYS | {"two": np.zeros(size - 128, np.uint8)})
    assert everything(folder) == before


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_file_of_another_run_is_named(folder: Path, name: str) -> None:
    np.save(folder / f"{name}.npy", ARRAYS[name] + 1)
    with pytest.raises(DamagedError, match=rf"{name}\.npy: does not match SHA256SUMS"):
        check_set(folder, ["one", "two"])


@pytest.mark.parametrize("text", ["", "words", "a  one.npy\n", "../x  /etc/passwd\n", "a  b  c\n" * 2, "\0" * 20_000])
def test_a_list_of_other_files_is_refused(folder: Path, text: str) -> None:
    (folder / SUMS).write_text(text)
    with pytest.raises(DamagedError, match=rf"{SUMS}: "):
        check_set(folder, ["one", "two"])


@pytest.mark.parametrize(
    "change", [("\n", "\r\n"), ("\n", "\x0b"), ("\n", "\n\n"), ("  ", "   "), ("two.npy\n", "two.npy")]
)
def test_a_list_is_taken_to_the_letter(folder: Path, change: tuple[str, str]) -> None:
    """Its own digest is what models are trained on."""
    text = (folder / SUMS).read_text()
    (folder / SUMS).write_bytes(text.replace(*change).encode())
    with pytest.raises(DamagedError, match=SUMS):
        check_set(folder, ["one", "two"])
    (folder / SUMS).write_text(text * 2)
    with pytest.raises(DamagedError, match=SUMS):
        check_set(folder, ["one", "two"])


def test_a_missing_list_is_named(folder: Path) -> None:
    (folder / SUMS).unlink()
    with pytest.raises(DamagedError, match=rf"{SUMS}: found nothing"):
        check_set(folder, ["one", "two"])


def test_the_digest_is_of_every_file(folder: Path, tmp_path: Path) -> None:
    digests = {set_digest(folder).tobytes()}
    for name in ARRAYS:
        write_set(tmp_path / name, ARRAYS | {name: ARRAYS[name] + 1})
        digests.add(set_digest(tmp_path / name).tobytes())
    assert len(digests) == 3
    assert set_digest(folder).shape == (32,)
