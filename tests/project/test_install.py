"""The environment: whole, or known not to be; packages that are the locked ones; one line when there is no network."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.helpers import ROOT, finished, run

UV = Path(sys.prefix) / "bin/uv"
SLOW_UV = """#!/bin/sh
touch .venv/pyvenv.cfg .venv/half
[ "$1" = venv ] || sleep 60
"""
needs_uv = pytest.mark.skipif(not UV.exists(), reason="needs uv in this environment, as make test installs it")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project that needs one small package, which lies beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(ROOT / "install.py", folder)
    shutil.copy(ROOT / "requirements-uv.txt", folder)
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    lock(folder, hashlib.sha256(wheel.read_bytes()).hexdigest())
    return folder


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
    return finished(project, sys.executable, "install.py", "requirements.txt", **variables)


@needs_uv
def test_it_is_made_once_and_anew_for_other_locks(project: Path) -> None:
    variables = environment(project)
    first, second = install(project, **variables), install(project, **variables)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "installing 1 packages into .venv, in half a minute or less\n"
    assert (second.returncode, second.stdout) == (0, "")
    run(project, ".venv/bin/python", "-c", "import tiny")
    with (project / "requirements.txt").open("a") as file:
        file.write("# another\n")
    assert install(project, **variables).stdout == first.stdout


@needs_uv
def test_a_package_that_is_not_the_locked_one_is_refused(project: Path) -> None:
    lock(project, "0" * 64)
    result = install(project, **environment(project))
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.endswith("see .venv/install.log\n")
    assert "ash" in (project / ".venv/install.log").read_text()


@needs_uv
def test_one_that_was_broken_off_is_begun_again_from_nothing(project: Path) -> None:
    slow = project.parent / "uv"
    slow.write_text(SLOW_UV)
    slow.chmod(0o755)
    variables = os.environ | environment(project, slow)
    command = [sys.executable, "install.py", "requirements.txt"]
    with subprocess.Popen(
        command, cwd=project, env=variables, start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        while not (project / ".venv/half").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert install(project, **environment(project)).returncode == 0
    assert not (project / ".venv/half").exists()
    run(project, ".venv/bin/python", "-c", "import tiny")


@pytest.mark.parametrize("uv", [pytest.param(UV, marks=needs_uv), None], ids=["uv", "pip"])
def test_without_a_network_it_says_so_in_one_line(project: Path, uv: Path | None) -> None:
    (project / "requirements.txt").write_text((ROOT / "requirements.txt").read_text())
    result = install(
        project, **environment(project, uv) | {"UV_OFFLINE": "0", "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
    )
    assert result.returncode == 1
    assert result.stderr == (
        "install: the package index cannot be reached; is there a network? See .venv/install.log\n"
    )
    assert not (project / ".venv/installed.json").exists()
