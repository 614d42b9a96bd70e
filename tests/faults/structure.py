"""Command lines that are wrong as a whole, though each value is right; and some that are right."""

import random
from collections.abc import Callable

from tests.faults.stages import words_of

Flags = dict[str, str]
Line = tuple[list[str], tuple[str, ...], frozenset[int]]  # words, what an error names, exit codes
UNKNOWN = ["--nonsense", "--Alpha", "--digits", "--alpha\n", "--x" * 1000, "--é", "--", "---", "--seed_", "--help_"]
DONE, REFUSED = frozenset({0}), frozenset({2})


def one_missing(flags: Flags, rng: random.Random) -> Line:
    """Leave a flag out."""
    name = rng.choice(list(flags))
    del flags[name]
    return words_of(flags), (f"--{name}",), REFUSED


def one_twice(flags: Flags, rng: random.Random) -> Line:
    """Give a flag twice."""
    name = rng.choice(list(flags))
    again = rng.choice([[f"--{name}={flags[name]}"], [f"--{name}", flags[name]]])
    return [*words_of(flags), *again], (f"--{name}",), REFUSED


def one_unknown(flags: Flags, rng: random.Random) -> Line:
    """Give a flag that there is not."""
    name = rng.choice(UNKNOWN)
    words = [*words_of(flags), rng.choice([name, f"{name}=1"])]
    rng.shuffle(words)
    return words, (name.strip(), "no such flag"), REFUSED


def shortened(flags: Flags, rng: random.Random) -> Line:
    """Give a flag by less than its name."""
    name = rng.choice(list(flags))
    value = flags.pop(name)
    return [*words_of(flags), f"--{name[:-1]}={value}"], (f"--{name[:-1]}",), REFUSED


def no_value(flags: Flags, rng: random.Random) -> Line:
    """Give a flag without a value."""
    name = rng.choice(list(flags))
    del flags[name]
    return [*words_of(flags), f"--{name}"], (f"--{name}",), REFUSED


def no_flag(flags: Flags, rng: random.Random) -> Line:
    """Give a word that is no flag; a list of sources takes it for one of them."""
    word = rng.choice(["words", "3", "-5", "-x", "é", "/", "a=b"])
    return [word, *words_of(flags)], (word,), REFUSED


def help_among_others(flags: Flags, rng: random.Random) -> Line:
    """Ask for help where there is more to do."""
    words = [*words_of(flags), *rng.choice([["--help"], ["--help=true"], ["--help", "true"]])]
    return ([*words, "--help=1"], ("--help",), REFUSED) if len(words) < 2 else (words, ("--help",), REFUSED)


def another_order(flags: Flags, rng: random.Random) -> Line:
    """Give the same flags in another order, and values as words of their own."""
    pairs = list(flags.items())
    rng.shuffle(pairs)
    return [word for name, value in pairs for word in (f"--{name}", *(value.split() or [value]))], (), DONE


STRUCTURES: dict[str, Callable[[Flags, random.Random], Line]] = {
    "missing": one_missing,
    "twice": one_twice,
    "unknown": one_unknown,
    "shortened": shortened,
    "no value": no_value,
    "no flag": no_flag,
    "help among others": help_among_others,
    "another order": another_order,
}
