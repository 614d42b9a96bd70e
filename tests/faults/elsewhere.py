"""Cases beyond the stages: their outputs, as other commands read them; a user's settings; a machine's limits."""

import random
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.faults.cases import Case, any_stage, mutate
from tests.faults.commands import COMMANDS
from tests.faults.mutators import ANY, OF_ARRAYS
from tests.faults.places import BAD
from tests.faults.rules import Expected
from tests.faults.stages import FLAGS, Good, good_words
from tests.faults.surroundings import LIMITS, SETTINGS

NAMED = ("metrics/", "plots/", "picture.png")  # files that a message names themselves
OF_DVC = ("dvc.yaml", "params.yaml")  # where one refers to the other, either may be named
OPTIONAL = {"plots/predictions.mp4"}  # the page takes the GIF, or none
REFUSED = frozenset({3, 4})


def any_command(rng: random.Random) -> str:
    """Return a random command that is not a stage, the slow one rarely."""
    (name,) = rng.choices(list(COMMANDS), [4 if name != "show" else 1 for name in COMMANDS])
    return name


def expected_of(file: str) -> Expected:
    """Return what is expected of a command that reads a damaged file."""
    if file in (*OF_DVC, *OPTIONAL):
        return Expected(frozenset({0, 2, 3, 4}), OF_DVC if file in OF_DVC else (file,), same=False)
    names = (file,) if file.startswith(NAMED) else (str(Path(file).parent),)
    codes = REFUSED if file.startswith("data/") else REFUSED | {0}
    return Expected(codes, names, same=False)


def file_bytes(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of a file with mutated bytes."""
    name = any_command(rng)
    file = rng.choice([file for file in good[name].reads if (good[name].place / file).stat().st_size])
    mutators = ANY | OF_ARRAYS if file.endswith(".npy") else ANY
    kind, seed = rng.choice(list(mutators)), rng.randrange(2**32)
    prepare = partial(mutate, file, mutators[kind], seed)
    return Case(f"{name}: {kind}", name, f"{file}, {seed}", expected_of(file), good_words(name), prepare)


def file_place(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of a file that is missing or no regular file."""
    name = any_command(rng)
    file = rng.choice(good[name].reads)
    kind = rng.choice([kind for kind in BAD if "folder" not in kind])
    expected = expected_of(file)
    return Case(
        f"{name}: a file that is: {kind}", name, file, expected, good_words(name), lambda here: BAD[kind](here / file)
    )


def output_place(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of something that is in the place of a command's output."""
    name = rng.choice([name for name in COMMANDS if good[name].writes])
    (file,), kind = good[name].writes, rng.choice([kind for kind in BAD if "folder" not in kind])
    expected = Expected(frozenset({0, 3, 4}), (file,), same=name != "show")  # the page tells what is not as committed
    return Case(
        f"{name}: in an output's place", name, kind, expected, good_words(name), lambda here: BAD[kind](here / file)
    )


def settings(rng: random.Random, *_: object) -> Case:
    """Return a case of settings that a user has for other programs: the outcome must be that of a good run."""
    name = any_stage(rng, (*FLAGS, "classify", "answer"))
    kind, seed = rng.choice(list(SETTINGS)), rng.randrange(2**32)
    with tempfile.TemporaryDirectory() as nowhere:
        environment = SETTINGS[kind](Path(nowhere), random.Random(seed))
    prepare = lambda folder: SETTINGS[kind](folder, random.Random(seed))  # noqa: E731
    expected = Expected(frozenset({0}))
    return Case(f"settings: {kind}", name, f"{seed}, {environment}", expected, good_words(name), prepare, environment)


def limit(rng: random.Random, *_: object) -> Case:
    """Return a case of a limit that is too low for a command."""
    name = any_stage(rng, (*FLAGS, *COMMANDS))
    what = rng.choice(list(LIMITS))
    (least, needed), code, of_what = LIMITS[what]
    most = rng.randrange(least, needed)
    expected = Expected(frozenset({code}), (f"too few {of_what}",))
    return Case(f"limit: {of_what}", name, str(most), expected, good_words(name), limits={what: most})
