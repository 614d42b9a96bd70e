"""How a command starts: alike whatever is set for libraries, and in one line where it may have too little."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stages.command.start import NEEDED, shortage
from stages.storage.errors import DamagedError, UnavailableError
from tests.faults.surroundings import CUSTOM, PLACES, RC, VARIABLES
from tests.helpers import COMBINE_FLAGS, ROOT, TRAIN_FLAGS, VIDEO_FLAGS, Run, clean_environment, everything, flags_of

VIDEO = ["render_video", *flags_of(VIDEO_FLAGS, examples="2")]
FETCH = ["--sources", "ossci", "--sha256", "None", "--offline", "sample"]
NONSENSE = dict.fromkeys({*VARIABLES} - {"PYTHONHASHSEED", "PYTHONWARNINGS", "PYTHONDEVMODE"}, "nonsense")
NONSENSE |= {"FREETYPE_PROPERTIES": "truetype:interpreter-version=35", "PYTHONWARNINGS": "error"}
NONSENSE |= {"NUMBA_NUM_THREADS": "0", "OPENBLAS_VERBOSE": "5"}


def started(
    folder: Path, *words: str, limit: Callable[[], None] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    told = clean_environment(**{"PYTHONPATH": str(ROOT)} | environment)
    return subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True, preexec_fn=limit, timeout=60)


@pytest.fixture
def trained(stage: Run, prepared: Path) -> Path:
    """Return a folder with what evaluating and drawing read, and what they write."""
    for digit in range(10):
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), max_iter="2")).check_returncode()
    for words in (["combine_ova", *COMBINE_FLAGS], ["evaluate"], VIDEO):
        stage(*words).check_returncode()
    return prepared


def same_bytes(folder: Path, environment: dict[str, str]) -> None:
    """Assert that evaluating and drawing say nothing new, and write what is there already."""
    before = everything(folder)
    for words in (["evaluate"], VIDEO):
        result = started(folder, f"stages.{words[0]}", *words[1:], **environment)
        assert (result.returncode, result.stderr) == (0, ""), environment
    after = everything(folder)
    assert [name for name in before | after if before.get(name) != after.get(name)] == []


def test_a_matplotlibrc_wherever_it_is_changes_no_byte(trained: Path) -> None:
    """All places at once: none comes before all others by itself."""
    for place in PLACES:
        (trained / place).mkdir(parents=True, exist_ok=True)
        (trained / place / "matplotlibrc").write_bytes("\n".join(RC).encode("utf-8", "surrogateescape"))
    for environment in PLACES.values():
        same_bytes(trained, environment)


def test_no_variable_and_no_file_of_a_library_changes_a_byte(trained: Path) -> None:
    (trained / ".numba_config.yaml").write_text("opt: nonsense\nnum_threads: 0\n")
    same_bytes(trained, NONSENSE)


def test_no_way_to_print_numbers_or_to_draw_changes_a_byte(trained: Path) -> None:
    (trained / "custom").mkdir()
    (trained / "custom/sitecustomize.py").write_text(CUSTOM)
    same_bytes(trained, {"PYTHONPATH": f"{trained / 'custom'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"})


@pytest.mark.parametrize("settings", [NONSENSE, {"NUMBA_NUM_THREADS": "0"}, {"NUMBA_DISABLE_JIT": "abc"}])
def test_training_heeds_no_variable_of_a_library(prepared: Path, settings: dict[str, str]) -> None:
    result = started(prepared, "stages.train_digit", *flags_of(TRAIN_FLAGS), **settings)
    assert (result.returncode, result.stderr) == (0, "")


def test_fetch_heeds_no_variable_of_a_library(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = started(tmp_path, "stages.fetch", *FETCH, **NONSENSE | {"NETRC": str(tmp_path / "pipe")})
    assert (result.returncode, result.stdout) == (0, "mnist-sample: 5,000 images -> data/mnist\n"), result.stderr
    assert result.stderr.startswith("fetch: ossci: proxy failure: ")  # not: too slow


def limited(name: str, most: int) -> None:
    resource.setrlimit(getattr(resource, name), (most, most))


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("module", ["stages.train_digit", "stages.evaluate", "classify", "show", "report.answer"])
def test_too_little_of_anything_is_one_line(name: str, module: str, tmp_path: Path) -> None:
    needed, of_what, code = NEEDED[name]
    for share in (0.16, 0.5, 0.99):
        result = started(tmp_path, module, limit=partial(limited, name, int(share * needed)))
        assert (result.returncode, result.stderr.count("\n")) == (code, 1), result.stderr
        assert f"{module.rpartition('.')[2]}: too few {of_what}: the limit is " in result.stderr
        assert f"expected {needed:,} or more" in result.stderr


def test_as_much_as_is_said_to_be_needed_will_do(trained: Path) -> None:
    train = ["train_digit", *flags_of(TRAIN_FLAGS)]
    for name, (needed, *_) in NEEDED.items():
        for words in (train, ["evaluate"], VIDEO):
            result = started(trained, f"stages.{words[0]}", *words[1:], limit=partial(limited, name, needed))
            assert (result.returncode, result.stderr) == (0, ""), words


def test_as_much_as_is_said_to_be_needed_will_do_to_fetch(tmp_path: Path) -> None:
    for name, (needed, *_) in NEEDED.items():
        if name != "RLIMIT_FSIZE":  # the images are larger
            result = started(tmp_path, "stages.fetch", *FETCH, limit=partial(limited, name, needed))
            assert result.returncode == 0, result.stderr


def test_no_file_at_all_can_be_written_and_that_is_one_line(tmp_path: Path) -> None:
    result = started(tmp_path, "stages.fetch", limit=partial(limited, "RLIMIT_FSIZE", 0))
    assert (result.returncode, result.stderr.count("\n")) == (3, 1), result.stderr


def raised_from(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_a_shortage_is_found_in_what_an_error_comes_from() -> None:
    assert shortage(raised_from(RuntimeError("wrapped"), MemoryError()))[0] == 7
    assert shortage(RuntimeError("can't start new thread"))[0] == 7
    assert shortage(ImportError("x.so: failed to map segment from shared object"))[0] == 7
    assert shortage(raised_from(DamagedError("cannot be read"), OSError(24, "Too many open files")))[0] == 3
    assert shortage(raised_from(UnavailableError("gone"), OSError(2, "No such file"))) == (0, "")
