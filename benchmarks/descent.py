"""How fast the descent is, against what a user would pick instead: `make bench`.

One process, all rivals in turn in each round, medians and ratios. On data/train and data/test where they are there,
else on random bytes of the same shape. Prints Markdown, and writes it to benchmarks/descent.md.
"""

import torch

from benchmarks.iteration import one_iteration
from benchmarks.measure import ROOT
from benchmarks.processes import training_processes
from benchmarks.race import race
from benchmarks.sets import image_sets
from stages.workers.executor import open_executor, threads


def main() -> None:
    """Measure everything, print it, write it."""
    name, train, test = image_sets()
    sections = [f"{name}: {len(train.labels):,} training images, {threads()} threads, PyTorch {torch.__version__}.\n"]
    with open_executor() as executor:
        sections.append(one_iteration(train, executor))
        if name == "MNIST":
            sections.append(race(train, test, executor))
    sections.append(training_processes(train))
    report = "\n".join(sections)
    print(report)
    (ROOT / "benchmarks/descent.md").write_text(report)


if __name__ == "__main__":
    main()
