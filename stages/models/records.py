"""The files that training leaves: a record for each digit, and one record with all that later stages need."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.core.blocks import WORST_COST
from stages.core.methods import Settings
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray
from stages.storage.errors import DamagedError
from stages.storage.records import read_record, write_record

COLUMNS = "columns"  # a kind of features: numbers that a scale converts to bytes
WORD = "S20"  # ASCII
KINDS = {str: WORD, int: "int64", float: "float64"}
MOST_WEIGHT = 1e300  # a thousandth of what makes scores overflow
SETTINGS = {name: (KINDS[kind], ()) for name, kind in Settings.__annotations__.items()}
DIGIT = {
    "digit": ("int64", ()),
    "weights": ("float64", (None,)),
    "bias": ("float64", ()),
    "cost_history": ("float64", (None,)),
    "ended": (WORD, ()),
    "kept_at": ("int64", (None,)),
    "weights_history": ("float64", (None, None)),
    "bias_history": ("float64", (None,)),
    "features": (WORD, ()),
    "training_set": ("uint8", (32,)),
    **SETTINGS,
}
ONE_VS_ALL = {
    "weights": ("float64", (None, None)),
    "bias": ("float64", (None,)),
    "costs": ("float64", (None, None)),
    "iterations": ("int64", (None,)),
    "ended": (WORD, (None,)),
    "kept_at": ("int64", (None,)),
    "weights_history": ("float64", (None, None, None)),
    "bias_history": ("float64", (None, None)),
    "features": (WORD, ()),
    "training_set": ("uint8", (32,)),
    **SETTINGS,
}
SCALE = {"scale": ("float64", (None, 2))}  # of columns
CLASSES = {"classes": ("S96", (None,))}  # UTF-8: 24 letters of up to 4 bytes


class DigitModel(NamedTuple):
    """A model of one digit against the rest, with how it was trained and on what.

    weights (P,), bias, cost_history (iterations,): float64. ended: why training stopped. kept_at (n,) int64,
    weights_history (n, P) and bias_history (n,) float64: the model after some iterations. See
    `core.gradient_descent.Descent`. features: what it sees. training_set (32,) uint8: the digest of the set. scale
    (P / 2, 2) float64: each column's mean and standard deviation, which convert numbers to bytes; None for images.
    """

    digit: int
    weights: FloatArray
    bias: float
    cost_history: FloatArray
    ended: str
    kept_at: IntArray
    weights_history: FloatArray
    bias_history: FloatArray
    features: str
    training_set: ByteArray
    settings: Settings
    scale: FloatArray | None = None


class OneVsAll(NamedTuple):
    """K models, each for one class against the rest, trained on the same set with the same settings.

    weights (P, K), bias (K,): float64. costs (K, longest) float64, in nats, before each iteration; after a model has
    ended, its last cost is repeated. iterations (K,) int64: how many each took. ended (K,): why it stopped. kept_at
    (n,) int64, weights_history (n, K, P) and bias_history (n, K) float64: the models after the iterations that all
    kept. scale: as in `DigitModel`. classes: K names; the file has them unless they are the numbers from 0.
    """

    weights: FloatArray
    bias: FloatArray
    costs: FloatArray
    iterations: IntArray
    ended: Array
    kept_at: IntArray
    weights_history: FloatArray
    bias_history: FloatArray
    features: str
    training_set: ByteArray
    settings: Settings
    classes: tuple[str, ...]
    scale: FloatArray | None = None


def numbers(K: int) -> tuple[str, ...]:
    """Return the names of K classes without names: their numbers, from 0."""
    return tuple(map(str, range(K)))


def digit_path(folder: Path, digit: int) -> Path:
    """Return the path of a digit's model."""
    return folder / f"{digit}.npy"


def write_model(path: Path, model: DigitModel | OneVsAll) -> None:
    """Write a model as one file."""
    kinds, values = DIGIT, model._asdict() | model.settings._asdict()
    if isinstance(model, OneVsAll):
        kinds = ONE_VS_ALL if model.classes == numbers(len(model.classes)) else {**ONE_VS_ALL, **CLASSES}
        values["classes"] = [name.encode() for name in model.classes]
    if model.scale is not None:
        kinds = {**kinds, **SCALE}
    write_record(path, {name: np.asarray(values[name], kind) for name, (kind, _) in kinds.items()})


def read_digit_model(folder: Path, digit: int) -> DigitModel:
    """Return a digit's model. Raise DamagedError unless the file holds it."""
    path = digit_path(folder, digit)
    model = DigitModel(**values_of(read_record(path, DIGIT, SCALE)))
    n, P = model.weights_history.shape
    lengths = [model.weights.size, model.kept_at.size, model.bias_history.size]
    check(path, lengths == [P, n, n], f"lengths {lengths}", f"{[P, n, n]}")
    check(path, model.digit == digit, f"the model of digit {model.digit}", f"that of digit {digit}")
    check_values(path, model, model.cost_history)
    last = np.append(model.weights_history[-1], model.bias_history[-1])
    good = model.kept_at[-1] == model.cost_history.size and np.array_equal(last, [*model.weights, model.bias])
    check(path, good, "a different model at the end of its history", "the model itself")
    return model


def read_ova(path: Path) -> OneVsAll:
    """Return the models that `combine_ova` wrote. Raise DamagedError for anything else."""
    values = values_of(read_record(path, ONE_VS_ALL, {**CLASSES, **SCALE}))
    (n, K, P), longest = values["weights_history"].shape, values["costs"].shape[1]
    model = OneVsAll(**values | {"classes": tuple(map(str, values.get("classes", numbers(K))))})
    found = [model.weights.shape, model.bias.shape, model.costs.shape, model.iterations.shape]
    found += [model.ended.shape, model.kept_at.shape, model.bias_history.shape]
    expected = [(P, K), (K,), (K, longest), (K,), (K,), (n,), (n, K)]
    check(path, found == expected, f"the shapes {found}", f"{expected}")
    check(path, len(set(model.classes)) == len(model.classes) == K, f"the classes {model.classes}", f"{K} names")
    check(path, model.iterations.min() >= 1 and model.iterations.max() == longest, "iterations", f"1 to {longest}")
    check_values(path, model, model.costs)
    return model


def check_values(path: Path, model: DigitModel | OneVsAll, costs: FloatArray) -> None:
    """Raise DamagedError if scores could overflow, or if other values are none that training writes."""
    arrays = (model.weights, model.bias, model.weights_history, model.bias_history)
    largest = max(float(np.abs(array).max()) for array in arrays)
    check(path, largest <= MOST_WEIGHT, f"a number of {largest:g}", f"{MOST_WEIGHT:g} at most")
    found = f"costs from {costs.min():g} to {costs.max():g}"
    check(path, costs.min() >= 0 and costs.max() <= WORST_COST, found, f"0 to {WORST_COST:.1f}")
    scaled, P = 0 if model.scale is None else 2 * len(model.scale), len(model.weights)
    expected = f"{P} weights" if model.features == COLUMNS else "none"
    check(path, scaled == (P if model.features == COLUMNS else 0), f"a scale for {scaled} weights", expected)
    words = [model.features, model.settings.method, *np.atleast_1d(model.ended)]
    check(path, all(map(str.isascii, words)), "words that are not ASCII", "ASCII")
    steps = np.diff(model.kept_at, prepend=0)
    check(path, (steps > 0).all(), "kept iterations that do not increase", "increasing ones from 1")


def check(path: Path, good: Any, found: str, expected: str) -> None:
    """Raise DamagedError, with what was found and expected, unless a value is good."""
    if not good:
        raise DamagedError(f"{path}: has {found}, expected {expected}; run 'dvc repro'")


def values_of(record: dict[str, Array]) -> dict[str, Any]:
    """Return a model's fields from those of its file. The settings become one field."""
    values = {name: value_of(array) for name, array in record.items()}
    settings = Settings(**{name: values.pop(name) for name in Settings._fields})
    return {**values, "settings": settings}


def value_of(array: Array) -> Any:
    """Return an array without dimensions as a number or text; return any other array as it is, with words as text."""
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    return array.item() if array.shape == () else array
