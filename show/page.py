"""The page: what is known of the models, in the template."""

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
    """Return the page; where a base is named, what has changed since.

    Raises StageError where there are no models, test images or metrics, or where DVC and git do not know the base.
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
    """Return what follows from the models and the test images."""
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
    """Return the test images; raise ParameterError where there are none, or none that are square."""
    if model.features == COLUMNS:
        raise ParameterError(f"the page is for images, and {TEST} has columns of numbers: look at {PLOTS}")
    pixels = read_pixels(TEST)
    height, width = image_of(pixels[0]).shape
    if height != width:
        raise ParameterError(f"the page is for square images, and {TEST} has {height}x{width}: look at {PLOTS}")
    return pixels


def check_same_set(digest: str) -> None:
    """Raise DamagedError unless the answers are of the test images that are here."""
    if digest != images_in(TEST):
        raise DamagedError(f"{METRICS}/answers.txt: is of another test set than {TEST}; run 'dvc repro'")
    check_set(TEST, names_in(TEST), ["pixels"])


def film() -> str:
    """Return the film, its GIF where there is no film; nothing without both."""
    found = [path for path in (PLOTS / "predictions.mp4", PLOTS / "predictions.gif") if path.exists()]
    return embedded(found[0]) if found else ""


def commit() -> str:
    """Return what identifies the code and the results: the commit, and whether something has changed since."""
    name = printed_by("git", "rev-parse", "--short=10", "HEAD")
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "."], check=False).returncode
    return f"{name}, with uncommitted changes" if changed else name
