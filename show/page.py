"""The page: what is known of the models, in the template."""

import json
import subprocess
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from report.comparison import printed_by
from show import curves
from show.compare import changes_since, difference
from show.confusion import confusion_of
from show.packing import constants, embedded, packed_examples, packed_learning, packed_model
from stages.command.paths import METRICS, OVA, PLOTS, TEST
from stages.drawing.weights import NO, YES
from stages.images.digests import SAMPLE
from stages.images.form import Images, read_pixels
from stages.models.answers import from_text, images_in
from stages.models.learning import costs_at, read_learning
from stages.models.records import read_ova
from stages.storage.errors import DamagedError
from stages.storage.files import reading
from stages.storage.sets import check_set, names_in

HERE = Path(__file__).parent
STYLES = ["base", "draw", "answer", "learn", "errs", "rest"]
FILES = ["data.json", "ova.json", "digits.json"]


def page(base: str | None) -> str:
    """Return the page; where a base is named, what has changed since.

    Raises StageError where there are no models, test images or metrics, or where DVC and git do not know the base.
    """
    loader = FileSystemLoader(HERE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("page.html.jinja").render(
        **{Path(name).stem: json.loads(text_of(METRICS / name)) for name in FILES},
        **of_the_models(),
        sample=SAMPLE,
        curves=curves,
        film=film(),
        blue=f"#{bytes(YES).hex()}",
        red=f"#{bytes(NO).hex()}",
        style="".join(text_of(HERE / "style" / f"{name}.css") for name in STYLES),
        modules={f"#{script.stem}": embedded(script) for script in sorted((HERE / "script").glob("*.js"))},
        base=base,
        changes=changes_since(base, [str(METRICS / name) for name in FILES]) if base else {},
        difference=difference,
        parameters=parameters(),
        commit=commit(),
    )


def of_the_models() -> dict[str, Any]:
    """Return what follows from the models and the test images."""
    ova, answers = read_ova(OVA), from_text(text_of(METRICS / "answers.txt"))
    check_same_set(answers.test_set)
    _, _, *accuracies = read_learning(PLOTS / "learning.csv", ova)
    packed = {
        "constants": constants(),
        "model": packed_model(ova),
        "learning": packed_learning(ova, *accuracies),
        "examples": packed_examples(Images(read_pixels(TEST), answers.labels), answers.predicted),
    }
    return {
        "features": ova.features,
        "confusion": confusion_of(answers.labels, answers.predicted),
        "steps": ova.kept_at.tolist(),
        "costs": costs_at(ova),
        "accuracies": accuracies,
        "packed": packed,
    }


def check_same_set(digest: str) -> None:
    """Raise DamagedError unless the answers are of the test images that are here."""
    if digest != images_in(TEST):
        raise DamagedError(f"{METRICS}/answers.txt: is of another test set than {TEST}; run 'dvc repro'")
    check_set(TEST, names_in(TEST), ["pixels"])


def text_of(path: Path) -> str:
    """Return what a file says; raise DamagedError where there is none."""
    with reading(path) as file:
        return file.read().decode()


def film() -> str:
    """Return the film, its GIF where there is no film; nothing without both."""
    found = [path for path in (PLOTS / "predictions.mp4", PLOTS / "predictions.gif") if path.exists()]
    return embedded(found[0]) if found else ""


def parameters() -> dict[str, Any]:
    """Return the parameters, by their full names."""
    from dvc.api import params_show  # half a second

    shown: dict[str, Any] = params_show()
    return {
        f"{section}.{key}" if key else section: value
        for section, values in shown.items()
        for key, value in (values.items() if isinstance(values, dict) else [("", values)])
    }


def commit() -> str:
    """Return what identifies the code and the results: the commit, and whether something has changed since."""
    name = printed_by("git", "rev-parse", "--short=10", "HEAD")
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD"], check=False).returncode
    return f"{name}, with uncommitted changes" if changed else name
