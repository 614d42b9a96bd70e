"""Two short runs of the pipeline on the bundled sample, on pixels and on strokes: dvc.yaml's stages, without DVC.

In one process, because imports would take most of the time of fifteen, above all where a processor is emulated.
"""

import os
import re
import runpy
import sys
from collections.abc import Iterator
from contextlib import chdir
from itertools import product
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PARAMS = Path(__file__).with_name("params.yaml")
NOWHERE = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}  # so that the sample is used
STROKES = {  # the parameters, by section and key, that differ in the second run, which has the folder strokes/
    "features": "strokes",
    "split": {"validation_size": 0.1, "stratified": True},
    "train": {"method": "lbfgs", "max_iter": 12, "momentum": 0.0, "l2": 3e-5},
}
UNSET = ("MNIST_FILE", "DASK_SCHEDULER_ADDRESS")


def commands(changes: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the arguments of each stage's command, in the order of dvc.yaml, with parameters filled in as by DVC."""
    params = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    for section, value in changes.items():
        params[section] = params[section] | value if isinstance(value, dict) else value
    for stage in yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"].values():
        matrix = stage.get("matrix", {})
        for values in product(*(listed(each, params) for each in matrix.values())):
            item = {f"item.{name}": value for name, value in zip(matrix, values, strict=True)}
            yield filled(stage["cmd"], params | item).split()


def listed(values: Any, params: dict[str, Any]) -> list[Any]:
    """Return a list, or the list that ${section.key} stands for."""
    if isinstance(values, list):
        return values
    section, key = values.removeprefix("${").removesuffix("}").split(".")
    found: list[Any] = params[section][key]
    return found


def filled(command: str, values: dict[str, Any]) -> str:
    """Return a command with each ${name} replaced by a value, or by a section's keys as flags."""
    return re.sub(r"\$\{([\w.]+)\}", lambda found: words(values[found[1]]), command)


def words(value: Any) -> str:
    """Return a parameter as text for a command line."""
    if isinstance(value, dict):
        return " ".join(f"--{key} {words(one)}".strip() for key, one in value.items() if one is not False)
    return " ".join(map(str, value)) if isinstance(value, list) else "" if value is True else str(value)


def run_all(folder: Path) -> None:
    """Run every stage in a folder, and again with STROKES in a folder below; exit if one fails."""
    os.environ.update(NOWHERE)
    for name in UNSET:
        os.environ.pop(name, None)
    for place, changes in ((folder, {}), (folder / "strokes", STROKES)):
        place.mkdir(exist_ok=True)
        with chdir(place):
            for _, _, module, *flags in commands(changes):
                run_stage(module, flags)


def run_stage(module: str, flags: list[str]) -> None:
    """Run a stage as `python -m` does."""
    sys.argv = [module, *flags]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise
