"""Run one descent, on threads or on the cluster that the environment names, and print its measurements as JSON."""

import json
import os
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.clusters import peak_megabytes
from benchmarks.measure import open_executor
from stages.core.blocks import blocks_of
from stages.core.gradient_descent import descend
from stages.core.methods import Settings
from stages.models.examples import read_examples


def main(folder: str, iterations: str) -> None:
    """Train digit 0; print the seconds before the first step, the median of an iteration, and the peak memory."""
    start = time.perf_counter()
    images = read_examples(Path(folder))
    settings = Settings("gradient_descent", 0.01, int(iterations), 0.0, 0.0, 0.0, 0)
    steps = [time.perf_counter()]
    with open_executor() as executor:
        blocks = blocks_of(images, images.labels == 0)
        descend(blocks, settings, executor=executor, on_step=lambda: steps.append(time.perf_counter()))
    each = [after - before for before, after in pairwise(steps[1:])]
    print(
        json.dumps(
            {"first": steps[1] - start, "each": statistics.median(each), "megabytes": peak_megabytes(os.getpid())}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
