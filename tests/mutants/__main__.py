"""Whether the tests see mistakes in the code: `python -m tests.mutants`, or `make mutants`; most of an hour.

A sample of all small mistakes that could be made in the places given, drawn with a seed. Each is tried with the tests
of its room alone. Prints those that no test sees, and how many of each file's were killed.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from stages.storage.system import processors
from tests.helpers import ROOT
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.trials import Trial, clone, try_mutant

PLACES = ("stages/core", "stages/models", "stages/command/flags.py")


def main() -> None:
    """Try a sample; print what survives."""
    parser = argparse.ArgumentParser("tests.mutants", description=__doc__)
    parser.add_argument("places", nargs="*", default=PLACES, help="files, or folders of them")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the draw; if not given, the clock's")
    parser.add_argument("--mutants", type=int, default=150, help="how many are tried")
    arguments = parser.parse_args()
    every = [(file, mutant) for file in files_in(arguments.places) for mutant in mutants_of((ROOT / file).read_text())]
    sample = random.Random(arguments.seed).sample(every, min(arguments.mutants, len(every)))
    print(f"seed {arguments.seed}: {len(sample)} of {len(every)} mutants", flush=True)
    trials = try_all(sample)
    for file in sorted({trial.file for trial in trials}):
        print(f"{file}: {counted([trial for trial in trials if trial.file == file])}")
    print(f"all: {counted(trials)}")


def files_in(places: list[str]) -> list[Path]:
    """Return the source files at some places, relative to the root."""
    found = [file for place in places for file in ROOT.glob(place if place.endswith(".py") else f"{place}/*.py")]
    return sorted(file.relative_to(ROOT) for file in found)


def try_all(sample: list[tuple[Path, Mutant]]) -> list[Trial]:
    """Try mutants side by side, each process in a clone of its own; tell of those that survive, as they do."""
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(processors()) as pool:
        clones: SimpleQueue[Path] = SimpleQueue()
        for number in range(processors()):
            clones.put(clone(Path(temporary, str(number))))

        def one(drawn: tuple[Path, Mutant]) -> Trial:
            folder = clones.get()
            trial = try_mutant(folder, *drawn)
            clones.put(folder)
            if trial.ended == "survived":
                line, was, became, _ = trial.mutant
                print(f"survived: {trial.file}:{line}: {was} -> {became}", flush=True)
            return trial

        return list(pool.map(one, sample))


def counted(trials: list[Trial]) -> str:
    """Return how many trials ended in which way."""
    ends = Counter(trial.ended for trial in trials)
    killed = len(trials) - ends["survived"]
    return f"{killed} of {len(trials)} killed, {100 * killed / len(trials):.1f} %; {ends['endless']} by the clock"


if __name__ == "__main__":
    main()
