"""The page: its template, filled with the models and their results."""

import subprocess
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report.comparison import printed_by
from show import curves, results
from show.compare import changes_since, difference
from show.confusion import confusion_of
from show.packing import constants, embedded, packed_examples, packed_learning, packed_model
from stages.command.paths import METRICS, OVA, PLOTS, TEST
from stages.drawing.weights import NO, YES
from stages.features.directions import PLACES
from stages.images.digests import SAMPLE
from stages.images.form import Images, image_of, read_pixels
from stages.models.answers import images_in
from stages.models.learning import costs_at, read_learning
from stages.models.records import COLUMNS, OneVsAll, read_ova
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError, ParameterError
from stages.storage.sets import check_set, names_in

HERE = Path(__file__).parent
STYLES = ["base", "draw", "answer", "photo", "learn", "errs", "rest"]


def page(base: str | None) -> str:
    """Return the page as HTML. If a base is named, the page has a section with what changed since.

    Raises StageError if there are no models, test images or metrics, or if DVC and git do not know the base.
    """
    loader = FileSystemLoader(HERE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("page.html.jinja").render(
        **of_the_models(),
        **results.metrics(),
        parameters=results.parameters(),
        sample=SAMPLE,
        curves=curves,
        film=film(),
        blue=f"#{bytes(YES).hex()}",
        red=f"#{bytes(NO).hex()}",
        style="".join((HERE / "style" / f"{name}.css").read_text() for name in STYLES),
        modules={f"#{script.stem}": embedded(script) for script in sorted((HERE / "script").glob("*.js"))},
        base=base,
        changes=changes_since(base, [str(METRICS / name) for name in results.FILES]) if base else {},
        difference=difference,
        commit=commit(),
    )


def of_the_models() -> dict[str, Any]:
    """Return the template's values that come from the models and the test images."""
    ova = read_ova(OVA)
    pixels, classes = squares_for(ova), list(ova.classes)
    side = len(image_of(pixels[0]))
    thing = "digit" if all(name.isdigit() for name in classes) else "class"
    answers = results.answers(len(pixels), len(classes))
    check_same_set(answers.test_set)
    _, _, *accuracies = read_learning(PLOTS / "learning.csv", ova)
    packed = {
        "constants": constants(classes, thing, side),
        "model": packed_model(ova),
        "learning": packed_learning(ova, *accuracies),
        "examples": packed_examples(Images(pixels, answers.labels), answers.predicted, len(classes)),
    }
    return {
        "features": ova.features,
        "classes": classes,
        "thing": thing,
        "side": side,
        "places": PLACES,
        "confusion": confusion_of(answers.labels, answers.predicted, len(classes)),
        "steps": ova.kept_at.tolist(),
        "costs": costs_at(ova),
        "accuracies": accuracies,
        "packed": packed,
    }


def squares_for(model: OneVsAll) -> ByteArray:
    """Return the pixels of the test images; raise ParameterError unless they are square images."""
    if model.features == COLUMNS:
        raise ParameterError(f"{TEST}: holds columns of numbers; the page expects images. See the charts in {PLOTS}")
    pixels = read_pixels(TEST)
    height, width = image_of(pixels[0]).shape
    if height != width:
        raise ParameterError(f"{TEST}: has {height}x{width} images; the page expects square ones. See {PLOTS}")
    return pixels


def check_same_set(digest: str) -> None:
    """Raise DamagedError unless the answers belong to the test images in data/test."""
    if digest != images_in(TEST):
        raise DamagedError(f"{METRICS}/answers.txt: belongs to another test set than {TEST}; run 'dvc repro'")
    check_set(TEST, names_in(TEST), ["pixels"])


def film() -> str:
    """Return the film as a data URI: the video, or else the GIF, or an empty text if there is neither."""
    found = [path for path in (PLOTS / "predictions.mp4", PLOTS / "predictions.gif") if path.exists()]
    return embedded(found[0]) if found else ""


def commit() -> str:
    """Return the commit that is shown, and whether files have changed since."""
    name = printed_by("git", "rev-parse", "--short=10", "HEAD")
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "."], check=False).returncode
    return f"{name}, with uncommitted changes" if changed else name
