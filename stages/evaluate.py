"""Evaluate the models on the test set: metrics, tables and pictures."""

import argparse
import json
from collections.abc import Callable, Sequence
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
from stages.drawing.style import save
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
from stages.storage.files import write_text
from stages.storage.images import read_normalised
from stages.storage.sets import set_digest


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    return Parser(__doc__).parse_args(argv)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a metrics file."""
    write_text(path, json.dumps(content, indent=2) + "\n")


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))


def draw(pictures: dict[str, Callable[[], Figure]]) -> None:
    """Draw the pictures, and save each under its name."""
    for name, picture in progress(pictures.items(), len(pictures), "pictures"):
        save(PLOTS / f"{name}.png", picture())


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
    write_json(METRICS / "ova.json", summary)
    write_json(METRICS / "digits.json", digits)
    write_text(METRICS / "answers.txt", to_text(given))
    confusion, table, costs = confusion_table(test.labels, given.predicted), digit_table(digits), cost_table(models)
    write_table(PLOTS / "cost.csv", costs)
    write_table(PLOTS / "confusion.csv", confusion)
    write_table(PLOTS / "digits.csv", table)
    write_table(PLOTS / "learning.csv", learning_table(models, train, test))
    draw(
        {
            "cost": lambda: cost_chart(costs),
            "accuracy": lambda: accuracy_chart(table),
            "confusion_matrix": lambda: confusion_chart(confusion),
            "samples": lambda: samples_sheet(train),
            "weights": lambda: weights_sheet(ova.weights, train),
            "predictions": lambda: predictions_sheet(test, z_test),
            "mistakes": lambda: mistakes_sheet(test, z_test),
        }
    )
    print(
        f"one-vs-all accuracy {100 * summary['accuracy']:.2f} % of {len(test.labels):,} test images, "
        f"standard error {100 * summary['accuracy_standard_error']:.2f} % -> {METRICS}, {PLOTS}"
    )


if __name__ == "__main__":
    run(main)
