"""Parts of your own data, read from any kind of file, and how a training and a test part are joined."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from stages.images.form import SIDE, WORD, Data
from stages.storage.arrays import Array
from stages.storage.errors import DamagedError

MOST_BYTES = 2**30  # of all files, packed or unpacked
MOST_COLUMNS = 2**18  # bytes of a row: an image of 512x512; a number takes two
LARGEST = 1e100  # float64 can hold the square of this number


class Part(NamedTuple):
    """The training or the test part: values (n, height, width) uint8, or (n, P) float64 and P column names."""

    values: Array
    labels: Sequence[str]
    names: Sequence[str] = ()


def join_parts(parts: Sequence[Part]) -> Data:
    """Return the training part, and the test part if any, as one. Raise DamagedError if their forms differ."""
    for part in parts:
        check(part)
    first, last = parts[0], parts[-1]
    form, other = (f"{part.values.dtype} {part.values.shape[1:]} {' '.join(part.names)}" for part in (first, last))
    if form != other:
        raise DamagedError(f"its test part is {other.strip()}, expected {form.strip()}, like its training part")
    values = np.concatenate([part.values for part in parts])
    return Data(
        values.reshape(-1, SIDE * SIDE) if values.shape[1:] == (SIDE, SIDE) else values,
        encoded("label", [label for part in parts for label in part.labels]),
        np.arange(len(values)) >= len(first.values) if len(parts) > 1 else None,
        encoded("column", first.names) if first.names else None,
    )


def check(part: Part) -> None:
    """Raise DamagedError unless a part has rows that are not too wide, a label for each, and valid numbers."""
    shape, labels = part.values.shape, len(part.labels)
    if labels != shape[0] or not part.values.size:
        raise DamagedError(f"has {labels} labels for {shape[0]} rows of {shape[1:]}, expected rows with a label each")
    if (wide := int(np.prod(shape[1:])) * (2 if part.names else 1)) > MOST_COLUMNS:
        raise DamagedError(f"has rows of {shape[1:]}, {wide} bytes each, expected at most {MOST_COLUMNS}")
    if part.names:
        check_numbers(part)


def check_numbers(part: Part) -> None:
    """Raise DamagedError, with the row and the column, if a number is missing, infinite or too large."""
    wrong = np.argwhere(~(np.abs(part.values) <= LARGEST))
    if len(wrong):
        row, column = wrong[0]
        found, name = part.values[row, column], part.names[column]
        raise DamagedError(f"row {row + 1}, column '{name}': has {found}, expected a number up to {LARGEST:g}")


def encoded(what: str, texts: Iterable[str]) -> Array:
    """Return texts as UTF-8 bytes, (n,) S96. Raise DamagedError if one is empty or too long."""
    words = [text.encode() for text in texts]
    longest = np.dtype(WORD).itemsize
    for word in set(words):
        if not 0 < len(word.strip()) <= longest:
            found = word[: 2 * longest].decode(errors="replace")
            raise DamagedError(f"has the {what} '{found}', expected 1 to {longest} bytes")
    return np.array(words, WORD)


def label_text(label: object) -> str:
    """Return a label as text. A whole number has no decimal point, as in params.yaml."""
    text = str(label).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.0f}" if number.is_integer() else text


def column_numbers(columns: int) -> list[str]:
    """Return names for columns that have none: their numbers, from 1."""
    return [str(column) for column in range(1, columns + 1)]
