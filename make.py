"""What `make` does, also where there is none: `python make.py repro`. The Makefile's targets of these names call it."""

from __future__ import annotations  # an older Python shall come as far as to be told so

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import install

PAGE = Path("show")
SYSTEMS = ("linux", "darwin", "win32")
PYTEST = f"pytest --numprocesses {(os.cpu_count() or 1) + 2} --dist loadfile --no-loadscope-reorder --durations 10"


def repro() -> None:
    """Install what the pipeline needs, run it, and say what was found."""
    install.main("requirements.txt")
    if os.environ.get("MNIST_FILE"):
        run("dvc repro --force fetch")
    run("dvc repro")
    run("python -m report.answer")


def lint() -> None:
    """Check style, and types for each system; of the page's script too, where there is npm."""
    install.main("requirements-dev.txt")
    run("ruff check")
    run("ruff format --check")
    run(*(f"mypy --platform {system} --cache-dir .mypy_cache/{system}" for system in SYSTEMS))
    run("zizmor --offline --quiet .github")
    lint_page()


def lint_page() -> None:
    """Check the page's script and style by the tools that show/package-lock.json names."""
    if not shutil.which("npm"):
        print("lint: the page's script stays unchecked: there is no npm here; install Node.js")
        return
    wanted, installed = PAGE / "package-lock.json", PAGE / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        run(f"npm ci --no-audit --no-fund --prefix {PAGE}")
    run(f"npm run --silent lint --prefix {PAGE}")


def test() -> None:
    """Pass lint, types and tests; where there is no /proc and no taskset, those of the mathematics and of the bytes."""
    lint()
    if sys.platform == "linux":
        run(PYTEST)
    else:
        run(f"{PYTEST} tests/core tests/models")
        check_expected()


def check_expected() -> None:
    """Check that a short run on the sample gives the same bytes here as everywhere."""
    install.main("requirements.txt")
    run("python -m tests.expected")


def show() -> None:
    """Write one page to draw on, and to see how the models learnt; BASE names a revision to compare with."""
    install.main("requirements.txt")
    run(f"python -m show {os.environ.get('BASE', '')}")


TARGETS = {target.__name__.replace("_", "-"): target for target in (repro, lint, test, check_expected, show)}


def run(*commands: str) -> None:
    """Run programs, .venv's before others, side by side; end as one that fails does. What asks it to end asks them."""
    told = {"PATH": f"{install.BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    processes = []
    for name, *words in map(str.split, commands):
        program = shutil.which(name, path=told["PATH"]) or name
        processes.append(subprocess.Popen([program, *words], cwd=install.ROOT, env=os.environ | told))

    def end(*_: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, end)
    for code in [process.wait() for process in processes]:
        if code:
            sys.exit(code if code > 0 else 128 - code)


def main() -> None:
    """Make a target."""
    parser = argparse.ArgumentParser("make.py", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches what is run as well, which answers it
    TARGETS[parser.parse_args().target]()


if __name__ == "__main__":
    main()
