"""Evaluate the models on the test set: metrics, tables and pictures."""

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from stages.command.flags import Parser
from stages.command.paths import METRICS, OVA, PLOTS, TEST, TRAIN, VALIDATION
from stages.command.process import run
from stages.core.examples import Examples
from stages.drawing.charts import accuracy_chart, confusion_chart, cost_chart, reliability_chart
from stages.drawing.columns import columns_sheet, note_sheet
from stages.drawing.figures import Figure
from stages.drawing.pictures import Look
from stages.drawing.sheets import mistakes_sheet, predictions_sheet, samples_sheet, weights_sheet
from stages.drawing.style import prepare_picture
from stages.images.form import Images, image_of, read_pixels
from stages.models.answers import images_in, to_text
from stages.models.calibration import precision_recall_table
from stages.models.examples import columns_in, read_examples_for
from stages.models.metrics import (
    Scored,
    answers,
    confusion_table,
    cost_table,
    digit_metrics,
    digit_table,
    learning_table,
    ova_metrics,
    reliability_table,
)
from stages.models.ova import input_weights, scores
from stages.models.records import COLUMNS, OneVsAll, read_ova
from stages.storage.arrays import FloatArray
from stages.storage.errors import DamagedError
from stages.storage.files import prepare_text
from stages.storage.sets import names_in, set_digest


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    return Parser(__doc__).parse_args(argv)


def as_json(content: dict[str, Any]) -> str:
    """Return the text of a metrics file."""
    return json.dumps(content, indent=2) + "\n"


def as_csv(table: pd.DataFrame) -> str:
    """Return the text of a table, independent of NumPy's print options."""
    with np.printoptions(legacy=False):
        return str(table.to_csv(index=False, lineterminator="\n"))


def write(texts: dict[Path, str], pictures: dict[str, Callable[[], Figure]]) -> None:
    """Write the texts and draw and write the pictures: all of them, or none."""
    with ExitStack() as stack:  # its end moves all files into place
        for path, text in texts.items():
            prepare_text(stack, path, text)
        for name, picture in tqdm(pictures.items(), unit=" pictures", leave=False, disable=None):
            prepare_picture(stack, PLOTS / f"{name}.png", picture)


def check_trained_on(model: OneVsAll, training_set: Path) -> None:
    """Raise DamagedError unless the models were trained on this set."""
    if model.training_set.tobytes() != set_digest(training_set).tobytes():
        raise DamagedError(f"{OVA}: was trained on another set, expected {training_set}; run 'dvc repro'")


def validation_scores(model: OneVsAll) -> Scored | None:
    """Return the scores and the labels of the validation set, if there is one."""
    if not names_in(VALIDATION):
        return None
    validation = read_examples_for(model, OVA, VALIDATION)
    return scores(model.weights, model.bias, validation), validation.labels


def sheets_of(ova: OneVsAll, train: Examples, test: Examples, z: FloatArray) -> dict[str, Callable[[], Figure]]:
    """Return the functions that draw images and weights, of scores (n, K) of the test set; of columns only weights."""
    names = ova.classes
    if ova.features == COLUMNS:
        weights = input_weights(ova.weights.T, COLUMNS).T
        return {
            "samples": lambda: note_sheet("The sheet of samples"),
            "weights": lambda: columns_sheet(weights, columns_in(TRAIN), names),
            "predictions": lambda: note_sheet("The sheet of predictions"),
            "mistakes": lambda: note_sheet("The sheet of mistakes"),
        }
    seen, tested = (Images(read_pixels(part), one.labels) for part, one in ((TRAIN, train), (TEST, test)))
    look = Look(ova.features, image_of(seen.pixels[0]).shape)
    return {
        "samples": lambda: samples_sheet(seen, names),
        "weights": lambda: weights_sheet(ova.weights, train.X, look, names),
        "predictions": lambda: predictions_sheet(tested, z, names),
        "mistakes": lambda: mistakes_sheet(tested, z, names),
    }


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    parse_arguments(argv)
    ova = read_ova(OVA)
    train, test = (read_examples_for(ova, OVA, part) for part in (TRAIN, TEST))
    check_trained_on(ova, TRAIN)
    z_train, z_test = (scores(ova.weights, ova.bias, part) for part in (train, test))
    summary = ova_metrics((z_test, test.labels), (z_train, train.labels), validation_scores(ova))
    digits = digit_metrics(ova, (z_test, test.labels), (z_train, train.labels))
    given = answers(images_in(TEST), (z_test, test.labels), ova.classes)
    confusion = confusion_table(test.labels, given.predicted, ova.classes)
    table, costs, sure = digit_table(digits), cost_table(ova), reliability_table((z_test, test.labels))
    write(
        {
            METRICS / "ova.json": as_json(summary),
            METRICS / "digits.json": as_json(digits),
            METRICS / "answers.txt": to_text(given),
            PLOTS / "cost.csv": as_csv(costs),
            PLOTS / "confusion.csv": as_csv(confusion),
            PLOTS / "digits.csv": as_csv(table),
            PLOTS / "learning.csv": as_csv(learning_table(ova, train, test)),
            PLOTS / "precision_recall.csv": as_csv(precision_recall_table(test.labels, z_test, ova.classes)),
            PLOTS / "reliability.csv": as_csv(sure),
        },
        {
            "cost": lambda: cost_chart(costs),
            "accuracy": lambda: accuracy_chart(table),
            "confusion_matrix": lambda: confusion_chart(confusion),
            "reliability": lambda: reliability_chart(sure, len(ova.classes)),
            **sheets_of(ova, train, test, z_test),
        },
    )
    print(
        f"one-vs-all accuracy {100 * summary['accuracy']:.2f} % of {len(test.labels):,} test images, "
        f"standard error {100 * summary['accuracy_standard_error']:.2f} % -> {METRICS}, {PLOTS}"
    )


if __name__ == "__main__":
    run(main)
