"""Read the digits in pictures: scans, photos or screenshots, as PNG, JPEG, WebP, BMP, TIFF or GIF.

Prints the number in each line of a picture, and how sure the model is. A ? is a digit that the model does not know.
A picture that cannot be read gets one line on stderr; the others are still read. The exit code is the first error's.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from classify.pages import Page, classify
from classify.sheet import DRAWINGS, Sheet
from classify.words import as_digits, as_json, as_numbers, as_rows, printable
from stages.command.flags import Parser, number, shown
from stages.command.paths import OVA
from stages.command.process import complain, run, stage_name
from stages.images.form import SIDE
from stages.models.records import OneVsAll, read_ova
from stages.storage.errors import ParameterError, StageError, UnavailableError

probability = number(float, "a number from 0 to 1", lambda value: 0 <= value <= 1)


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the pictures and the flags of the command line."""
    parser = Parser(__doc__)
    parser.prog = "python -m classify"
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a picture file")
    parser.add_argument("--sure", metavar="P", type=probability, default=0.0, help="print ? below this probability")
    parser.add_argument("--digits", action="store_true", help="print each digit: its box, the three likeliest answers")
    parser.add_argument("--json", action="store_true", help="print JSON with the probabilities of all classes")
    parser.add_argument("--show", metavar="FILE", type=drawing, help="draw the answers; long drawings go on in FILE-2")
    arguments = parser.parse_args(argv)
    for image in arguments.images:
        if arguments.show and is_drawn_over(image, arguments.show):
            parser.error(f"--show: {printable(image)} is a picture to classify, expected another file")
    return arguments


def drawing(name: str) -> Path:
    """Return the path to draw to; raise ArgumentTypeError if its ending is not that of a format that can be written."""
    path = Path(name)
    if path.suffix.lower() not in DRAWINGS:
        wanted = f"must be a file's name that ends in {', '.join(DRAWINGS)}, got {printable(shown(name))}"
        raise argparse.ArgumentTypeError(wanted)
    return path


def is_drawn_over(image: Path, show: Path) -> bool:
    """Tell whether the drawing, or one of its further pages, would overwrite a picture, also through a link."""
    behind = Path(os.path.realpath(image))  # the file behind a link
    further = [
        path.name for path in (image, behind) if path.suffix == show.suffix and path.stem.startswith(f"{show.stem}-")
    ]
    return any(is_same(image, place) for place in (show, *map(show.with_name, further)))


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths name the same file, whether or not it exists."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return os.path.realpath(one) == os.path.realpath(other)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    arguments = parse_arguments(argv)
    model = trained_model()
    sheet = Sheet(arguments.show) if arguments.show else None
    errors: list[StageError] = []
    rows: list[dict[str, Any]] = []
    for path, page in pages_of(arguments.images, model, arguments.sure, errors):
        if arguments.json:
            rows += as_rows(path, page)
        else:
            print("\n".join((as_digits if arguments.digits else as_numbers)(path, page)))
        if sheet:
            sheet.add(page.picture, page.answers)
    if arguments.json:
        print(as_json(rows), end="")
    finish(sheet, errors)


def pages_of(
    paths: Sequence[Path], model: OneVsAll, sure: float, errors: list[StageError]
) -> Iterator[tuple[Path, Page]]:
    """Yield each picture that can be read, with its answers; add the errors of the others to `errors`."""
    for path in dict.fromkeys(paths):
        try:
            page = classify(path, model, sure)
        except StageError as error:
            errors.append(error)
        else:
            yield path, page


def finish(sheet: Sheet | None, errors: list[StageError]) -> None:
    """Write the rest of the sheet and print the errors; exit with the code of the first."""
    if sheet:
        sheet.close()
    for error in errors:
        complain(f"{stage_name()}: {printable(str(error))}")
    if errors:
        sys.exit(errors[0].exit_code)


def trained_model() -> OneVsAll:
    """Return the ten models; raise UnavailableError if there are none yet."""
    if not OVA.exists():
        raise UnavailableError(f"{OVA}: there is no trained model yet; 'dvc repro' trains it")
    model = read_ova(OVA)
    if model.features == "columns" or (model.features == "pixels" and len(model.weights) != SIDE * SIDE):
        raise ParameterError(f"{OVA}: sees {len(model.weights)} {model.features}, expected images of {SIDE}x{SIDE}")
    return model


if __name__ == "__main__":
    run(main)
