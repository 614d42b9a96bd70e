"""What the stages' command lines share: flags that check their range, errors in one line, exit codes."""

import argparse
import math
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from stages.core.errors import StageError

INTERRUPTED, TERMINATED = 130, 143


class Parser(argparse.ArgumentParser):
    """A parser that takes flags by their full names, and whose errors are one line."""

    def __init__(self, description: str | None) -> None:
        form = argparse.RawDescriptionHelpFormatter
        super().__init__(stage_name(), description=description, formatter_class=form, allow_abbrev=False)

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
seed = number(int, "a whole number from 0 to 4294967295", lambda value: 0 <= value < 2**32)
digit = number(int, "a whole number from 0 to 9", lambda value: 0 <= value <= 9)


def run(main: Callable[[], None]) -> NoReturn:
    """Run a stage as a process: exit with 0, or with one line on stderr and the code of what went wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        main()
    except StageError as error:
        stop(error.exit_code, str(error))
    except KeyboardInterrupt:
        stop(INTERRUPTED, "interrupted")
    sys.exit(0)


def stop(exit_code: int, message: str) -> NoReturn:
    """Print one line on stderr and exit."""
    print(f"{stage_name()}: {message}", file=sys.stderr)
    sys.exit(exit_code)


def stage_name() -> str:
    """Return the name of the stage that this process runs."""
    return Path(sys.argv[0]).stem
