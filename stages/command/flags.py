"""The flags of the stages. Each checks its range, and each error is one line."""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from stages.command.process import stage_name

LONGEST = 60  # characters of a value in an error


class Parser(argparse.ArgumentParser):
    """A parser that takes flags by their full names only and reports errors in one line."""

    def __init__(self, description: str | None) -> None:
        form = argparse.RawDescriptionHelpFormatter
        command = f"python -m stages.{stage_name()}"
        super().__init__(command, description=description, formatter_class=form, allow_abbrev=False)

    def parse_args(self, words: Sequence[str] | None = None) -> argparse.Namespace:  # type: ignore[override]
        """Return the flags. An unknown flag is reported before a missing one.

        Each flag may be given once, and --help only alone: among other flags it comes from params.yaml.
        """
        words = join_negative_values(sys.argv[1:] if words is None else words)
        given = [word.partition("=") for word in words if word.startswith("--")]
        flags = [flag for flag, _, _ in given]
        known = sorted(flag for flag in self._option_string_actions if flag.startswith("--"))
        for flag, _, value in given:
            if flag not in known:
                self.error(f"{flag}: no such flag, expected {', '.join(known)}")
            if flags.count(flag) > 1:
                self.error(f"{flag}: given {flags.count(flag)} times, expected once")
            if value == "--":
                self.error(f"{flag}: must be a value, got --")  # argparse would read it as an empty list
        if "--help" in flags and len(words) > 1:
            self.error("--help: given with other flags, expected alone; is 'help' a key in params.yaml?")
        return super().parse_args(words)

    def error(self, message: str) -> NoReturn:
        """Print the error in one line, and exit with 2."""
        self.exit(2, f"{stage_name()}: {' '.join(message.removeprefix('argument ').split())}\n")


def join_negative_values(words: Sequence[str]) -> list[str]:
    """Return the words, with a word such as -inf joined to its flag: argparse would take it for a flag."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].startswith("--") and word.startswith("-") and not word.startswith("--"):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def shown(value: str) -> str:
    """Return a value as an error shows it: in one line, and shortened if it is long."""
    line = " ".join(value.split()) or "nothing"
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}... ({len(value)} characters)"


def number(kind: type, wanted: str, fits: Callable[[float], bool]) -> Callable[[str], float]:
    """Return a flag's type: a number for which `fits` is true. Other values raise an error that says what is wanted."""

    def parse(text: str) -> float:
        try:
            value: float = kind(text)
            good = math.isfinite(value) and fits(value)
        except (ValueError, OverflowError):  # not a number, or too large for float64
            good = False
        if not good:
            raise argparse.ArgumentTypeError(f"must be {wanted}, got {shown(text)}")
        return value + 0  # turns -0.0 into 0.0

    return parse


above_zero = number(float, "a finite number above 0", lambda value: value > 0)
zero_or_more = number(float, "a finite number, 0 or more", lambda value: value >= 0)
below_one = number(float, "a number from 0 to below 1", lambda value: 0 <= value < 1)
fraction = number(float, "a number between 0 and 1, or 'own'", lambda value: 0 < value < 1)
whole_above_zero = number(int, "a whole number above 0", lambda value: value > 0)
iterations = number(int, "a whole number from 1 to 1000000000", lambda value: 1 <= value <= 10**9)
rows = number(int, "a whole number from 0 to 1000000000", lambda value: 0 <= value <= 10**9)
frame_rate = number(float, "a number from 0.1 to 50", lambda value: 0.1 <= value <= 50)
seed = number(int, "a whole number from 0 to 4294967295", lambda value: 0 <= value < 2**32)
label = number(int, "a whole number from 0 to 255", lambda value: 0 <= value <= 255)


def fraction_or_own(text: str) -> float | None:
    """Return a share, or None for 'own', the data's own test set."""
    return None if text == "own" else fraction(text)
