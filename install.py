"""Install the locked packages of a group into .venv: `python install.py pipeline`, or dask, test, bench.

Needs only Python. It uses uv, which is fast; if there is none, pip installs it into .venv. If all packages are there
already, it does nothing. If an installation was interrupted, the next one starts again from an empty folder.
"""

from __future__ import annotations  # so that an older Python gets as far as the message that it is too old

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK, EXPORTED = ROOT / "uv.lock", ROOT / "requirements.txt"  # the second has only the packages of the pipeline
GROUPS = ("pipeline", "dask", "test", "bench")  # those of pyproject.toml, each includes all before it
VENV = ROOT / ".venv"
BIN, PYTHON = (VENV / "Scripts", "python.exe") if os.name == "nt" else (VENV / "bin", "python")
NOTE = VENV / "installed"  # the lock's digest and the installed group; "unfinished" during an installation
LOG = VENV / "install.log"
# pip's variables for package indexes, and uv's names for the same
SETTINGS = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_FIND_LINKS": "UV_FIND_LINKS"}
# words in the errors of pip and uv if there is no network
UNREACHABLE = ("dns error", "onnect", "timed out", "name resolution", "from versions: none")


def main(group: str) -> None:
    """Install a group's packages unless they are there; on failure, exit with one line that says why."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"install: needs Python 3.11 or newer, not {sys.version.split()[0]}; try make PYTHON=python3.12 ...")
    wanted = hashlib.sha256(LOCK.read_bytes() + EXPORTED.read_bytes()).hexdigest()
    found, _, there = NOTE.read_text().partition(" ") if NOTE.exists() else ("", "", "")
    if found == wanted and GROUPS.index(group) <= GROUPS.index(there):
        return
    print(f"installing the packages for '{group}' into .venv, this takes up to half a minute", flush=True)
    try:
        if found == "unfinished":
            shutil.rmtree(VENV)
        VENV.mkdir(exist_ok=True)
        NOTE.write_text("unfinished")
        LOG.write_text("")
        fill(group)
        NOTE.write_text(f"{wanted} {group}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"install: {reason(error)}")
    except OSError as error:
        sys.exit(f"install: {error}")


def fill(group: str) -> None:
    """Make the virtual environment if there is none, and install the packages with uv."""
    uv, python = shutil.which("uv"), sys._base_executable  # type: ignore[attr-defined]  # not the Python in .venv
    if not (VENV / "pyvenv.cfg").exists():
        run(*([uv, "venv", "--allow-existing", "--python", python] if uv else [python, "-m", "venv"]), VENV)
    if not uv:
        (VENV / "uv.txt").write_text(locked_uv())
        run(BIN / PYTHON, "-m", "pip", "install", "--requirement", VENV / "uv.txt")
        uv = shutil.which("uv", path=BIN) or "uv"
    packages = EXPORTED
    if group != "pipeline":
        packages = VENV / "requirements.txt"
        run(uv, "export", "--frozen", "--quiet", "--group", group, "--output-file", packages)
    # if Python may not write bytecode, every import would take seconds to compile again, so compile once now
    compiled = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    run(uv, "pip", "install", *compiled, "--python", VENV, "--requirement", packages)


def locked_uv() -> str:
    """Return the locked uv as a requirement for pip, with the digests of its files."""
    (package,) = re.findall(r'^name = "uv"\n(?:.+\n)+', LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    version, *_ = re.findall(r'version = "(.+)"', package)
    return " ".join([f"uv=={version}", *(f"--hash={digest}" for digest in re.findall(r"sha256:\w+", package))])


def run(*command: str | Path) -> None:
    """Run a command, with its output in the log."""
    variables = {uvs: os.environ[pips] for pips, uvs in SETTINGS.items() if pips in os.environ} | os.environ
    with LOG.open("a") as log:
        subprocess.run(list(map(str, command)), cwd=ROOT, stdout=log, stderr=log, env=variables, check=True)


def reason(error: subprocess.CalledProcessError) -> str:
    """Return why a command failed, by its output."""
    said = [line.strip() for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    if any(word in line for line in said for word in UNREACHABLE):
        return "the package index cannot be reached; check the network, see .venv/install.log"
    last = re.sub(r"//\S*@", "//", said[-1] if said else str(error))  # an index may have a password
    return f"{Path(error.cmd[0]).name} failed: {last}; see .venv/install.log"


if __name__ == "__main__":
    main(sys.argv[1])
