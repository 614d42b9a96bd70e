"""A short run of the pipeline on the bundled sample: the stages of dvc.yaml, without DVC, in one process.

One process, because imports would take most of the time of fifteen, above all where a processor is emulated.
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
TOLD = ("MNIST_FILE", "DASK_SCHEDULER_ADDRESS")


def commands() -> Iterator[list[str]]:
    """Yield the words of each stage's command, in the order of dvc.yaml, filled in as DVC does it."""
    params = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    for stage in yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"].values():
        matrix = stage.get("matrix", {})
        for values in product(*(listed(each, params) for each in matrix.values())):
            item = {f"item.{name}": value for name, value in zip(matrix, values, strict=True)}
            yield filled(stage["cmd"], params | item).split()


def listed(values: Any, params: dict[str, Any]) -> list[Any]:
    """Return a list, or that of a section's key: ${section.key}."""
    if isinstance(values, list):
        return values
    section, key = values.removeprefix("${").removesuffix("}").split(".")
    found: list[Any] = params[section][key]
    return found


def filled(command: str, values: dict[str, Any]) -> str:
    """Return a command with each ${name} replaced: by a value, or by a section's keys as flags."""
    return re.sub(r"\$\{([\w.]+)\}", lambda found: words(values[found[1]]), command)


def words(value: Any) -> str:
    """Return a parameter as a command's words."""
    if isinstance(value, dict):
        return " ".join(f"--{key} {words(one)}".strip() for key, one in value.items() if one is not False)
    return " ".join(map(str, value)) if isinstance(value, list) else "" if value is True else str(value)


def run_all(folder: Path) -> None:
    """Run every stage in a folder; end this process where one fails."""
    os.environ.update(NOWHERE)
    for name in TOLD:
        os.environ.pop(name, None)
    with chdir(folder):
        for _, _, module, *flags in commands():
            run_stage(module, flags)


def run_stage(module: str, flags: list[str]) -> None:
    """Run a stage as `python -m` does."""
    sys.argv = [module, *flags]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise
