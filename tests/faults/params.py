"""A wrong params.yaml: DVC reads it and makes of it the arguments of a stage."""

import random
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.expected.short_run import PARAMS
from tests.faults.mutators import ANY
from tests.faults.stages import FLAGS
from tests.faults.words import WRONG
from tests.helpers import ROOT

OF = {name: "train_digit@3" if name == "train_digit" else name for name, flags in FLAGS.items() if flags}
VALUES = ["", "null", "[]", "[1, 2]", "{a: 1}", "true", "'2'", '"0.5 --seed 1"', "|\n    2\n    3", "&a 1", "*a"]
VALUES += ["!!python/object/apply:os.mkdir [opened]", "!!int 2", "0b1", "0o7", "1_0", ".inf", "-.inf", ".NaN", "1:30"]
VALUES += ["${seed}", "2 # 3", *WRONG]
KEYS = ["help: true", "digit: 4", "seed: 7", "progress: true", "'': 1", "-x: 1", "a b: 1", "<<: {fps: 3}", "1: 2"]


def write(folder: Path, rng: random.Random) -> None:
    """Write a params.yaml, and the pipeline's file."""
    shutil.copy(ROOT / "dvc.yaml", folder)
    change = rng.choice([lines_changed, lines_changed, bytes_changed])
    (folder / "params.yaml").write_bytes(change(PARAMS.read_text(), rng))


def bytes_changed(text: str, rng: random.Random) -> bytes:
    """Return the text, mutated like any other file."""
    return rng.choice(list(ANY.values()))(text.encode(), rng)


def lines_changed(text: str, rng: random.Random) -> bytes:
    """Return the text with one line removed, doubled, misspelt, added, or with another value."""
    lines = text.splitlines()
    at = rng.choice([number for number, line in enumerate(lines) if ":" in line])
    key, _, value = lines[at].partition(":")
    lines[at : at + 1] = rng.choice(
        [
            [],
            [lines[at], lines[at]],
            [f"{key}s:{value}"],
            [f"{key.strip()}:{value}"],
            [lines[at], f"  {rng.choice(KEYS)}"],
            *([f"{key}: {rng.choice(VALUES)}"] for _ in range(5)),
        ]
    )
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def words_for(name: str) -> Sequence[str]:
    """Return the arguments that DVC makes for a stage; raise ValueError if it makes none."""
    from dvc.repo import Repo

    try:
        (stage,) = [stage for stage in Repo(".", uninitialized=True).index.stages if stage.addressing == OF[name]]
        _, _, _, *words = shlex.split(stage.cmd)
    except Exception as error:
        raise ValueError(f"dvc: {' '.join(str(error).split())}") from error
    return words
