"""Split the images into sets, compute what the models see, and find each image's mean and standard deviation."""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np

from stages.command.classes import add_classes, check_classes
from stages.command.flags import Parser, below_one, fraction_or_own, seed
from stages.command.paths import IMAGES, METRICS, TEST, TRAIN, VALIDATION
from stages.command.process import run
from stages.command.processors import processors
from stages.core.examples import Examples, normalise, select
from stages.features.columns import COLUMNS, MIDDLE, STEPS, as_bytes, scale_of
from stages.features.kinds import FEATURES
from stages.images.digests import dataset_name
from stages.images.form import PIXELS, Data, read_data
from stages.images.labels import classes_of
from stages.images.split import Split, split
from stages.storage.arrays import Array, ByteArray, FloatArray, IntArray
from stages.storage.errors import DamagedError, ParameterError
from stages.storage.files import prepare_text
from stages.storage.sets import prepare_set


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="seed of the shuffle before the split")
    parser.add_argument("--features", choices=[*FEATURES, COLUMNS], required=True, help="what the models see")
    add_classes(parser)
    parser.add_argument("--test_size", type=fraction_or_own, required=True, help="the test set's share, or 'own'")
    parser.add_argument("--validation_size", type=below_one, required=True, help="the validation set's share, or 0")
    parser.add_argument("--stratified", action="store_true", help="give every set the same share of each class")
    return parser.parse_args(argv)


def files_of(examples: Examples, kind: str = "pixels", pixels: ByteArray | None = None) -> dict[str, Array]:
    """Return the arrays of a set by their files' names: the pixels, and features of another kind beside them."""
    X, labels, mean, std = examples
    shown: dict[str, Array] = {} if pixels is None else {"pixels": pixels}
    return {**shown, **({} if kind in shown else {kind: X}), "labels": labels, "mean": mean, "std": std}


def labels_of(data: Data, names: Sequence[str]) -> ByteArray:
    """Return each row's class, (n,) uint8. Raise DamagedError for a label without a class."""
    try:
        return classes_of(data.labels, names)
    except ValueError as error:
        raise DamagedError(f"{IMAGES}/labels.npy: {error}; see classes in params.yaml") from error


def check_every_class(labels: ByteArray, names: Sequence[str]) -> None:
    """Raise ParameterError if a class has no image in the training set's labels, (n,) uint8."""
    if len(without := np.setdiff1d(np.arange(len(names)), labels)):
        raise ParameterError(f"--labels: no image in the training set has the label {without[0]} ({names[without[0]]})")


def examples_of(data: Data, labels: ByteArray, kind: str) -> Examples:
    """Return what the models see of images, with each row's mean and standard deviation."""
    with ThreadPoolExecutor(processors()) as executor:
        return normalise(FEATURES[kind](data.values.reshape(len(labels), -1), executor), labels)


def columns_of(data: Data, labels: ByteArray, scale: FloatArray) -> Examples:
    """Return what the models see of columns, as bytes by each column's mean and deviation, (P, 2)."""
    X = as_bytes(data.values, scale)
    return Examples(X, labels, np.full(len(X), MIDDLE), np.full(len(X), STEPS))


def check_features(kind: str, data: Data) -> None:
    """Raise ParameterError if this kind of features cannot be computed from the data."""
    fit = [COLUMNS] if data.kind == COLUMNS else list(FEATURES) if data.values.shape[1:] == (PIXELS,) else ["pixels"]
    if kind not in fit:
        what = f"{data.kind} of {'x'.join(map(str, data.values.shape[1:]))}"
        raise ParameterError(f"--features: must be {' or '.join(fit)} for {what}, got {kind}")


def metrics_of(data: Data, rows: Split, constant: int) -> dict[str, str | int]:
    """Return the content of metrics/data.json."""
    validation = {"validation": len(rows.validation)} if len(rows.validation) else {}
    return {
        "dataset": dataset_name(data),
        "images": len(data.labels),
        "train": len(rows.train),
        **validation,
        "test": len(rows.test),
        f"constant_{data.kind}": constant,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = vars(parse_arguments(argv))
    kind, numbers, names = (arguments.pop(name) for name in ("features", "labels", "names"))
    check_classes(numbers, names)
    data = read_data(IMAGES)
    check_features(kind, data)
    labels = labels_of(data, names)
    rows = split(labels, own_test=data.test, **arguments)
    check_every_class(labels[rows.train], names)
    beside: dict[str, Array] = {}
    if data.names is not None:
        scale = scale_of(data.values[rows.train])
        examples, constant = columns_of(data, labels, scale), int((scale[:, 1] == 0).sum())
        beside = {"scale": scale, "names": data.names}
    else:
        examples = examples_of(data, labels, kind)
        constant = int((examples.std == 0).sum())

    def part(of: IntArray) -> dict[str, Array]:
        pixels = data.values[of] if kind != COLUMNS else None
        return {**files_of(select(examples, of), kind, pixels), **beside} if len(of) else {}

    metrics = metrics_of(data, rows, constant)
    with ExitStack() as stack:  # its end moves all files into place, or none
        prepare_text(stack, METRICS / "data.json", json.dumps(metrics, indent=2) + "\n")
        for folder, of in zip((TRAIN, VALIDATION, TEST), rows, strict=True):
            prepare_set(stack, folder, part(of))
    counts = ", ".join(f"{name} {len(of):,}" for name, of in rows._asdict().items() if len(of))
    print(f"{metrics['dataset']}: {kind}; {counts}, {constant} constant -> {TRAIN.parent}")


if __name__ == "__main__":
    run(main)
