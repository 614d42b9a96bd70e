"""Make .venv and fill it with the locked packages of a file: `python install.py requirements.txt`.

Needs Python alone: uv, which is quick, is taken where it is at hand, and else brought into .venv by pip. Where all is
there already, nothing is done; an installation that was broken off is begun again from nothing.
"""

from __future__ import annotations  # an older Python shall come as far as to be told so

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
UNFINISHED = VENV / "unfinished"  # there while packages are installed, and after that was broken off
INSTALLED = VENV / "installed.json"  # the files whose packages are installed, each with its digest
LOG = VENV / "install.log"
# where packages come from, as pip is told it: uv has the same under other names
SETTINGS = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_FIND_LINKS": "UV_FIND_LINKS"}
# in what pip and uv say without a network
UNREACHABLE = ("dns error", "onnect", "timed out", "name resolution", "from versions: none")


def main(name: str) -> None:
    """Install a file's packages unless they are, or say in one line why not."""
    check_python()
    try:
        if name not in installed():
            install(name)
    except subprocess.CalledProcessError as error:
        sys.exit(f"install: {reason(error)}")
    except OSError as error:
        sys.exit(f"install: {error}")


def check_python() -> None:
    """End where Python is too old."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"install: needs Python 3.11 or newer, this is {sys.version.split()[0]}: make PYTHON=python3.12 ...")


def installed() -> dict[str, str]:
    """Return the files whose packages are installed as they want them now, each with its digest."""
    if UNFINISHED.exists() or not INSTALLED.exists():
        return {}
    noted: dict[str, str] = json.loads(INSTALLED.read_text(encoding="utf-8"))
    return {name: digest for name, digest in noted.items() if digest == digest_of(name)}


def digest_of(name: str) -> str:
    """Return the sha256 of a file, in hexadecimal; nothing where there is none."""
    path = ROOT / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def install(name: str) -> None:
    """Install a file's packages, and note it once all are there; each file has those of requirements.txt, too."""
    done = installed()
    if UNFINISHED.exists():
        shutil.rmtree(VENV)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    LOG.write_text("")
    packages = (ROOT / name).read_text(encoding="utf-8").count("==")
    print(f"installing {packages} packages into .venv, in half a minute or less", flush=True)
    fill(name)
    now = {name: digest_of(name) for name in ("requirements.txt", name)}
    INSTALLED.write_text(json.dumps(done | now, indent=2) + "\n", encoding="utf-8")
    UNFINISHED.unlink()


def fill(name: str) -> None:
    """Make the environment if there is none, and let uv bring the packages."""
    python, uv = sys._base_executable, shutil.which("uv")  # type: ignore[attr-defined]  # not the one of .venv
    if not (VENV / "pyvenv.cfg").exists():
        run(*([uv, "venv", "--allow-existing", "--python", python] if uv else [python, "-m", "venv"]), VENV)
    if not uv:
        run(program("python"), "-m", "pip", "install", "--requirement", ROOT / "requirements-uv.txt")
    # where Python may keep no bytecode, each import would compile again, for seconds: so it is made now
    compiled = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    run(uv or program("uv"), "pip", "install", *compiled, "--python", program("python"), "--requirement", ROOT / name)


def program(name: str) -> str:
    """Return where a program of the environment is, whatever its suffix."""
    return shutil.which(name, path=BIN) or str(BIN / name)


def run(*command: str | Path) -> None:
    """Run a command; what it says goes to the log."""
    told = {uvs: os.environ[pips] for pips, uvs in SETTINGS.items() if pips in os.environ}
    with LOG.open("a") as log:
        subprocess.run(list(map(str, command)), stdout=log, stderr=log, env=told | os.environ, check=True)


def reason(error: subprocess.CalledProcessError) -> str:
    """Return why a command failed, from what it said."""
    said = [line.strip() for line in LOG.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    if any(word in line for line in said for word in UNREACHABLE):
        return "the package index cannot be reached; is there a network? See .venv/install.log"
    return f"{Path(error.cmd[0]).name} failed: {said[-1] if said else error}; see .venv/install.log"


if __name__ == "__main__":
    main(sys.argv[1])
