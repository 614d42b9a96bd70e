"""The targets, to run with `make TARGET`, or without make with `python make.py TARGET`.

repro           install what the pipeline needs and run it; MNIST_FILE=... reads the images from a file of yours
best            train the model that reads best instead of the notebook's; to go back: git restore . && dvc repro
test            install what the tests need; check style and types, and run the quick tests
test-all        the same, and the slow tests too
lint            check style, and types for Linux, macOS and Windows
check           check style and types, and that dvc.lock is not stale
experiments     list the experiments in a table that fits a terminal
classify        read the digits in a picture: IMAGE=photo.jpg SHOW=answer.png
show            write a page to draw digits on, which also shows how the models learnt; BASE=main compares with main
report          print what changed since a commit, as Markdown: BASE=main
experiment      run an experiment on the full data and commit it: SETTINGS="train.alpha=0.03 train.l2=0.001"
reproduce       compute all results again, on the full data, in a clean clone; removes metrics and plots first
bench           compare speed and accuracy with what a user would pick instead; 40 minutes
bench-loop      measure how long an experiment takes, and where the time goes; minutes
methods         draw how the cost falls with each method, in benchmarks/methods.png; seconds
scale           measure training on up to 8.1 million images, on threads and on Dask; minutes, 13 GB
check-expected  check that a short run on the sample gives the same bytes here as everywhere
expected        write the digests of that run again, after a change that changes outputs
arm64           run check-expected on an emulated arm64 (qemu-user-static, debootstrap); minutes
x86             run check-expected on emulated x86 processors of 2008 and 2013
faults          try 1,000 random faults; SEED=1 repeats the same ones; minutes
clean           remove what the stages and DVC wrote, and the virtual environment
lock            lock the newest versions of the packages in pyproject.toml, for all systems
wheels          check that no locked package has to be compiled, on any system; asks the package index
help            print this list
"""

from __future__ import annotations  # so that an older Python gets as far as the message that it is too old

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys

import install


def main(target: str) -> None:
    """Run a target: install the packages of its group, then run its steps."""
    groups = [group for group, targets in TARGETS.items() if target in targets]
    if not groups:
        sys.exit(f"make.py: there is no target '{target}'; 'make help' lists them")
    (group,) = groups
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C also reaches the commands, which handle it
    if group:
        install.main(group)
    for step in TARGETS[group][target]:
        step() if callable(step) else run(str(step))


def run(line: str) -> None:
    """Run commands, those separated by & at the same time. Exit with the code of one that fails; pass SIGTERM on.

    Programs in .venv come before others. $NAME stands for the variable's value, as one word, whatever it contains.
    """
    changed = {"PATH": f"{install.BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    processes = []
    for command in line.split(" & "):
        name, *words = map(os.path.expandvars, shlex.split(command))
        program = shutil.which(name, path=changed["PATH"]) or name
        processes.append(subprocess.Popen([program, *words], cwd=install.ROOT, env=os.environ | changed))

    def end(*_: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, end)
    for code in [process.wait() for process in processes]:
        if code:
            explain_torn_lock()
            sys.exit(code if code > 0 else 128 - code)


def explain_torn_lock() -> None:
    """Print how to repair DVC's lock if DVC was killed while it wrote it. Until then all its commands fail."""
    lock = os.path.join(".dvc", "tmp", "rwlock")  # noqa: PTH118 -- as it is typed
    try:
        json.loads((install.ROOT / lock).read_bytes())
    except OSError:
        return
    except ValueError:
        print(f"make.py: {lock} is torn, DVC was killed; remove it, it has no data (docs/trouble.md)", file=sys.stderr)


def given(name: str, flag: str = "") -> str:
    """Return a flag and a variable's name, for `run`, if the variable is set; otherwise an empty text."""
    return f"{flag} ${name}" if os.environ.get(name) else ""


def set_git_identity() -> None:
    """Use the name nobody if git has none: DVC needs a name to run an experiment on uncommitted results."""
    if subprocess.run(["git", "config", "user.email"], cwd=install.ROOT, stdout=subprocess.DEVNULL).returncode:
        os.environ.update(
            {f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        )


def lint_page() -> None:
    """Check the page's script and style with the tools that show/package-lock.json names."""
    wanted, there = (install.ROOT / "show" / name for name in ("package-lock.json", "node_modules/.package-lock.json"))
    if not shutil.which("npm"):
        print("lint: the page's script was not checked, because npm is missing; install Node.js", flush=True)
        return
    if not there.exists() or there.stat().st_mtime < wanted.stat().st_mtime:
        run("npm ci --no-audit --no-fund --prefix show")
    run("npm run --silent lint --prefix show")


MYPY = " & ".join(f"mypy --platform {name} --cache-dir .mypy_cache/{name}" for name in ("linux", "darwin", "win32"))
LINT = ["ruff check", "ruff format --check", MYPY, "zizmor --offline --quiet .github", lint_page]
PYTEST = f"pytest --numprocesses {(os.cpu_count() or 1) + 2} --dist loadfile --no-loadscope-reorder --durations 10"
EXPECTED = "python -m tests.expected"
LINUX = sys.platform == "linux"  # other systems lack /proc and taskset, and test only the mathematics and the bytes
TEST = [*LINT, *([f"{PYTEST} -m 'not slow'"] if LINUX else [f"{PYTEST} tests/core tests/models", EXPECTED])]
DATA = "data/mnist data/train data/test data/models"
BEST = "-S features=strokes -S train.method=lbfgs -S train.max_iter=100 -S train.l2=3e-5"  # see docs/strokes.md
MADE = "python -m report.answer --made"  # the step before has succeeded, so the check of a second is not needed
EXPORT = "uv export --frozen --quiet --no-annotate --output-file"
TARGETS: dict[str, dict[str, list[object]]] = {  # by the group of packages that they need, see install.py
    "": {
        "clean": [f"git clean -ffdxq .venv show/node_modules .dvc/cache .dvc/tmp {DATA}"],
        "help": [lambda: print(__doc__, end="")],
    },
    "pipeline": {
        "repro": [*["dvc repro --force fetch"] * bool(given("MNIST_FILE")), "dvc repro", MADE],
        "best": [set_git_identity, f"dvc exp run {BEST}", MADE],
        "experiments": ["python -m report.experiments", "python -m report.answer --noise"],
        "classify": [f"python -m classify {given('IMAGE')} {given('SHOW', '--show')}"],
        "show": [f"python -m show {given('BASE')}"],
        "report": [f"bash .ci/report {given('BASE') or 'main'}"],
        "reproduce": ["bash .ci/reproduce"],
        "experiment": ["bash .ci/experiment experiment"],
        "bench-loop": ["python -m benchmarks.loop"],
        "check-expected": [EXPECTED],
        "expected": [f"{EXPECTED} --write"],
    },
    "test": {
        "test": TEST,
        "test-all": [*TEST, *[f"{PYTEST} -m slow"] * LINUX],
        "lint": LINT,
        "check": [*LINT, "bash .ci/check-lock"],
        "methods": ["python -m benchmarks.methods"],
        "scale": ["python -m benchmarks.scale"],
        "arm64": ["python -m tests.emulated arm64"],
        "x86": ["python -m tests.emulated nehalem", "python -m tests.emulated haswell"],
        "faults": [f"python -m tests.faults {given('SEED', '--seed')}"],
        "lock": ["uv lock --upgrade --default-index https://pypi.org/simple", f"{EXPORT} requirements.txt"],
        "wheels": ["bash .ci/check-wheels"],
    },
    "bench": {"bench": ["python -m benchmarks.descent", "python -m benchmarks.readers"]},
}

if __name__ == "__main__":
    main("".join(sys.argv[1:2]) or "help")
