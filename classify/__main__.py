"""Say which digits a picture shows: PNG, JPEG, WebP, BMP, TIFF or GIF; a scan, a photo, a screenshot.

Prints a line for each digit, lines from the top, digits from the left: its place, the answer, the three likeliest.
What is wrong with a picture is one line, and the others are answered all the same; the exit code is the first one's.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classify.answers import Answer, classify
from classify.pictures import Picture
from classify.sheet import draw
from stages.command.flags import Parser, shown
from stages.command.paths import OVA
from stages.command.process import run, stage_name
from stages.images.form import SIDE
from stages.models.records import OneVsAll, read_ova
from stages.storage.errors import ParameterError, StageError, UnavailableError
from stages.storage.files import replacing

Answered = dict[Path, tuple[Picture, list[Answer]]]
BEST = 3
DRAWINGS = (".png", ".jpg", ".webp")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's words and flags."""
    parser = Parser(__doc__)
    parser.prog = "python -m classify"
    parser.add_argument("images", metavar="IMAGE", nargs="+", type=Path, help="a picture's file")
    parser.add_argument("--json", action="store_true", help="print a list for programs, with all ten probabilities")
    parser.add_argument("--show", metavar="FILE", type=drawing, help="draw what was found, and what the model saw")
    arguments = parser.parse_args(argv)
    if arguments.show in arguments.images:
        parser.error(f"--show: {arguments.show} is a picture to classify, expected another file")
    return arguments


def drawing(name: str) -> Path:
    """Return where to draw; raise where its name is that of no kind of picture that can be written."""
    path = Path(name)
    if path.suffix.lower() not in DRAWINGS:
        raise argparse.ArgumentTypeError(f"must be a file's name that ends in {', '.join(DRAWINGS)}, got {shown(name)}")
    return path


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command."""
    arguments = parse_arguments(argv)
    model = trained_model()
    answered, errors = classify_all(arguments.images, model)
    print(as_json(answered) if arguments.json else as_lines(answered), end="")
    if arguments.show and answered:
        with replacing(arguments.show) as temporary:
            draw(list(answered.values())).save(temporary)
    for error in errors:
        print(f"{stage_name()}: {error}", file=sys.stderr)
    if errors:
        sys.exit(errors[0].exit_code)


def classify_all(paths: Sequence[Path], model: OneVsAll) -> tuple[Answered, list[StageError]]:
    """Return the pictures that could be read, with their answers, and what is wrong with the others."""
    answered: Answered = {}
    errors: list[StageError] = []
    for path in dict.fromkeys(paths):
        try:
            answered[path] = classify(path, model)
        except StageError as error:
            errors.append(error)
    return answered, errors


def trained_model() -> OneVsAll:
    """Return the ten models; raise UnavailableError where none were trained."""
    if not OVA.exists():
        raise UnavailableError(f"{OVA}: there is no trained model yet; 'dvc repro' trains it")
    model = read_ova(OVA)
    if model.features == "columns" or (model.features == "pixels" and len(model.weights) != SIDE * SIDE):
        raise ParameterError(f"{OVA}: sees {len(model.weights)} {model.features}, expected images of {SIDE}x{SIDE}")
    return model


def as_lines(answered: Answered) -> str:
    """Return a line for each digit: its place, the answer, and the three likeliest digits."""
    lines = [line_of(path, answer) for path, (_, answers) in answered.items() for answer in answers]
    return "".join(f"{line}\n" for line in lines)


def line_of(path: Path, answer: Answer) -> str:
    """Return what is printed of a digit."""
    found, p = answer.found, answer.probabilities
    best = [f"{digit} {100 * p[digit]:.1f} %" for digit in np.argsort(-p, kind="stable")[:BEST]]
    left, top, width, height = found.box
    where = f"line {found.line}, digit {found.place}, {width} x {height} at {left}, {top}"
    return f"{path}: {where}: {answer.digit} ({', '.join(best)})"


def as_json(answered: Answered) -> str:
    """Return a list for programs, of all digits, as they are read."""
    rows: list[dict[str, Any]] = [
        {
            "file": str(path),
            "box": list(answer.found.box),
            "digit": answer.digit,
            "probabilities": answer.probabilities.tolist(),
        }
        for path, (_, answers) in answered.items()
        for answer in answers
    ]
    return json.dumps(rows, indent=1) + "\n"


if __name__ == "__main__":
    run(main)
