"""A part of one's own data, as each kind of file gives it, and how a training and a test part become one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from stages.images.form import SIDE, WORD, Data
from stages.storage.arrays import Array
from stages.storage.errors import DamagedError

MOST_BYTES = 2**30  # of files, and of what they hold unpacked
MOST_COLUMNS = 2**18  # of an image, 512x512, or twice those of numbers
LARGEST = 1e100  # a number whose square float64 still holds


class Part(NamedTuple):
    """The training or the test part: values (n, height, width) uint8, or (n, P) float64 with the columns' names."""

    values: Array
    labels: Sequence[str]
    names: Sequence[str] = ()


def joined(parts: Sequence[Part]) -> Data:
    """Return a training part, and a test part if there is one, as one; raise DamagedError where they do not fit."""
    for part in parts:
        check(part)
    first, last = parts[0], parts[-1]
    form, other = (f"{part.values.dtype} {part.values.shape[1:]} {' '.join(part.names)}" for part in (first, last))
    if form != other:
        raise DamagedError(f"its test part is {other.strip()}, expected {form.strip()}, as its training part")
    values = np.concatenate([part.values for part in parts])
    return Data(
        values.reshape(-1, SIDE * SIDE) if values.shape[1:] == (SIDE, SIDE) else values,
        as_words("label", [label for part in parts for label in part.labels]),
        np.arange(len(values)) >= len(first.values) if len(parts) > 1 else None,
        as_words("column", first.names) if first.names else None,
    )


def check(part: Part) -> None:
    """Raise DamagedError unless a part has rows, each with a label, no wider than is trained on, of usual numbers."""
    shape, labels = part.values.shape, len(part.labels)
    if labels != shape[0] or not part.values.size:
        raise DamagedError(f"has {labels} labels for {shape[0]} rows of {shape[1:]}, expected as many, and some")
    if (wide := int(np.prod(shape[1:])) * (2 if part.names else 1)) > MOST_COLUMNS:
        raise DamagedError(f"has rows of {shape[1:]}, {wide} bytes, expected at most {MOST_COLUMNS}")
    if part.names:
        check_numbers(part)


def check_numbers(part: Part) -> None:
    """Raise DamagedError, with the place, where a number is missing, infinite or too large."""
    wrong = np.argwhere(~(np.abs(part.values) <= LARGEST))
    if len(wrong):
        row, column = wrong[0]
        found, name = part.values[row, column], part.names[column]
        raise DamagedError(f"row {row + 1}, column '{name}': has {found}, expected a number up to {LARGEST:g}")


def as_words(what: str, texts: Iterable[str]) -> Array:
    """Return texts as they are kept on disk, UTF-8; raise DamagedError for one that is empty or too long."""
    encoded = [text.encode() for text in texts]
    longest = np.dtype(WORD).itemsize
    for word in set(encoded):
        if not 0 < len(word.strip()) <= longest:
            found = word[: 2 * longest].decode(errors="replace")
            raise DamagedError(f"has the {what} '{found}', expected 1 to {longest} bytes")
    return np.array(encoded, WORD)


def plain(label: object) -> str:
    """Return a label as text: a whole number without a point, as params.yaml has it."""
    text = str(label).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.0f}" if number.is_integer() else text


def numbered(columns: int) -> list[str]:
    """Return names for columns that have none."""
    return [str(column) for column in range(1, columns + 1)]
