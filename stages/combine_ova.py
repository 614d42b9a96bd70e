"""Combine the ten digits' models into one classifier: the digit whose model gives the highest probability."""

import argparse
from collections.abc import Sequence

from stages.command.flags import Parser
from stages.command.paths import MODELS, OVA
from stages.command.process import run
from stages.models.model_files import combine, read_digit_models, write_ova


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    return Parser(__doc__).parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    parse_arguments(argv)
    models = read_digit_models(MODELS)
    write_ova(OVA, combine(models))
    print(f"{len(models)} models -> {OVA}")


if __name__ == "__main__":
    run(main)
