"""Sets of examples on disk, as `normalize_split` writes them: what a model learns from and is tried on."""

from pathlib import Path

from stages.core.exact import LARGEST_BYTE
from stages.core.examples import Examples
from stages.models.records import OneVsAll
from stages.storage.arrays import FloatArray
from stages.storage.errors import DamagedError
from stages.storage.npy import read_array
from stages.storage.sets import check_set

FILES = ("pixels", "labels", "mean", "std")
CLASSES = 10


def read_examples(folder: Path) -> Examples:
    """Return the examples of a set, memory-mapped; raise DamagedError where it is not whole, or out of range."""
    X = read_array(folder / "pixels.npy", "uint8", (None, None))
    labels = read_array(folder / "labels.npy", "uint8", (len(X),))
    if labels.max() >= CLASSES:
        expected = f"labels from 0 to {CLASSES - 1}"
        raise DamagedError(f"{folder}/labels.npy: has the label {labels.max()}, expected {expected}")
    mean = read_moments(folder / "mean.npy", len(X), LARGEST_BYTE)
    std = read_moments(folder / "std.npy", len(X), LARGEST_BYTE / 2)
    check_set(folder, list(FILES))
    return Examples(X, labels, mean, std)


def read_examples_for(model: OneVsAll, folder: Path) -> Examples:
    """Return the examples of a set; raise DamagedError besides where they are not such as a model is for."""
    examples, (P, K) = read_examples(folder), model.weights.shape
    if examples.X.shape[1] != P or examples.labels.max() >= K:
        found = f"{examples.X.shape[1]} columns and labels up to {examples.labels.max()}"
        raise DamagedError(f"{folder}: has {found}, expected {P} and up to {K - 1}, as the model; run 'dvc repro'")
    return examples


def read_moments(path: Path, rows: int, most: float) -> FloatArray:
    """Return the means or the deviations of so many rows of bytes."""
    moments = read_array(path, "float64", (rows,))
    if moments.min() < 0 or moments.max() > most:
        raise DamagedError(f"{path}: has values that no row of bytes has, expected 0 to {most}")
    return moments
