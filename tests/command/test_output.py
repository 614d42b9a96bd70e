"""What a stage says may find no place: its work is done all the same, and it ends as is documented."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stages.images.form import DIGITS
from stages.models.records import digit_path, write_model
from tests.helpers import COMBINE_FLAGS, ROOT, clean_environment
from tests.models.test_records import model_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for digit in DIGITS:
        write_model(digit_path(tmp_path / "data/models/digits", digit), model_of(digit))
    return tmp_path


def in_shell(folder: Path, words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a stage with a shell's redirections."""
    command = ["bash", "-c", f"{sys.executable} -m stages.{words}"]
    changed = clean_environment(PYTHONPATH=str(ROOT), **environment)
    return subprocess.run(command, cwd=folder, env=changed, capture_output=True, text=True)


COMBINE = " ".join(["combine_ova", *COMBINE_FLAGS])
FULL, CLOSED = "No space left on device", "it is closed"


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(("where", "why"), [(">/dev/full", FULL), (">&-", CLOSED), ("<&- >&-", CLOSED)])
def test_a_stdout_without_space_is_one_line_and_the_work_is_done(
    folder: Path, where: str, why: str, unbuffered: str
) -> None:
    result = in_shell(folder, f"{COMBINE} {where}", PYTHONUNBUFFERED=unbuffered)
    said = f"combine_ova: stdout: cannot be written ({why}); the rest is done\n"
    assert (result.returncode, result.stdout, result.stderr) == (3, "", said)
    assert (folder / "data/models/ova.npy").exists()


@pytest.mark.parametrize("where", [">/dev/full 2>&1", ">&- 2>&-", "<&- >&- 2>&-"])
def test_without_stderr_there_is_only_the_code(folder: Path, where: str) -> None:
    assert in_shell(folder, f"{COMBINE} {where}").returncode == 3
    assert (folder / "data/models/ova.npy").exists()
    (folder / "data/models/digits/4.npy").write_bytes(b"")
    assert in_shell(folder, f"{COMBINE} {where}").returncode == 4


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_without_stderr_the_sample_is_still_taken(tmp_path: Path, where: str) -> None:
    result = in_shell(tmp_path, f"fetch --sources ossci --sha256 None --offline sample {where}")
    assert (result.returncode, result.stdout) == (0, "mnist-sample: 5,000 images -> data/mnist\n")


def test_letters_that_stdout_cannot_encode_are_escaped() -> None:
    code = r"from stages.command.process import run; run(lambda: print('\u00e9t\u00e9 \u2713'))"
    changed = clean_environment(PYTHONPATH=str(ROOT), PYTHONIOENCODING="ascii")
    result = subprocess.run([sys.executable, "-c", code], env=changed, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "\\xe9t\\xe9 \\u2713\n", "")


def test_help_without_a_place_is_one_line(tmp_path: Path) -> None:
    result = in_shell(tmp_path, "evaluate --help >/dev/full")
    assert (result.returncode, len(result.stderr.splitlines())) == (3, 1)


def test_a_file_is_never_taken_for_stderr(folder: Path) -> None:
    """With stderr closed, the first file that is opened would get its number."""
    program = "import os; from stages.command.process import run; run(lambda: print(os.open('file', os.O_CREAT)))"
    command = ["bash", "-c", f'{sys.executable} -c "{program}" 2>&- <&-']
    result = subprocess.run(command, cwd=folder, env=clean_environment(PYTHONPATH=str(ROOT)), capture_output=True)
    assert json.loads(result.stdout) > 2


def test_without_dev_null_a_stage_goes_on(folder: Path) -> None:
    program = "import os; os.devnull = 'nowhere'; from stages.command.process import run; run(lambda: print('done'))"
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=folder, env=clean_environment(PYTHONPATH=str(ROOT)), capture_output=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"done\n", b"")
