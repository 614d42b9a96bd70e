"""Evaluate the models on the test set: metrics, tables and pictures."""

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from stages.command.flags import Parser
from stages.command.paths import METRICS, MODELS, OVA, PLOTS, TEST, TRAIN
from stages.command.process import run
from stages.command.progress import progress
from stages.drawing.charts import accuracy_chart, confusion_chart, cost_chart
from stages.drawing.sheets import mistakes_sheet, predictions_sheet, samples_sheet, weights_sheet
from stages.drawing.style import prepare_picture
from stages.models.answers import to_text
from stages.models.metrics import (
    answers,
    confusion_table,
    cost_table,
    digit_metrics,
    digit_table,
    learning_table,
    ova_metrics,
)
from stages.models.model_files import check_combined, check_trained_on, read_digit_models, read_ova
from stages.models.ova import scores
from stages.storage.files import prepare_text
from stages.storage.images import read_normalised
from stages.storage.sets import set_digest


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    return Parser(__doc__).parse_args(argv)


def as_json(content: dict[str, Any]) -> str:
    """Return a metrics file's text."""
    return json.dumps(content, indent=2) + "\n"


def as_csv(table: pd.DataFrame) -> str:
    """Return a table's text."""
    return str(table.to_csv(index=False, lineterminator="\n"))


def write(texts: dict[Path, str], pictures: dict[str, Callable[[], Figure]]) -> None:
    """Write the texts, draw and write the pictures: all of them, or none."""
    with ExitStack() as stack:  # at its end all are moved to their places
        for path, text in texts.items():
            prepare_text(stack, path, text)
        for name, picture in progress(pictures.items(), len(pictures), "pictures"):
            prepare_picture(stack, PLOTS / f"{name}.png", picture)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    parse_arguments(argv)
    models, ova = read_digit_models(MODELS), read_ova(OVA)
    train, test = read_normalised(TRAIN), read_normalised(TEST)
    check_combined(OVA, ova, models)
    check_trained_on(MODELS, models, TRAIN)
    z_train, z_test = scores(ova, train), scores(ova, test)
    summary = ova_metrics((z_test, test.labels), (z_train, train.labels))
    digits = digit_metrics(models, (z_test, test.labels), (z_train, train.labels))
    given = answers(set_digest(TEST).tobytes().hex(), (z_test, test.labels))
    confusion, table, costs = confusion_table(test.labels, given.predicted), digit_table(digits), cost_table(models)
    write(
        {
            METRICS / "ova.json": as_json(summary),
            METRICS / "digits.json": as_json(digits),
            METRICS / "answers.txt": to_text(given),
            PLOTS / "cost.csv": as_csv(costs),
            PLOTS / "confusion.csv": as_csv(confusion),
            PLOTS / "digits.csv": as_csv(table),
            PLOTS / "learning.csv": as_csv(learning_table(models, train, test)),
        },
        {
            "cost": lambda: cost_chart(costs),
            "accuracy": lambda: accuracy_chart(table),
            "confusion_matrix": lambda: confusion_chart(confusion),
            "samples": lambda: samples_sheet(train),
            "weights": lambda: weights_sheet(ova.weights, train),
            "predictions": lambda: predictions_sheet(test, z_test),
            "mistakes": lambda: mistakes_sheet(test, z_test),
        },
    )
    print(
        f"one-vs-all accuracy {100 * summary['accuracy']:.2f} % of {len(test.labels):,} test images, "
        f"standard error {100 * summary['accuracy_standard_error']:.2f} % -> {METRICS}, {PLOTS}"
    )


if __name__ == "__main__":
    run(main)
