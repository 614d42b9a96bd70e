"""Read result files, which people may have changed or damaged. An error names the file."""

import json
import math
from pathlib import Path
from typing import Any

from stages.storage.errors import DamagedError
from stages.storage.files import reading

MOST = 10**7  # bytes of a result file; the largest has 50,000
MEND = "resolve a conflict with 'git checkout --ours' and the file's name, or run 'dvc repro'"


def reason(stderr: str) -> str:
    """Return the line that says why a command failed: DVC's first error, or the last line of any other.

    DVC's errors have a line of their own; of an invalid dvc.yaml it prints all, and begins with the file's name.
    """
    lines = stderr.strip().splitlines() or ["it printed no reason"]
    firsts = [line for line in lines if line.startswith("ERROR: ") or "validation failed" in line]
    return (firsts or lines[-1:])[0].removeprefix("ERROR: ")


def text_of(path: str) -> str:
    """Return a file's text. Raises DamagedError, which names the file, if it is not text or too long."""
    with reading(Path(path)) as file:
        content = file.read(MOST + 1)
        if len(content) > MOST:
            raise DamagedError(f"{path}: has more than {MOST} bytes, expected a file of results; {MEND}")
        return content.decode("utf-8")


def table_of(path: str, text: str) -> dict[str, Any]:
    """Return the JSON object in a file's text. Raises DamagedError, also if a number is not finite."""
    try:
        content = json.loads(text, parse_constant=refuse, parse_float=finite, parse_int=lambda word: int(finite(word)))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{path}: is not JSON as a stage writes it ({error}); {MEND}") from error
    if not isinstance(content, dict):
        raise DamagedError(f"{path}: is not a JSON object; {MEND}")
    return content


def finite(word: str) -> float:
    """Return a number from its text; raise ValueError if a float cannot hold it."""
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"a number of {len(word)} characters is too large")
    return number


def refuse(word: str) -> float:
    """Raise ValueError for Infinity and NaN."""
    raise ValueError(word)


def is_count(value: Any) -> bool:
    """Tell whether a value can be a number of images."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**9


def is_share(value: Any) -> bool:
    """Tell whether a value is a number from 0 to 1."""
    return isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value <= 1
