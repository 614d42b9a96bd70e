"""Combine the digits' models into one classifier: the digit whose model gives the highest probability."""

import argparse
from collections.abc import Sequence

from stages.command.flags import Parser, digit
from stages.command.paths import DIGIT_MODELS, OVA
from stages.command.process import run
from stages.models.combine import combine, read_digit_models
from stages.models.records import write_model


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--digits", type=digit, nargs="+", required=True, help="whose models there are to be")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    digits = parse_arguments(argv).digits
    write_model(OVA, combine(read_digit_models(DIGIT_MODELS, digits)))
    print(f"{len(digits)} models -> {OVA}")


if __name__ == "__main__":
    run(main)
