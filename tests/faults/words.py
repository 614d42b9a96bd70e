"""Values for every flag, and which of them a stage has to refuse: told here apart from the code that does it."""

import math
import random
from typing import Any

LONG = "9" * 400
WRONG = ["", " ", "nan", "inf", "-inf", "-.inf", ".nan", "1e400", LONG, f"-{LONG}", f"0.{LONG}e{LONG}", "x" * 100_000]
WRONG += ["None", "true", "~", "1,5", "1;5", "0x10", "1e", "--", "-", "- 1", "1 2", "1\n2", "\n", "\r\n", "\t", "1.0.0"]
WRONG += ["é", "Ⅷ", "½", "\udcff", "🦄", "'1'", '"1"', "$HOME", "$(ls)", "../..", "%s", "{}", "\\n", "--help", "@file"]
WRONG += ["#"]
LETTERS = "0123456789" * 3 + ".eE+-_ naif\nx٣"
WHOLE = ["0", "1", "-1", "9", "10", "4294967295", "4294967296", "1000000000", "1000000001"]
WHOLE += ["+1", "007", "1.5", "1e3", "-0"]
REAL = ["0", "-0.0", "1", "0.5", "1e-320", "1e308", "0.1", "0.09999", "50", "50.001", ".5", "5.", "+0.5", "1e-5"]
ONE_OF = [
    "gradient_descent",
    "lbfgs",
    "barzilai_borwein",
    "sample",
    "fail",
    "ossci",
    "Sample",
    "lbfgs ",
    "sgd",
    "pixels",
    "strokes",
]
SOURCES = ("drive", "amplab", "cvdf", "ossci")
RANGES: dict[str, Any] = {  # by flag: its kind, and what it may be
    "seed": (int, lambda value: 0 <= value < 2**32),
    "features": (str, ["pixels", "strokes"].count),
    "test_size": (float, lambda value: 0 < value < 1),
    "digit": (int, lambda value: 0 <= value <= 255),
    "labels": (int, lambda _: False),  # one alone are too few
    "names": (str, lambda _: False),
    "method": (str, ["gradient_descent", "barzilai_borwein", "lbfgs"].count),  # sgd wants a batch
    "alpha": (float, lambda value: value > 0),
    "max_iter": (int, lambda value: 1 <= value <= 10**9),
    "rmse_threshold": (float, lambda value: value >= 0),
    "momentum": (float, lambda value: 0 <= value < 1),
    "validation_size": (float, lambda value: 0 <= value < 1),
    "l2": (float, lambda value: value >= 0),
    "batch": (int, lambda value: value == 0),  # sgd alone has one
    "examples": (int, lambda value: value > 0),
    "fps": (float, lambda value: 0.1 <= value <= 50),
    "sources": (
        str,
        lambda value: value in ("drive", "amplab", "cvdf", "ossci") or set("./\\") & set(value),
    ),  # or a path
    "sha256": (str, ["None"].count),
    "offline": (str, ["sample", "fail"].count),
}


def fits(flag: str, word: str) -> bool:
    """Tell whether a flag may have a value."""
    kind, allowed = RANGES[flag]
    try:
        value = kind(word)
        return bool((kind is str or math.isfinite(value)) and allowed(value))
    except (ValueError, OverflowError):
        return False


def value_of(flag: str, word: str) -> Any:
    """Return what a value that fits means."""
    return RANGES[flag][0](word)


def some_word(flag: str, rng: random.Random) -> str:
    """Return a value for a flag: one of the known odd ones, or any letters."""
    kind = RANGES[flag][0]
    letters = "".join(rng.choice(LETTERS) for _ in range(rng.randrange(1, 9)))
    return rng.choice([rng.choice(WRONG), rng.choice({int: WHOLE, float: REAL, str: ONE_OF}[kind]), letters])
