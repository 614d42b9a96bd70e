"""Sets of examples on disk, as `normalize_split` writes them: the training, validation and test sets.

A set of images has their pixels and, in a second file, what the models see, named after the kind of features. A set of
columns has only what the models see, with each column's name, mean and standard deviation.
"""

from pathlib import Path

from stages.core.exact import LARGEST_BYTE
from stages.core.examples import Examples
from stages.models.records import COLUMNS, OneVsAll
from stages.storage.arrays import FloatArray
from stages.storage.errors import DamagedError
from stages.storage.npy import read_array
from stages.storage.sets import check_set, names_in

PIXELS = "pixels"
NAME = "S96"  # a column's name, UTF-8


def features_in(folder: Path) -> str:
    """Return the kind of features of a set."""
    names = names_in(folder)
    seen = names[: names.index("labels")] if "labels" in names else []
    return seen[-1] if seen else PIXELS


def read_examples(folder: Path) -> Examples:
    """Return the examples of a set, memory-mapped. Raise DamagedError if it is incomplete or has invalid values."""
    kind = features_in(folder)
    read = [kind, "labels", "mean", "std", *(["scale", "names"] if kind == COLUMNS else [])]
    check_set(folder, read if kind in (PIXELS, COLUMNS) else [PIXELS, *read], read)
    X = read_array(folder / f"{kind}.npy", "uint8", (None, None), ("uint8", (None, None, None)))
    X = X.reshape(len(X), -1)
    labels = read_array(folder / "labels.npy", "uint8", (len(X),))
    mean = read_moments(folder / "mean.npy", len(X), LARGEST_BYTE)
    std = read_moments(folder / "std.npy", len(X), LARGEST_BYTE / 2)
    return Examples(X, labels, mean, std)


def scale_in(folder: Path) -> FloatArray | None:
    """Return the mean and the standard deviation of a set's columns, (P, 2) float64; None for images."""
    return read_array(folder / "scale.npy", "float64", (None, 2)) if features_in(folder) == COLUMNS else None


def columns_in(folder: Path) -> list[str]:
    """Return the names of a set's columns."""
    names = read_array(folder / "names.npy", NAME, (None,))
    return [name.decode(errors="replace") for name in names.tolist()]


def read_examples_for(model: OneVsAll, path: Path, folder: Path) -> Examples:
    """Return the examples of a set. Raise DamagedError also if the model, read from a path, cannot read them."""
    kind, examples, (P, K) = features_in(folder), read_examples(folder), model.weights.shape
    found, most = (kind, examples.X.shape[1]), int(examples.labels.max())
    if found != (model.features, P) or most >= K:
        expected = f"{model.features} of {P} columns and labels up to {K - 1}, like {path}"
        raise DamagedError(f"{folder}: has {kind} of {found[1]} columns and labels up to {most}, expected {expected}")
    return examples


def read_moments(path: Path, rows: int, most: float) -> FloatArray:
    """Return the means or the standard deviations of rows of bytes, (rows,) float64."""
    moments = read_array(path, "float64", (rows,))
    if moments.min() < 0 or moments.max() > most:
        raise DamagedError(f"{path}: has values that no row of bytes has, expected 0 to {most}")
    return moments
