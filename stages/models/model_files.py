"""Model files: one digit's, and the ten together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray
from stages.storage.errors import DamagedError
from stages.storage.images import DIGITS, PIXELS
from stages.storage.records import read_record, write_record
from stages.storage.sets import set_digest


class DigitModel(NamedTuple):
    """A model of one digit against the rest, with how it was trained and on what.

    weights (784,), bias (), cost_history (iterations,): float64. kept_at (k,) int64, weights_history (k, 784) and
    bias_history (k,) float64: the model after some iterations. ended: why training did. See `descent.Descent`.
    training_set (32,) uint8: the digest of the set. The rest are the parameters of `descent.descend`.
    """

    digit: int
    weights: FloatArray
    bias: float
    cost_history: FloatArray
    kept_at: IntArray
    weights_history: FloatArray
    bias_history: FloatArray
    ended: str
    method: str
    alpha: float
    max_iter: int
    rmse_threshold: float
    momentum: float
    training_set: ByteArray


class OneVsAll(NamedTuple):
    """Ten models: weights (784, 10) and bias (10,), float64, a column and a number for each digit."""

    weights: FloatArray
    bias: FloatArray


WORD = "S20"  # ASCII
DIGIT_MODEL = {
    "digit": ("int64", ()),
    "weights": ("float64", (PIXELS,)),
    "bias": ("float64", ()),
    "cost_history": ("float64", (None,)),
    "kept_at": ("int64", (None,)),
    "weights_history": ("float64", (None, PIXELS)),
    "bias_history": ("float64", (None,)),
    "ended": (WORD, ()),
    "method": (WORD, ()),
    "alpha": ("float64", ()),
    "max_iter": ("int64", ()),
    "rmse_threshold": ("float64", ()),
    "momentum": ("float64", ()),
    "training_set": ("uint8", (32,)),
}
ONE_VS_ALL = {"weights": ("float64", (PIXELS, len(DIGITS))), "bias": ("float64", (len(DIGITS),))}
MOST_WEIGHT = 1e300  # a thousand times below what scores can overflow with
MOST_COST = 100  # nats; training that comes to as much has failed
SHARED = ("method", "alpha", "max_iter", "rmse_threshold", "momentum", "training_set")


def digit_path(folder: Path, digit: int) -> Path:
    """Return where a digit's model is."""
    return folder / f"digit_{digit}.npy"


def write_digit_model(folder: Path, model: DigitModel) -> None:
    """Write digit_<d>.npy."""
    record = {name: np.asarray(value, DIGIT_MODEL[name][0]) for name, value in model._asdict().items()}
    write_record(digit_path(folder, model.digit), record)


def read_digit_models(folder: Path) -> list[DigitModel]:
    """Return the ten models of a folder, by digit; raise DamagedError unless each is whole and all belong together."""
    models = [read_digit_model(folder, digit) for digit in DIGITS]
    for key in SHARED:
        check_shared(folder, models, key)
    return models


def read_digit_model(folder: Path, digit: int) -> DigitModel:
    """Return one digit's model; raise DamagedError unless the file holds one."""
    path = digit_path(folder, digit)
    record = read_record(path, DIGIT_MODEL)
    values = {name: value_of(array) for name, array in record.items()}
    if values["digit"] != digit:
        raise DamagedError(f"{path}: is the model of digit {values['digit']}, expected that of digit {digit}")
    model = DigitModel(**values)
    check_usable(path, model.weights, model.weights_history, model.bias, model.bias_history)
    check_costs(path, model.cost_history)
    check_kept(path, model)
    return model


def check_usable(path: Path, *numbers: Any) -> None:
    """Raise DamagedError where weights or biases are so large that scores would be beyond float64."""
    largest = max(float(np.abs(array).max()) for array in numbers)
    if largest > MOST_WEIGHT:
        raise DamagedError(f"{path}: has a number of {largest:g}, expected {MOST_WEIGHT:g} at most; train again")


def check_costs(path: Path, costs: FloatArray) -> None:
    """Raise DamagedError unless each cost is one with which training goes on."""
    if costs.min() < 0 or costs.max() > MOST_COST:
        found = f"from {costs.min():g} to {costs.max():g}"
        raise DamagedError(f"{path}: has costs {found}, expected 0 to {MOST_COST}; train again")


def check_kept(path: Path, model: DigitModel) -> None:
    """Raise DamagedError unless what a model keeps of its iterations is of rising ones, and of the last as it is."""
    lengths = [len(model.kept_at), len(model.weights_history), len(model.bias_history)]
    last = len(model.cost_history)
    if len(set(lengths)) > 1:
        raise DamagedError(
            f"{path}: keeps {lengths} iterations, weights and biases, expected as many of each; train again"
        )
    if model.kept_at[0] < 1 or model.kept_at[-1] != last or (np.diff(model.kept_at) <= 0).any():
        raise DamagedError(f"{path}: keeps iterations that do not rise from 1 or more to its last, {last}; train again")
    if not np.array_equal(model.weights_history[-1], model.weights) or model.bias_history[-1] != model.bias:
        raise DamagedError(f"{path}: keeps other weights after its last iteration than it has; train again")


def value_of(array: Array) -> Any:
    """Return the number or the word that an array without a dimension is; any other array as it is."""
    value = array.item() if array.shape == () else array
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value


def check_combined(path: Path, model: OneVsAll, models: Sequence[DigitModel]) -> None:
    """Raise DamagedError unless the ten together are these ten."""
    if not all(np.array_equal(found, expected) for found, expected in zip(model, combine(models), strict=True)):
        raise DamagedError(f"{path}: is not made of the ten models beside it, expected these; combine them again")


def check_trained_on(folder: Path, models: Sequence[DigitModel], training_set: Path) -> None:
    """Raise DamagedError unless the models were trained on the set in a folder."""
    if not np.array_equal(models[0].training_set, set_digest(training_set)):
        path = digit_path(folder, models[0].digit)
        raise DamagedError(f"{path}: was trained, as the other nine, on another set than {training_set}; train again")


def check_shared(folder: Path, models: Sequence[DigitModel], key: str) -> None:
    """Raise DamagedError, naming the odd one, unless all models were trained with the same value of `key`."""
    values = [np.asarray(getattr(model, key)).tobytes() for model in models]
    usual = max(values, key=values.count)
    for model, value in zip(models, values, strict=True):
        if value != usual:
            others = getattr(models[values.index(usual)], key)
            found, expected = ("another", "the others'") if key == "training_set" else (getattr(model, key), others)
            raise DamagedError(
                f"{digit_path(folder, model.digit)}: was trained with {key} = {found}, expected {expected}; "
                f"train digit {model.digit} again"
            )


def combine(models: Sequence[DigitModel]) -> OneVsAll:
    """Return the models, in the order of their digits, as one."""
    return OneVsAll(np.stack([m.weights for m in models], axis=1), np.array([m.bias for m in models]))


def write_ova(path: Path, model: OneVsAll) -> None:
    """Write the ten models as one file."""
    write_record(path, model._asdict())


def read_ova(path: Path) -> OneVsAll:
    """Return what `write_ova` wrote; raise DamagedError for anything else."""
    model = OneVsAll(**read_record(path, ONE_VS_ALL))
    check_usable(path, *model)
    return model
