"""Print the accuracy and what to do next: the last lines of `make repro`, and with --noise of `make experiments`."""

# nothing that is slow to import: this ends every run, also one that had nothing to do
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from report.behind import check_of_this_run
from report.results import MEND, is_count, is_share, table_of, text_of
from stages.command.flags import Parser
from stages.command.process import run
from stages.storage.errors import DamagedError, UnavailableError

SAMPLE = "mnist-sample"
METRICS = {  # the names in metrics/ova.json of each set's accuracy and its standard error
    "validation": ("validation_accuracy", "validation_standard_error"),
    "test": ("accuracy", "accuracy_standard_error"),
}
LAST = "for the final report, not for choosing"
SHOW, ACTIVATE = (
    ("python make.py show", r".venv\Scripts\activate") if os.name == "nt" else ("make show", ". .venv/bin/activate")
)
ALL_IMAGES = """\
These are the 5,000 images of the bundled SAMPLE. For all 70,000 of MNIST, once there is a network:
       dvc repro --force fetch, and then dvc repro"""
LOOK = f"Look:  {SHOW:<35} one page with all numbers, charts, pictures and the film"
NEXT = f"Next:  {ACTIVATE:<35} once in a terminal"
COMMIT = f"       {'git commit --all -m results':<35} an experiment starts from a commit"
TRY = """\
       dvc exp run -S train.alpha=0.03     try another learning rate; -S train.method=lbfgs tries another method
       dvc metrics diff                    see what that changed"""


class Found(NamedTuple):
    """The contents of metrics/ova.json and metrics/data.json."""

    ova: dict[str, float]
    data: dict[str, Any]

    @property
    def leading(self) -> str:
        """Return the name of the set to choose by: validation, or test if there is no validation set."""
        return "validation" if METRICS["validation"][0] in self.ova else "test"

    def accuracy(self, part: str) -> float:
        """Return the accuracy on a set, 0 to 1."""
        return self.ova[METRICS[part][0]]

    def error(self, part: str) -> float:
        """Return the standard error of that accuracy."""
        return self.ova[METRICS[part][1]]

    def right(self, part: str) -> int:
        """Return the number of a set's images with the right answer."""
        return round(self.accuracy(part) * int(self.data[part]))


def found(read: Callable[[str], str]) -> Found:
    """Return the two files' contents; `read` gives a file's text. Raises DamagedError that names a damaged file."""
    paths = {name: f"metrics/{name}.json" for name in Found._fields}
    result = Found(**{name: table_of(path, read(path)) for name, path in paths.items()})
    parts = [part for part, (accuracy, _) in METRICS.items() if part == "test" or accuracy in result.ova]
    for part in parts:
        for name in METRICS[part]:
            if not is_share(result.ova.get(name)):
                raise DamagedError(f"{paths['ova']}: {name} is not a number from 0 to 1; {MEND}")
        if not is_count(result.data.get(part)) or "dataset" not in result.data:
            raise DamagedError(f"{paths['data']}: lacks the data set's name or its number of {part} images; {MEND}")
    return result


def committed(path: str) -> str:
    """Return a file's text in the last commit, or an empty JSON object if the commit has no such file."""
    shown = subprocess.run(["git", "show", f"HEAD:./{path}"], capture_output=True, check=False)
    return shown.stdout.decode("utf-8", "replace") if shown.returncode == 0 else "{}"


def at_last_commit() -> Found:
    """Return the last commit's files; empty ones if they are damaged, since a commit cannot be repaired."""
    try:
        return found(committed)
    except (DamagedError, OSError):  # OSError: git is not installed
        return Found({}, {})


def percent(share: float) -> str:
    """Return a share in percent with two decimals; the files have more."""
    return f"{100 * share:.2f} %"


def score(found: Found, part: str) -> str:
    """Return the accuracy on a set and the set's size, as text."""
    return f"{percent(found.accuracy(part))} of {found.data[part]:,} {part} images"


def answer(now: Found, before: Found) -> Iterator[str]:
    """Yield lines: the accuracy, on which images, what changed since the last commit, and what to do next."""
    yield f"One-vs-all accuracy: {score(now, now.leading)}, standard error {percent(now.error(now.leading))}."
    if now.leading != "test":
        yield f"The test set, {LAST}: {score(now, 'test')}, standard error {percent(now.error('test'))}."
    if now.data["dataset"] == SAMPLE:
        yield ALL_IMAGES
    if before.ova and before.data:
        yield f"The last commit: {change(now, before)}."
    yield from [LOOK, NEXT, *([] if now == before else [COMMIT]), TRY]


def change(now: Found, before: Found) -> str:
    """Return the last commit's accuracy, and what changed since then."""
    part = now.leading if now.leading == before.leading else "test"
    had = score(before, part)
    if any(now.data[name] != before.data.get(name) for name in ("dataset", part)):
        return f"{had}, on other images"
    if now == before:
        return f"{had}; nothing has changed"
    return f"{had}; since then {now.right(part) - before.right(part):+,} right answers"


def noise(now: Found) -> str:
    """Return the standard error that a reader needs to judge a table of accuracies."""
    error, images = now.error(now.leading), f"{now.data[now.leading]:,} {now.leading} images"
    said = f"Standard error of an accuracy, of {images}: {error:.4f}. `make report` tells a change from noise."
    return said if now.leading == "test" else f"{said}\nThe test set is {LAST}."


def of_this_run(is_a_remark: bool) -> bool:
    """Tell whether the metrics belong to this run. If not, print so for a remark below a table; otherwise raise it."""
    try:
        check_of_this_run()
    except UnavailableError as error:
        if not is_a_remark:
            raise
        print(f"No standard error: {error}.")
        return False
    return True


def main() -> None:
    """Print the lines that the flags ask for."""
    parser = Parser(__doc__)
    parser.prog = "python -m report.answer"
    parser.add_argument("--noise", action="store_true", help="print only the standard error")
    parser.add_argument("--made", action="store_true", help="skip the check, of a second, that the metrics are new")
    flags = parser.parse_args()
    if not (flags.made or of_this_run(flags.noise)):
        return
    now = found(text_of)
    print(*([noise(now)] if flags.noise else ["", *answer(now, at_last_commit())]), sep="\n")


if __name__ == "__main__":
    run(main)
