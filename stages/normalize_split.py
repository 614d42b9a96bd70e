"""Split the images into sets, make what the models see of them, and normalise each by its own mean and deviation."""

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np

from stages.command.classes import add_classes, check_classes
from stages.command.flags import Parser, below_one, fraction, seed
from stages.command.paths import IMAGES, METRICS, TEST, TRAIN, VALIDATION
from stages.command.process import run
from stages.command.processors import processors
from stages.core.examples import Examples, normalise, select
from stages.features.kinds import FEATURES
from stages.images.digests import dataset_name
from stages.images.form import Images, read_images
from stages.images.split import Split, split
from stages.storage.arrays import Array, ByteArray, IntArray
from stages.storage.errors import DamagedError, ParameterError
from stages.storage.files import prepare_text
from stages.storage.sets import prepare_set


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="of the shuffle before the split")
    parser.add_argument("--features", choices=FEATURES, required=True, help="what the models see of an image")
    add_classes(parser)
    parser.add_argument("--test_size", type=fraction, required=True, help="the test set's share of the images")
    parser.add_argument("--validation_size", type=below_one, required=True, help="the validation set's share, or 0")
    parser.add_argument("--stratified", action="store_true", help="give each set each class's share")
    return parser.parse_args(argv)


def files_of(examples: Examples, kind: str = "pixels", pixels: ByteArray | None = None) -> dict[str, Array]:
    """Return what a set on disk holds, by its files' names: the pixels, and features of another kind beside them."""
    X, labels, mean, std = examples
    seen = {"pixels": X} if kind == "pixels" else {"pixels": pixels, kind: X}
    return {**seen, "labels": labels, "mean": mean, "std": std}  # type: ignore[dict-item]


def check_labels(labels: ByteArray, train: IntArray, names: Sequence[str]) -> None:
    """Raise DamagedError for a label that no class has, ParameterError for a class without images: before training."""
    if (most := int(labels.max())) >= len(names):
        raise DamagedError(
            f"{IMAGES}/labels.npy: has the label {most}, expected 0 to {len(names) - 1}, as --labels has"
        )
    if len(without := np.setdiff1d(np.arange(len(names)), labels[train])):
        raise ParameterError(f"--labels: no image to train on has the label {without[0]} ({names[without[0]]})")


def metrics_of(images: Images, rows: Split, constant: int) -> dict[str, str | int]:
    """Return what metrics/data.json holds."""
    validation = {"validation": len(rows.validation)} if len(rows.validation) else {}
    return {
        "dataset": dataset_name(images),
        "images": len(images.labels),
        "train": len(rows.train),
        **validation,
        "test": len(rows.test),
        "constant_images": constant,
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = vars(parse_arguments(argv))
    kind, labels, names = (arguments.pop(name) for name in ("features", "labels", "names"))
    check_classes(labels, names)
    images = read_images(IMAGES)
    rows = split(images.labels, **arguments)
    check_labels(images.labels, rows.train, names)
    with ThreadPoolExecutor(processors()) as executor:
        examples = normalise(FEATURES[kind](images.pixels, executor), images.labels)

    def part(of: IntArray) -> dict[str, Array]:
        return files_of(select(examples, of), kind, images.pixels[of]) if len(of) else {}

    metrics = metrics_of(images, rows, int((examples.std == 0).sum()))
    with ExitStack() as stack:  # at its end all is moved to its place, or nothing
        prepare_text(stack, METRICS / "data.json", json.dumps(metrics, indent=2) + "\n")
        for folder, of in zip((TRAIN, VALIDATION, TEST), rows, strict=True):
            prepare_set(stack, folder, part(of))
    counts = ", ".join(f"{name} {len(of):,}" for name, of in rows._asdict().items() if len(of))
    print(f"{metrics['dataset']}: {kind}; {counts}, {metrics['constant_images']} constant -> {TRAIN.parent}")


if __name__ == "__main__":
    run(main)
