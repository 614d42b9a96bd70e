"""Measure how long it takes from a changed parameter to its results, and where the time goes: `make bench-loop`.

Runs in a clone of the last commit: on the bundled sample, medians of three, and if MNIST_FILE names the full data, once
on that. Prints Markdown, and writes it to benchmarks/loop.md.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path
from statistics import median

from benchmarks.measure import ROOT, seconds_of, sizes, table, threads
from stages.command import process
from stages.storage.files import write_text

EVERYTHING = "dvc repro --force --downstream normalize_split"
EXPERIMENT = "dvc exp run --set-param train.max_iter="
NOWHERE = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}  # so that the sample is taken
SOMEBODY = {f"GIT_{role}_{what}": "bench" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
HERE = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"} | SOMEBODY


def run(clone: Path, command: str, **environment: str) -> str:
    """Run a command in the clone; return what it printed."""
    changed = os.environ | HERE | environment
    return subprocess.run(command.split(), cwd=clone, env=changed, capture_output=True, text=True, check=True).stdout


def fetch(clone: Path, **source: str) -> None:
    """Fetch the images."""
    run(clone, "dvc repro --force --single-item fetch", **source)


def train_for(clone: Path, iterations: int) -> None:
    """Set max_iter in params.yaml."""
    file = clone / "params.yaml"
    text = re.sub(r"^  max_iter: \d+", f"  max_iter: {iterations}", file.read_text("utf-8"), flags=re.MULTILINE)
    write_text(file, text)


def commands(clone: Path) -> list[str]:
    """Return the commands that DVC runs: of every stage but fetch, and of every digit."""
    lines = run(clone, f"{EVERYTHING} --dry").splitlines()
    return [line.removeprefix("> ") for line in lines if line.startswith("> ")]


def one_round(clone: Path, number: int) -> Iterator[tuple[str, float]]:
    """Yield the name and the seconds of each thing that is timed."""
    yield EVERYTHING, seconds_of(lambda: run(clone, EVERYTHING))
    run(clone, "git add --all")
    run(clone, "git commit --quiet --allow-empty --message=.")
    # another number each time, because DVC does not repeat a run that it remembers
    yield EXPERIMENT, seconds_of(lambda: run(clone, f"{EXPERIMENT}{100 + number}"))
    run(clone, "git restore .")
    run(clone, "dvc checkout --quiet")
    for command in commands(clone):
        module = command.split()[2]
        yield module, seconds_of(partial(run, clone, command))
        yield "start", seconds_of(partial(run, clone, f"python -m {module} --help"))


def measured(clone: Path, rounds: int) -> dict[str, float]:
    """Return the median seconds of each thing. What a round does several times counts by its sum."""
    sums: list[dict[str, float]] = []
    for number in range(rounds):
        sums.append({})
        for name, seconds in one_round(clone, number):
            sums[-1][name] = sums[-1].get(name, 0) + seconds
    return {name: median(one[name] for one in sums) for name in sums[0]}


def report(sets: dict[str, dict[str, float]]) -> str:
    """Return the table: a row for each thing, a column for each set of images."""
    stages = [name for name in next(iter(sets.values())) if name.startswith("stages.")]
    rows: dict[str, Callable[[dict[str, float]], float]] = {
        "`dvc repro` of all that follows `fetch`": itemgetter(EVERYTHING),
        **{f"- {name.removeprefix('stages.')}": itemgetter(name) for name in stages},
        "- DVC's own": lambda times: times[EVERYTHING] - sum(times[name] for name in stages),
        "of the stages' times, starting 14 processes": itemgetter("start"),
        "`dvc exp run -S train.max_iter=100`": itemgetter(EXPERIMENT),
    }
    header = ["seconds", *sets]
    return table(header, [[name, *(f"{value(times):.1f}" for times in sets.values())] for name, value in rows.items()])


def main() -> None:
    """Measure, print the table, write it."""
    flags = sizes(__doc__, rounds=3, iterations=1000)
    sets = {}
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        run(ROOT, f"git clone --quiet --depth=1 file://{ROOT} {clone}")
        train_for(clone, flags.iterations)
        fetch(clone, MNIST_FILE="", **NOWHERE)
        run(clone, EVERYTHING)  # so that everything is compiled
        sets["sample: 5,000 images"] = measured(clone, flags.rounds)
        if os.environ.get("MNIST_FILE"):
            fetch(clone, MNIST_FILE=str(Path(os.environ["MNIST_FILE"]).resolve()))
            sets["MNIST: 70,000"] = measured(clone, 1)
    text = f"{threads()} threads.\n\n{report(sets)}"
    print(text)
    write_text(ROOT / "benchmarks/loop.md", text)


if __name__ == "__main__":
    process.run(main)
