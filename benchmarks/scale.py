"""Training on more images than MNIST has, on threads and on a Dask cluster on this machine: `make scale`.

Prints Markdown, and writes it to benchmarks/scale.md. The largest set needs 13 GB of disk for a while, in the folder
for temporary files.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.calls import Calls, calls
from benchmarks.clusters import cluster, peak_megabytes
from benchmarks.measure import ROOT, process, table
from stages.command.paths import TRAIN
from stages.images.form import PIXELS
from stages.workers.executor import ADDRESS, threads

SIZES = {70_000: 300, 700_000: 40, 8_100_000: 10}  # images: iterations
FLAGS = ["--digit=0", "--method=gradient_descent", "--alpha=0.01", "--rmse_threshold=0", "--momentum=0", "--max_iter=2"]
WORKERS = (1, 2, 4, 8)
MACHINES = (1, 10, 100)
GIGABIT = 125e6  # bytes a second
SUMS = 8 * (PIXELS + 4)  # bytes that a worker sends back, however many blocks it has


def descent(folder: Path, iterations: int, **environment: str) -> dict[str, float]:
    """Return what a process measured of its descent."""
    command = [sys.executable, "-m", "benchmarks.one_descent", str(folder / TRAIN), str(iterations)]
    changed = os.environ | environment
    printed = subprocess.run(command, cwd=ROOT, env=changed, capture_output=True, text=True, check=True).stdout
    return json.loads(printed)


def at_size(folder: Path, size: int) -> list[dict[str, float]]:
    """Return the measurements on threads and on a cluster of one worker with as many threads."""
    subprocess.run([sys.executable, "-m", "benchmarks.grown", str(folder), str(size)], cwd=ROOT, check=True)
    local = descent(folder, SIZES[size])
    local["stage"] = process(folder, "stages.train_digit", *FLAGS).megabytes
    with cluster(folder, 1, threads()) as (address, (worker,)):
        remote = descent(folder, SIZES[size], **{ADDRESS: address})
        remote["worker"] = peak_megabytes(worker)
    return [local, remote]


def row(size: int, local: dict[str, float], remote: dict[str, float]) -> list[str]:
    """Return a row of the table of sizes."""
    cells = [1000 * local["each"], 1000 * remote["each"], 1000 * (remote["each"] - local["each"])]
    memory = [local["stage"], remote["megabytes"], remote["worker"]]
    return [
        f"{size:,}",
        *(f"{cell:.1f}" for cell in cells),
        f"{remote['first']:.1f}",
        *(f"{cell:.0f}" for cell in memory),
    ]


def predicted(machines: int, seconds: float, one: Calls, most: Calls) -> list[str]:
    """Return a row of predictions: a machine's part of the images, a call, and what each further machine adds.

    That is the time of the process which trains, one machine after another, and a gradient through its network.
    """
    further = (most.own - one.own) / (max(WORKERS) - 1) + SUMS / GIGABIT
    parts = [seconds / machines, one.seconds, further * (machines - 1)]
    return [str(machines), *(f"{1000 * part:.1f}" for part in (*parts, sum(parts)))]


def main() -> None:
    """Measure everything, print it, write it."""
    with tempfile.TemporaryDirectory() as name:
        rows = {size: at_size(Path(name), size) for size in SIZES}
        overhead = {workers: calls(Path(name), workers) for workers in WORKERS}
    header = ["images", "threads: ms an iteration", "Dask: ms", "more: ms", "s to send and take a step"]
    header += ["peak MB of a training process on threads", "on Dask", "of its worker"]
    sections = [
        f"{threads()} threads; Dask: one worker with as many.\n",
        table(header, [row(n, *r) for n, r in rows.items()]),
    ]
    empty = [[str(workers), *(f"{1000 * seconds:.1f}" for seconds in found)] for workers, found in overhead.items()]
    sections.append(table(["workers", "ms an iteration without work", "of it the training process's own"], empty))
    largest = max(SIZES)
    sections.append(f"{largest:,} images, predicted from the threads, the calls, and a gigabit network:\n")
    header = ["machines like this", "ms for the images", "for a call", "for the others' calls and gradients", "in all"]
    each, one, most = rows[largest][0]["each"], overhead[1], overhead[max(WORKERS)]
    sections.append(table(header, [predicted(count, each, one, most) for count in MACHINES]))
    report = "\n".join(sections)
    print(report)
    (ROOT / "benchmarks/scale.md").write_text(report)


if __name__ == "__main__":
    main()
