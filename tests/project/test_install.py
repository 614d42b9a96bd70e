"""The environment: complete or marked as unfinished, with the locked packages, and one line without a network.

And what is run in it, by make or without.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import make
from tests.classify.test_command import MAKE
from tests.helpers import ROOT, clean_environment, finished, run

UV = Path(sys.prefix) / "bin/uv"
SLOW_UV = """#!/bin/sh
touch .venv/pyvenv.cfg .venv/half
[ "$1" = venv ] || sleep 60
"""
TINY = """import os, signal, sys, time
def main():
    print("dvc", *sys.argv[1:], flush=True)
    time.sleep(float(os.environ.get("SLEEP", 0)))
    sys.exit(int(os.environ.get("END", 0)))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project that needs one small package, which is beside it and pretends to be DVC."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("install.py", "make.py", "Makefile", "uv.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / "report").mkdir()
    (folder / "report/answer.py").write_text("print('the answer')")
    lock(folder, wheel(tmp_path, "py3-none-any"))
    return folder


def wheel(folder: Path, tag: str) -> str:
    """Make the package, for the systems that a tag names; return its sha256."""
    path = folder / f"tiny-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", TINY)
        archive.writestr("tiny-1.0.dist-info/entry_points.txt", "[console_scripts]\ndvc = tiny:main\n")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lock(folder: Path, digest: str) -> None:
    (folder / "requirements.txt").write_text(f"tiny==1.0 --hash=sha256:{digest}\n")


def environment(project: Path, uv: Path | None = UV) -> dict[str, str]:
    """Return variables for a machine without a network, with uv or without."""
    programs = project.parent / "programs"
    programs.mkdir(exist_ok=True)
    if uv:
        shutil.copy(uv, programs / "uv")
    beside = {"UV_OFFLINE": "1", "PIP_FIND_LINKS": str(project.parent)}
    return beside | {
        "PATH": f"{programs}:/usr/bin:/bin",
        "HOME": str(programs),
        "UV_CACHE_DIR": str(programs / "cache"),
    }


def install(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return finished(project, sys.executable, "install.py", "pipeline", **variables)


def test_it_is_made_once_and_anew_for_other_locks(project: Path) -> None:
    variables = environment(project)
    first, second = install(project, **variables), install(project, **variables)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "installing the packages for 'pipeline' into .venv, this takes up to half a minute\n"
    assert (second.returncode, second.stdout) == (0, "")
    run(project, ".venv/bin/python", "-c", "import tiny")
    with (project / "requirements.txt").open("a") as file:
        file.write("# another\n")
    assert install(project, **variables).stdout == first.stdout


def test_a_package_that_is_not_the_locked_one_is_refused(project: Path) -> None:
    lock(project, "0" * 64)
    result = install(project, **environment(project))
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.endswith("see .venv/install.log\n")
    assert "ash" in (project / ".venv/install.log").read_text()


def test_one_that_was_broken_off_is_begun_again_from_nothing(project: Path) -> None:
    slow = project.parent / "uv"
    slow.write_text(SLOW_UV)
    slow.chmod(0o755)
    variables = os.environ | environment(project, slow)
    command = [sys.executable, "install.py", "pipeline"]
    with subprocess.Popen(
        command, cwd=project, env=variables, start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        while not (project / ".venv/half").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert install(project, **environment(project)).returncode == 0
    assert not (project / ".venv/half").exists()
    run(project, ".venv/bin/python", "-c", "import tiny")


@pytest.mark.parametrize("uv", [UV, None], ids=["uv", "pip"])
def test_without_a_network_it_says_so_in_one_line(project: Path, uv: Path | None) -> None:
    (project / "requirements.txt").write_text((ROOT / "requirements.txt").read_text())
    retries = {"UV_OFFLINE": "0", "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
    result = install(project, **environment(project, uv) | retries)
    assert result.returncode == 1
    assert result.stderr == "install: the package index cannot be reached; check the network, see .venv/install.log\n"
    assert (project / ".venv/installed").read_text() == "unfinished"


def test_without_make_the_pipeline_runs_in_its_environment(project: Path) -> None:
    command, variables = (sys.executable, "make.py", "repro"), environment(project)
    first = finished(project, *command, **variables)
    assert (first.returncode, first.stdout.splitlines()[1:], first.stderr) == (0, ["dvc repro", "the answer"], "")
    assert run(project, *command, **variables, MNIST_FILE="x") == "dvc repro --force fetch\ndvc repro\nthe answer\n"
    failed = finished(project, *command, **variables, MNIST_FILE="x", END="3")
    assert (failed.returncode, failed.stdout) == (3, "dvc repro --force fetch\n")


def test_what_asks_it_to_end_asks_what_it_runs(project: Path) -> None:
    variables = clean_environment(**environment(project), SLEEP="60")
    command = [sys.executable, "make.py", "repro"]
    with subprocess.Popen(command, cwd=project, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while process.stdout.readline() != "dvc repro\n":
            pass
        process.terminate()
        assert process.wait(10) == 143


def test_a_picture_has_any_name_and_none_is_run(project: Path) -> None:
    (project / "classify.py").write_text("import sys; print(sys.argv[1:])")
    variables = environment(project)
    name = "a b;touch run $(shell touch run) $HOME `touch run` 'x' \"y.jpg"
    first = run(project, "make", f"PYTHON={sys.executable}", "classify", f"IMAGE={name}", **variables)
    assert first.splitlines()[1:] == [str([name])]
    printed = run(project, *MAKE.split(), f"PYTHON={sys.executable}", **variables)
    assert printed == "['photo.jpg', '--show', 'answer.png']\n"
    assert not (project / "run").exists()


def test_help_lists_what_there_is_and_make_makes_it() -> None:
    listed = re.findall(r"^([a-z0-9-]+)  +\w", run(ROOT, "make", "help"), re.MULTILINE)
    assert sorted(listed) == sorted(target for targets in make.TARGETS.values() for target in targets)
    assert run(ROOT, "make", "--dry-run", *listed) == "".join(f"python3 make.py {target}\n" for target in listed)
    assert finished(ROOT, "make", "no-such").stderr.startswith("make.py: there is no target 'no-such'; 'make help' ")


@pytest.mark.parametrize(("tag", "missing"), [("py3-none-any", 0), ("cp311-cp311-win_amd64", 7)])
def test_a_package_that_would_be_compiled_somewhere_is_named(tmp_path: Path, tag: str, missing: int) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/check-wheels", tmp_path / ".ci")
    wheel(tmp_path, tag)
    project = "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.11'\n[dependency-groups]\ntest = ['tiny']\n"
    (tmp_path / "pyproject.toml").write_text(project)
    variables = {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(tmp_path), "PATH": f"{UV.parent}:/usr/bin:/bin"}
    run(tmp_path, str(UV), "lock", **variables)
    result = finished(tmp_path, ".ci/check-wheels", **variables)
    assert result.returncode == (missing > 0)
    assert result.stdout.count("no package has to be compiled\n") == 8 - missing
    assert result.stderr.count("tiny") >= missing


def test_make_finds_its_modules_whatever_python_is_told(project: Path) -> None:
    assert "the answer" in run(project, "make", "repro", **environment(project), PYTHONSAFEPATH="1")
