"""Say what the pipeline found: the last lines of `make repro`, and with --noise the last of `make experiments`.

Imports nothing that takes time: it ends every run, also one that had nothing to do.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from report.behind import check_of_this_run
from report.results import MEND, share, table_of, text_of, whole
from stages.command.flags import Parser
from stages.command.process import run
from stages.storage.errors import DamagedError, UnavailableError

SAMPLE = "mnist-sample"
METRICS = {  # the accuracy on a set, and its standard error, in metrics/ova.json
    "validation": ("validation_accuracy", "validation_standard_error"),
    "test": ("accuracy", "accuracy_standard_error"),
}
LAST = "looked at last, not to choose by"
SHOW, ACTIVATE = (
    ("python make.py show", r".venv\Scripts\activate") if os.name == "nt" else ("make show", ". .venv/bin/activate")
)
ALL_IMAGES = """\
The images are the bundled SAMPLE's 5,000. For all 70,000, once there is a network:
       dvc repro --force fetch, and then dvc repro"""
LOOK = f"Look:  {SHOW:<35} one page with all numbers, charts, pictures and the film"
NEXT = f"Next:  {ACTIVATE:<35} once in a terminal"
COMMIT = f"       {'git commit --all -m results':<35} an experiment starts from a commit"
TRY = """\
       dvc exp run -S train.alpha=0.03     another learning rate; -S train.method=lbfgs: another method
       dvc metrics diff                    what it changes"""


class Found(NamedTuple):
    """What metrics/ova.json and metrics/data.json say."""

    ova: dict[str, float]
    data: dict[str, Any]

    @property
    def leading(self) -> str:
        """Return which set to choose by: the validation set, or where there is none the test set."""
        return "validation" if METRICS["validation"][0] in self.ova else "test"

    def accuracy(self, part: str) -> float:
        """Return the share of a set's images that have the right answer."""
        return self.ova[METRICS[part][0]]

    def error(self, part: str) -> float:
        """Return the standard error of that share."""
        return self.ova[METRICS[part][1]]

    def right(self, part: str) -> int:
        """Return how many of a set's images have the right answer."""
        return round(self.accuracy(part) * int(self.data[part]))


def found(read: Callable[[str], str]) -> Found:
    """Return what the two files say, which are read by their paths. Raises DamagedError, which names the odd one."""
    paths = {name: f"metrics/{name}.json" for name in Found._fields}
    result = Found(**{name: table_of(path, read(path)) for name, path in paths.items()})
    parts = [part for part, (accuracy, _) in METRICS.items() if part == "test" or accuracy in result.ova]
    for part in parts:
        for name in METRICS[part]:
            if not share(result.ova.get(name)):
                raise DamagedError(f"{paths['ova']}: {name} is no number from 0 to 1; {MEND}")
        if not whole(result.data.get(part)) or "dataset" not in result.data:
            raise DamagedError(f"{paths['data']}: does not say how many {part} images there are, of what; {MEND}")
    return result


def committed(path: str) -> str:
    """Return a file as the last commit has it; an empty object where it has none."""
    shown = subprocess.run(["git", "show", f"HEAD:./{path}"], capture_output=True, check=False)
    return shown.stdout.decode("utf-8", "replace") if shown.returncode == 0 else "{}"


def before() -> Found:
    """Return what the last commit says; nothing where that makes no sense: it cannot be mended now."""
    try:
        return found(committed)
    except (DamagedError, OSError):  # or there is no git
        return Found({}, {})


def percent(share: float) -> str:
    """Return a share as people read it; the files have all its digits."""
    return f"{100 * share:.2f} %"


def score(found: Found, part: str) -> str:
    """Return the accuracy on a set, and on how many images."""
    return f"{percent(found.accuracy(part))} of {found.data[part]:,} {part} images"


def answer(now: Found, before: Found) -> Iterator[str]:
    """Yield what was found, on which images, what that changes, and what to do next."""
    yield f"One-vs-all accuracy: {score(now, now.leading)}, standard error {percent(now.error(now.leading))}."
    if now.leading != "test":
        yield f"The test set, {LAST}: {score(now, 'test')}, standard error {percent(now.error('test'))}."
    if now.data["dataset"] == SAMPLE:
        yield ALL_IMAGES
    if before.ova and before.data:
        yield f"The last commit: {change(now, before)}."
    yield from [LOOK, NEXT, *([] if now == before else [COMMIT]), TRY]


def change(now: Found, before: Found) -> str:
    """Return what the last commit has, and what is other than there."""
    part = now.leading if now.leading == before.leading else "test"
    had = score(before, part)
    if any(now.data[name] != before.data.get(name) for name in ("dataset", part)):
        return f"{had}, not of these"
    if now == before:
        return f"{had}; nothing has changed"
    return f"{had}; since then {now.right(part) - before.right(part):+,} right answers"


def noise(now: Found) -> str:
    """Return what must be known to read a table of accuracies."""
    error, images = now.error(now.leading), f"{now.data[now.leading]:,} {now.leading} images"
    said = f"Standard error of an accuracy, of {images}: {error:.4f}. `make report` tells what is noise."
    return said if now.leading == "test" else f"{said}\nThe test set is {LAST}."


def of_this_run(is_a_remark: bool) -> bool:
    """Tell whether the metrics are of this run; if not, say so, or, where it is no remark behind a table, raise it."""
    try:
        check_of_this_run()
    except UnavailableError as error:
        if not is_a_remark:
            raise
        print(f"No standard error: {error}.")
        return False
    return True


def main() -> None:
    """Print the answer."""
    parser = Parser(__doc__)
    parser.prog = "python -m report.answer"
    parser.add_argument("--noise", action="store_true", help="print the standard error alone")
    parser.add_argument("--made", action="store_true", help="do not ask DVC, for a second, whether the metrics are new")
    flags = parser.parse_args()
    if not (flags.made or of_this_run(flags.noise)):
        return
    now = found(text_of)
    print(*([noise(now)] if flags.noise else ["", *answer(now, before())]), sep="\n")


if __name__ == "__main__":
    run(main)
