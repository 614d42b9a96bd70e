"""The cases of a campaign, drawn with a seed: a fault, the stage that meets it, and what is expected."""

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.faults import archives, calls, moments, params
from tests.faults.forgeries import forge
from tests.faults.mutators import ANY, OF_ARRAYS, Mutator
from tests.faults.places import BAD, SAME, linked_folder, replace
from tests.faults.processes import Trouble, Words
from tests.faults.rules import Expected
from tests.faults.stages import FLAGS, Good, words_of
from tests.faults.structure import STRUCTURES
from tests.faults.words import fits, some_word, value_of

REFUSED, ANYHOW = frozenset({3, 4}), frozenset({0, 2, 3, 4, 5, 6})
UNSEALED = {"plots/learning.csv"}  # committed text, which people may edit
READERS = ("normalize_split", "train_digit", "combine_ova", "evaluate", "render_video")
SLOW = "evaluate"  # the stage that takes long, because it draws


class Case(NamedTuple):
    """A fault, its kind, which is a row of the table, and the stage that meets it.

    what: says which one to who reads of its failure. prepare: makes it, in the folder that the stage runs in.
    """

    kind: str
    stage: str
    what: str
    expected: Expected
    words: Words
    prepare: Callable[[Path], object] = lambda _: None
    environment: Mapping[str, str] = {}
    trouble: Trouble = Trouble()
    limits: Mapping[int, int] = {}


def any_stage(rng: random.Random, names: Sequence[str] = tuple(FLAGS)) -> str:
    """Return a random stage, the slow one rarely."""
    (name,) = rng.choices(names, [1 if name == SLOW else 4 for name in names])
    return name


def file_bytes(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of a file with mutated bytes."""
    name = rng.choice(READERS)
    file = rng.choice([file for file in good[name].reads if (good[name].place / file).stat().st_size])  # not the empty
    mutators = ANY | OF_ARRAYS if file.endswith(".npy") else ANY
    kind = rng.choice(list(mutators))
    seed = rng.randrange(2**32)
    expected = Expected(ANYHOW - {2}, (file,), same=False) if file in UNSEALED else Expected(REFUSED, names_of(file))
    prepare = partial(mutate, file, mutators[kind], seed)
    return Case(kind, name, f"{file}, {seed}", expected, words_of(FLAGS[name]), prepare)


def mutate(file: str, mutator: Mutator, seed: int, folder: Path) -> None:
    """Apply a mutator to a file until its bytes change."""
    rng, content = random.Random(seed), (folder / file).read_bytes()
    mutated = content
    for _ in range(100):
        mutated = mutator(content, rng)
        if mutated != content:
            break
    replace(folder / file, mutated if mutated != content else content + b"\0")


def names_of(file: str) -> tuple[str, ...]:
    """Return the names by which a message may call a file: its own or, in a set of files, its folder's."""
    return (file,) if file.startswith(("data/models/", "plots/")) else (str(Path(file).parent),)


def file_place(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of a file that is missing, elsewhere, or no regular file."""
    name = any_stage(rng, READERS)
    file = rng.choice(good[name].reads)
    places = BAD | SAME
    kind = rng.choice(list(places))
    expected = Expected(frozenset({0})) if kind in SAME else Expected(REFUSED, (str(Path(file).parent),))
    if places[kind] is linked_folder and name == "combine_ova":  # it writes there too, and so elsewhere
        kind = "link to it"
    return Case(kind, name, file, expected, words_of(FLAGS[name]), lambda folder: places[kind](folder / file))


def forgery(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of wrong numbers with a right digest."""
    name = any_stage(rng, READERS)
    file = rng.choice([file for file in good[name].reads if file.endswith(".npy")])
    seed = rng.randrange(2**32)
    flags = ("--labels",) if name == "normalize_split" else ()  # a class may have no image any more
    names = (str(Path(file).parent), "data/models", "plots", "digit 3", *flags)
    expected = Expected(ANYHOW if flags else ANYHOW - {2}, names, same=False)
    prepare = lambda folder: forge(folder / file, random.Random(seed))  # noqa: E731
    return Case("wrong numbers, sealed", name, f"{file}, {seed}", expected, words_of(FLAGS[name]), prepare)


def given_file(rng: random.Random, *_: object) -> Case:
    """Return a case of a file that is passed off as MNIST."""
    kind, seed = rng.choice(list(archives.KINDS)), rng.randrange(2**32)
    given, environment = archives.KINDS[kind], {"MNIST_FILE": f"given/{archives.NAMES[kind]}"}
    expected = Expected(REFUSED, ("given/",))
    prepare = lambda folder: given(folder / "given", random.Random(seed))  # noqa: E731
    return Case(f"MNIST_FILE: {kind}", "fetch", str(seed), expected, words_of(FLAGS["fetch"]), prepare, environment)


def output_place(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of something that is in the place of a stage's output."""
    name = any_stage(rng)
    file, kind = rng.choice(good[name].writes), rng.choice(list(BAD))
    expected = Expected(frozenset({0, 3, 4}), (str(Path(file).parent),), lines=lines_of(name))
    prepare = lambda folder: BAD[kind](folder / file)  # noqa: E731
    return Case(f"in an output's place: {kind}", name, file, expected, words_of(FLAGS[name]), prepare)


def lines_of(name: str) -> int:
    """Return how many lines a failing stage may print: 1, but for fetch, which has a line for each source; 0 is any."""
    return 0 if name == "fetch" else 1


def value(rng: random.Random, *_: object) -> Case:
    """Return a case of a flag with an odd value."""
    name = rng.choice([name for name, flags in FLAGS.items() if flags])
    flag = rng.choice(list(FLAGS[name]))
    word = some_word(flag, rng)
    good = fits(flag, word)
    if flag in ("digit", "features") and good:
        word = FLAGS[name][flag]  # with another one, the stage would write another file
    if flag == "examples" and good and 9 < value_of(flag, word) < 1000:
        word = "9"  # each takes a moment
    others = {other: value for other, value in FLAGS[name].items() if other != flag}
    if flag == "max_iter" and good:
        others |= {"rmse_threshold": "1"}  # which ends after the first
    glued = rng.random() < 0.5
    words = [*words_of(others), *([f"--{flag}={word}"] if glued else [f"--{flag}", word])]
    same = good and flag != "max_iter" and value_of(flag, word) == value_of(flag, FLAGS[name][flag])
    codes = frozenset({0}) if same else ANYHOW if good else frozenset({2})
    lines = 0 if name == "fetch" and good else 1
    expected = Expected(codes, () if good else (f"--{flag}", word), same=same, lines=lines)
    return Case("value of a flag", name, f"{words[len(others) :]!r}"[:200], expected, words)


def params_file(rng: random.Random, *_: object) -> Case:
    """Return a case of a wrong params.yaml."""
    name, seed = rng.choice(list(params.OF)), rng.randrange(2**32)
    expected = Expected(frozenset({0, 2, 3, 5}), same=False, lines=lines_of(name))
    prepare = lambda folder: params.write(folder, random.Random(seed))  # noqa: E731
    return Case("params.yaml", name, str(seed), expected, partial(params.words_for, name), prepare)


def structure(rng: random.Random, *_: object) -> Case:
    """Return a case of flags that are missing, doubled, unknown, or in another order."""
    name = rng.choice(list(FLAGS))
    kind = rng.choice(
        [kind for kind in STRUCTURES if FLAGS[name] or kind in ("unknown", "no flag", "help among others")]
    )
    words, names, codes = STRUCTURES[kind](dict(FLAGS[name]), rng)
    lines = lines_of(name) if 0 in codes else 1
    return Case(f"flags: {kind}", name, repr(words)[:200], Expected(codes, names, lines=lines), words)


def moment(rng: random.Random, good: Mapping[str, Good], _: object) -> Case:
    """Return a case of a signal at a random moment of a run."""
    name, number = any_stage(rng), rng.choice(list(moments.ENDS))
    after = rng.random() * 1.2 * good[name].ended.seconds
    expected = Expected(frozenset({0, moments.ENDS[number]}), lines=moments.LINES[number], leftovers=True)
    if name == "fetch":
        expected = expected._replace(lines=0)
    trouble = moments.Signalled(after, number)
    what = f"after {1000 * after:.0f} ms"
    return Case(number.name, name, what, expected, words_of(FLAGS[name]), trouble=trouble)


def call(rng: random.Random, _: object, tally: Mapping[str, Mapping[str, int]]) -> Case:
    """Return a case of a system call that fails."""
    name = any_stage(rng)
    what = rng.choice(list(tally[name]))
    error, nth = rng.choice(calls.ERRORS), rng.randint(1, tally[name][what])
    expected = Expected(frozenset({0, 3, 4, 6}), lines=lines_of(name))
    failing = calls.Failing(what, error, nth)
    return Case(f"{what} fails", name, f"{error}, the {nth}th", expected, words_of(FLAGS[name]), trouble=failing)
