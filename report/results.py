"""What the pipeline wrote, and what people may have made of it since: read with care, and named where it is odd."""

import json
import math
from pathlib import Path
from typing import Any

from stages.storage.errors import DamagedError
from stages.storage.files import reading

MOST = 10**7  # bytes of a file of results; the largest has 50,000
MEND = "settle a conflict by 'git checkout --ours' and the file's name, or run 'dvc repro'"


def text_of(path: str) -> str:
    """Return a file's text. Raises DamagedError, which names it, where it is no text or too long."""
    with reading(Path(path)) as file:
        content = file.read(MOST + 1)
        if len(content) > MOST:
            raise DamagedError(f"{path}: has more than {MOST} bytes, expected a file of results; {MEND}")
        return content.decode("utf-8")


def table_of(path: str, text: str) -> dict[str, Any]:
    """Return the table that a JSON file's text is, with finite numbers. Raises DamagedError, which names the file."""
    try:
        content = json.loads(text, parse_constant=refuse, parse_float=finite, parse_int=lambda word: int(finite(word)))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{path}: is no JSON that a stage writes ({error}); {MEND}") from error
    if not isinstance(content, dict):
        raise DamagedError(f"{path}: is no table of names and values; {MEND}")
    return content


def finite(word: str) -> float:
    """Return a number as it is read; raise ValueError where it is beyond what a float holds."""
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"a number of {len(word)} letters")
    return number


def refuse(word: str) -> float:
    """Raise ValueError for infinity and for what is no number."""
    raise ValueError(word)


def whole(value: Any) -> bool:
    """Tell whether a value is a whole number of images."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**9


def share(value: Any) -> bool:
    """Tell whether a value is a share."""
    return isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value <= 1
