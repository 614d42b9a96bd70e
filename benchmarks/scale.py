"""Measure training on more images than MNIST has, on threads and on a Dask cluster on this machine: `make scale`.

Prints Markdown, and writes it to benchmarks/scale.md. The largest set needs 13 GB of temporary disk space.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.calls import Calls, calls
from benchmarks.clusters import cluster, peak_megabytes
from benchmarks.measure import ROOT, process, sizes, table, threads
from benchmarks.processes import FLAGS
from stages.command.paths import TRAIN
from stages.images.form import PIXELS
from stages.workers.executor import ADDRESS

SIZES = {70_000: 300, 700_000: 40, 8_100_000: 10}  # numbers of images, each with its number of iterations
WORKERS = (1, 2, 4, 8, 16)
MACHINES = (1, 10, 100)
PREDICTION = (
    "This is predicted: the time on threads, the processor time of the calls for each worker, and a gigabit network. "
    "The workers of the table above share one machine, so their times are longer."
)
GIGABIT = 125e6  # bytes a second
SUMS = 8 * (PIXELS + 4)  # bytes that a worker sends back, however many blocks it has; it receives about as many


def descent(folder: Path, iterations: int, **environment: str) -> dict[str, float]:
    """Return the measurements of a descent in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one_descent", str(folder / TRAIN), str(iterations)]
    changed = os.environ | environment
    printed = subprocess.run(command, cwd=ROOT, env=changed, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(printed)
    return found


def at_size(folder: Path, size: int) -> list[dict[str, float]]:
    """Return the measurements on threads, and on a cluster of one worker with as many threads."""
    subprocess.run([sys.executable, "-m", "benchmarks.grown", str(folder), str(size)], cwd=ROOT, check=True)
    local = descent(folder, SIZES[size])
    local["stage"] = process(folder, "stages.train_digit", *FLAGS, "--max_iter=2").megabytes
    with cluster(folder, 1, threads()) as (address, _, (worker,)):
        remote = descent(folder, SIZES[size], **{ADDRESS: address})
        remote["worker"] = peak_megabytes(worker.pid)
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


def predicted(machines: int, size: int, seconds: float, calls_by: dict[int, Calls]) -> list[str]:
    """Return a row of predictions for machines that each hold as many images as were measured on one.

    Beyond the one call that was measured, each machine adds processor time of the training process and the scheduler,
    as if one waited for the other, and its bytes on the network in both directions.
    """
    one, most = calls_by[1], calls_by[max(calls_by)]
    each = (most.training + most.scheduler - one.training - one.scheduler) / (max(calls_by) - 1)
    call, network = one.all + each * (machines - 1), 2 * SUMS * machines / GIGABIT
    whole = seconds + call + network
    cells = [f"{1000 * part:.1f}" for part in (seconds, call, network, whole)]
    return [str(machines), f"{machines * size:,}", *cells, f"{(call + network) / whole:.1%}"]


def main() -> None:
    """Measure, print and write everything."""
    flags = sizes(__doc__, images=max(SIZES), workers=max(WORKERS))
    measured = [size for size in SIZES if size <= flags.images] or [min(SIZES)]
    with tempfile.TemporaryDirectory() as name:
        rows = {size: at_size(Path(name), size) for size in measured}
        overhead = {workers: calls(Path(name), workers) for workers in WORKERS if workers <= flags.workers}
    header = ["images", "threads: ms an iteration", "Dask: ms", "difference: ms"]
    header += ["Dask: s to send the images and take a step"]
    header += ["peak MB of the training process on threads", "on Dask", "of Dask's worker"]
    sections = [
        f"{threads()} threads. With Dask: one worker with {threads()} threads.\n",
        table(header, [row(n, *r) for n, r in rows.items()]),
    ]
    empty = [[str(workers), *(f"{1000 * seconds:.2f}" for seconds in found)] for workers, found in overhead.items()]
    header = ["workers without images", "ms an iteration"]
    header += ["processor time of the training process, ms", "of the scheduler, ms"]
    sections.append(table(header, empty))
    largest = max(measured)
    sections.append(f"{largest:,} images a machine. {PREDICTION}\n")
    header = [
        "machines like this",
        "images",
        "ms for the images",
        "for the calls",
        "on the network",
        "in all",
        "Dask's share",
    ]
    each = rows[largest][0]["each"]
    sections.append(table(header, [predicted(count, largest, each, overhead) for count in MACHINES]))
    report = "\n".join(sections)
    print(report)
    (ROOT / "benchmarks/scale.md").write_text(report)


if __name__ == "__main__":
    main()
