"""What there is to make, as `make TARGET`, or as `python make.py TARGET` where there is no make.

repro           install what the pipeline needs, and run it; MNIST_FILE=... takes the images from there
best            go from the notebook's model to the one that reads best, and back by: git restore . && dvc repro
test            install what the tests need, and pass lint, types and the quick tests
test-all        pass the tests that take long, too
lint            check style, and types for Linux, macOS and Windows, alone
check           check style and types, and that dvc.lock is not stale
experiments     list the experiments in a table that fits a terminal
classify        say which digits a picture shows: IMAGE=photo.jpg SHOW=answer.png
show            write one page to draw on, with how the models learnt and where they err; BASE=main compares
report          print as Markdown what changed since a commit: BASE=main
experiment      run one on the full data, commit it, report: SETTINGS="train.alpha=0.03 train.l2=0.001"
reproduce       make all results anew, on the full data, in a clean clone; metrics and plots are removed first
bench           measure speed and accuracy against what a user would pick instead; half an hour
bench-loop      measure how long an experiment takes, and where the time goes; minutes
methods         draw how the methods come down, in benchmarks/methods.png; seconds
scale           measure training on up to 8.1 million images, on threads and on Dask; minutes, 13 GB
check-expected  check that a short run on the sample gives the same bytes here as everywhere
expected        make the digests of that run anew, after a change that changes outputs
arm64           the same check on an emulated arm64 (qemu-user-static, debootstrap); minutes
x86             and on emulated x86 processors of 2008 and 2013
faults          try 1,000 faults; SEED=1 repeats those of a campaign; minutes
clean           remove what the stages wrote and DVC kept, and the virtual environment
lock            resolve the packages of pyproject.toml anew, for all systems
wheels          check that no locked package has to be compiled, on any system; asks the package index
help            print this
"""

from __future__ import annotations  # an older Python shall come as far as to be told so

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys

import install


def main(target: str) -> None:
    """Make a target: install the packages of its group, and take its steps."""
    groups = [group for group, targets in TARGETS.items() if target in targets]
    if not groups:
        sys.exit(f"make.py: there is no target '{target}', see make help")
    (group,) = groups
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches what is run as well, which answers it
    if group:
        install.main(group)
    for step in TARGETS[group][target]:
        step() if callable(step) else run(str(step))


def run(line: str) -> None:
    """Run commands, side by side those with & between; end as one that fails does. What asks it to end asks them.

    .venv's programs come before others. $NAME is what that variable says, as one word, whatever is in it.
    """
    told = {"PATH": f"{install.BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    processes = []
    for command in line.split(" & "):
        name, *words = map(os.path.expandvars, shlex.split(command))
        program = shutil.which(name, path=told["PATH"]) or name
        processes.append(subprocess.Popen([program, *words], cwd=install.ROOT, env=os.environ | told))

    def end(*_: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, end)
    for code in [process.wait() for process in processes]:
        if code:
            tell_of_torn_lock()
            sys.exit(code if code > 0 else 128 - code)


def tell_of_torn_lock() -> None:
    """Say what helps where DVC was killed while it wrote a file of its own: all its commands fail then."""
    lock = os.path.join(".dvc", "tmp", "rwlock")  # noqa: PTH118 -- as it is typed
    try:
        json.loads((install.ROOT / lock).read_bytes())
    except OSError:
        return
    except ValueError:
        print(f"make.py: {lock} is torn, by a kill; remove it, no data is in it (docs/trouble.md)", file=sys.stderr)


def given(name: str, flag: str = "") -> str:
    """Return a variable as a word, behind a flag, where it is given; else nothing."""
    return f"{flag} ${name}" if os.environ.get(name) else ""


def be_somebody() -> None:
    """Be called nobody where git knows no name: over uncommitted results DVC wants one for an experiment."""
    if subprocess.run(["git", "config", "user.email"], cwd=install.ROOT, stdout=subprocess.DEVNULL).returncode:
        os.environ.update(
            {f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        )


def lint_page() -> None:
    """Check the page's script and style by the tools that show/package-lock.json names."""
    wanted, there = (install.ROOT / "show" / name for name in ("package-lock.json", "node_modules/.package-lock.json"))
    if not shutil.which("npm"):
        print("lint: the page's script stays unchecked: there is no npm here; install Node.js", flush=True)
        return
    if not there.exists() or there.stat().st_mtime < wanted.stat().st_mtime:
        run("npm ci --no-audit --no-fund --prefix show")
    run("npm run --silent lint --prefix show")


MYPY = " & ".join(f"mypy --platform {name} --cache-dir .mypy_cache/{name}" for name in ("linux", "darwin", "win32"))
LINT = ["ruff check", "ruff format --check", MYPY, "zizmor --offline --quiet .github", lint_page]
PYTEST = f"pytest --numprocesses {(os.cpu_count() or 1) + 2} --dist loadfile --no-loadscope-reorder --durations 10"
EXPECTED = "python -m tests.expected"
LINUX = sys.platform == "linux"  # elsewhere, without /proc and taskset, the mathematics and the bytes are tested
TEST = [*LINT, *([f"{PYTEST} -m 'not slow'"] if LINUX else [f"{PYTEST} tests/core tests/models", EXPECTED])]
DATA = "data/mnist data/train data/test data/models"
BEST = "-S features=strokes -S train.method=lbfgs -S train.max_iter=100 -S train.l2=3e-5"  # see docs/strokes.md
MADE = "python -m report.answer --made"  # after what ended well: otherwise it asks DVC, for a second
EXPORT = "uv export --frozen --quiet --no-annotate --output-file"
TARGETS: dict[str, dict[str, list[object]]] = {  # by the group of packages that they need: see install.py
    "": {
        "clean": [f"git clean -ffdxq .venv show/node_modules .dvc/cache .dvc/tmp {DATA}"],
        "help": [lambda: print(__doc__, end="")],
    },
    "pipeline": {
        "repro": [*["dvc repro --force fetch"] * bool(given("MNIST_FILE")), "dvc repro", MADE],
        "best": [be_somebody, f"dvc exp run {BEST}", MADE],
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
