"""The flags of the stages: each checks its range, and what is wrong is one line."""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from stages.command.process import stage_name


class Parser(argparse.ArgumentParser):
    """A parser that takes flags by their full names, and whose errors are one line."""

    def __init__(self, description: str | None) -> None:
        form = argparse.RawDescriptionHelpFormatter
        super().__init__(stage_name(), description=description, formatter_class=form, allow_abbrev=False)

    def parse_args(self, words: Sequence[str] | None = None) -> argparse.Namespace:  # type: ignore[override]
        """Return the flags; a flag that there is not is named before any that is missing."""
        words = sys.argv[1:] if words is None else words
        flags = [word.partition("=")[0] for word in words if word.startswith("--")]
        unknown = [flag for flag in flags if flag not in self._option_string_actions]
        if unknown:
            known = sorted(flag for flag in self._option_string_actions if flag.startswith("--"))
            self.error(f"{unknown[0]}: there is no such flag; there are {', '.join(known)}")
        return super().parse_args(words)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and exit with 2."""
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')}\n")


def number(kind: type, wanted: str, fits: Callable[[float], bool]) -> Callable[[str], float]:
    """Return a flag's type: a number that fits, else an error that says what was wanted."""

    def parse(text: str) -> float:
        try:
            value: float = kind(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and fits(value)):
            raise argparse.ArgumentTypeError(f"must be {wanted}, got {text}")
        return value

    return parse


above_zero = number(float, "a finite number above 0", lambda value: value > 0)
zero_or_more = number(float, "a finite number, 0 or more", lambda value: value >= 0)
below_one = number(float, "a number from 0 to below 1", lambda value: 0 <= value < 1)
fraction = number(float, "a number between 0 and 1", lambda value: 0 < value < 1)
whole_above_zero = number(int, "a whole number above 0", lambda value: value > 0)
iterations = number(int, "a whole number from 1 to 1000000000", lambda value: 1 <= value <= 10**9)
pace = number(float, "a number from 0.1 to 50", lambda value: 0.1 <= value <= 50)
seed = number(int, "a whole number from 0 to 4294967295", lambda value: 0 <= value < 2**32)
digit = number(int, "a whole number from 0 to 9", lambda value: 0 <= value <= 9)
