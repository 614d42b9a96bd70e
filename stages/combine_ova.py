"""Combine the classes' models into one classifier. Its answer is the class whose model has the highest probability."""

import argparse
from collections.abc import Sequence

from stages.command.classes import add_classes, check_classes
from stages.command.flags import Parser
from stages.command.paths import DIGIT_MODELS, OVA
from stages.command.process import run
from stages.models.combine import combine, read_digit_models
from stages.models.records import write_model


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    add_classes(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    check_classes(**vars(arguments))
    write_model(OVA, combine(read_digit_models(DIGIT_MODELS, arguments.labels), arguments.names))
    print(f"{len(arguments.names)} models -> {OVA}")


if __name__ == "__main__":
    run(main)
