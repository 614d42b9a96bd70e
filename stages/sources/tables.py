"""Tables: a .csv with a column 'label' and columns of numbers, or a folder with a train.csv and a test.csv."""

import io
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from stages.sources.parts import Part, label_text
from stages.storage.arrays import FloatArray
from stages.storage.errors import DamagedError

LABEL = "label"
MOST_TEXT = 2**28  # bytes; numbers take more memory than their text
TABLES = ["test.csv", "train.csv"]


def parts_of_tables(files: Mapping[str, bytes]) -> list[Part]:
    """Return the part in one table, or the parts in train.csv and test.csv."""
    names = list(files)
    if len(names) > 1 and names != TABLES:
        raise DamagedError(f"holds {', '.join(names)[:200]}; expected train.csv and test.csv")
    return [part_of(name, files[name]) for name in reversed(names)]


def part_of(name: str, content: bytes) -> Part:
    """Return the rows of a table, with the names in its header. Raise DamagedError, with the file's name."""
    if len(content) > MOST_TEXT:
        raise DamagedError(f"{name}: has {len(content)} bytes, expected at most {MOST_TEXT}")
    names = names_in(name, content)
    if names.count(LABEL) != 1 or len(set(names)) < len(names) or len(names) < 2:
        found = ", ".join(names)[:200]
        raise DamagedError(f"{name}: has the columns {found}; expected one '{LABEL}' and other names, each once")
    table = read_table(name, content, dtype={LABEL: str}, na_values=[""], low_memory=False)
    table.columns = pd.Index(names)
    labels = table.pop(LABEL).fillna("")
    names.remove(LABEL)
    numbers = [numbers_in(name, table[column]) for column in names]
    words = {label: label_text(label) for label in labels.unique()}
    return Part(np.stack(numbers, axis=1), [words[label] for label in labels], names)


def names_in(name: str, content: bytes) -> list[str]:
    """Return the names in a table's first line."""
    first = read_table(name, content, header=None, nrows=1, dtype=str)
    return [str(found) for found in first.fillna("").iloc[0]]


def read_table(name: str, content: bytes, **options: Any) -> pd.DataFrame:
    """Return a table. Raise DamagedError if it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            form: Any = {"encoding": "utf-8-sig", "index_col": False, "keep_default_na": False}
            table: pd.DataFrame = pd.read_csv(io.BytesIO(content), **form, **options)
    except Exception as error:  # pandas passes on any error of its parsers
        reason = " ".join(str(error).split())[:200]
        raise DamagedError(f"{name}: is not a table ({reason}); expected comma-separated values") from error
    return table


def numbers_in(name: str, column: pd.Series) -> FloatArray:
    """Return a column of a table, (n,) float64. Raise DamagedError if it has anything but numbers."""
    for value in column if column.dtype.kind not in "iuf" else ():
        try:
            if isinstance(value, bool):
                raise ValueError
            float(value)
        except ValueError as error:
            found = f"column '{column.name}' has '{str(value)[:60]}'"
            raise DamagedError(f"{name}: {found}, expected only numbers") from error
    return column.to_numpy(np.float64)
