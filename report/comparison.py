"""What differs between a commit, the base, and the work tree: asked of DVC and git, as data."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from report.parameters import FILE, check
from report.results import MEND, table_of, text_of
from stages.models.answers import Answers, from_text
from stages.storage.errors import DamagedError, ParameterError, UnavailableError

RESULTS = ("dvc.lock", "metrics/", "plots/")
LONGEST = 300  # seconds that DVC or git may take
IMAGES = "metrics/data.json"  # tells the sample from the full data


class CommandError(ParameterError):
    """DVC or git does not do what is asked: most often it does not know the base."""


class Change(NamedTuple):
    """A value at the base and now; None where there is none."""

    base: Any
    now: Any

    @property
    def differs(self) -> bool:
        """Tell whether the two are not the same."""
        return bool(self.base != self.now)

    @property
    def is_number(self) -> bool:
        """Tell whether one can be more or less than the other."""
        numbers = (isinstance(value, int | float) and not isinstance(value, bool) for value in self)
        return all(numbers)  # finite, as they come from `table_of`


class Picture(NamedTuple):
    """A picture that is not the base's; whether the base has one, whether there is one now, and it is committed."""

    path: str
    in_base: bool
    here: bool
    committed: bool


def printed_by(*command: str) -> str:
    """Return what a command prints; raise CommandError, with its last words, if it fails."""
    try:
        result = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=LONGEST
        )
    except OSError as error:  # there is no such program, or a word is longer than any commit's name
        raise UnavailableError(f"{command[0]}: cannot be run ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        words = " ".join(command[:3])
        raise UnavailableError(f"{words}: no answer within {LONGEST} s; is there a pipe in a file's place?") from error
    if result.returncode:
        last = (result.stderr.strip() or "it says nothing").splitlines()[-1]
        raise CommandError(f"{' '.join(command[:3])} failed: {last}")
    return result.stdout.strip()


def commit_of(name: str) -> str:
    """Return the hash of a commit, by any name that git or origin has for it; into a shallow clone, fetch it alone."""
    try:
        return printed_by("git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except CommandError:
        pass  # not here: ask origin
    depth = ["--depth=1"] if printed_by("git", "rev-parse", "--is-shallow-repository") == "true" else []
    try:
        printed_by("git", "check-ref-format", "--allow-onelevel", name)  # git would take a:b for an order to make b
        printed_by("git", "fetch", "--quiet", "--no-tags", *depth, "--", "origin", name.removeprefix("origin/"))
        return printed_by("git", "rev-parse", "--verify", "--quiet", "FETCH_HEAD^{commit}")
    except CommandError as error:
        raise ParameterError(f"'{name}' is no commit, neither here nor at origin") from error


def base_of(name: str) -> str:
    """Return the commit to compare with: where this one left the other, or that one itself in a shallow clone."""
    commit = commit_of(name)
    try:
        return printed_by("git", "merge-base", commit, "HEAD")
    except CommandError:
        return commit


def uncommitted() -> list[str]:
    """Return the files that are not as committed, less results; of these, what tells that they are of other images."""
    changed = printed_by("git", "diff", "--relative", "--name-only", "HEAD").splitlines()
    return [path for path in changed if path == IMAGES or not path.startswith(RESULTS)]


def parameters(base: str) -> dict[str, Change]:
    """Return the parameters that differ, by name. Raises DamagedError where a file is no YAML, or has too much."""
    for text in (at_base(base, FILE), here(FILE)):
        check(text or "")
    diff = json.loads(printed_by("dvc", "params", "diff", "--json", base))
    return {name: Change(row["old"], row["new"]) for file in diff.values() for name, row in sorted(file.items())}


def metrics(base: str, paths: list[str]) -> list[dict[str, Change]]:
    """Return, for each metrics file, all its values by name; they are in git, which answers at once.

    Raises DamagedError for a file here that makes no sense. One of the base is as none: it cannot be mended.
    """
    return [values(table_at_base(base, path), table_here(path)) for path in paths]


def table_at_base(base: str, path: str) -> dict[str, Any]:
    """Return the table of a commit's file, an empty one where that is none."""
    try:
        return table_of(path, at_base(base, path) or "")
    except DamagedError:
        return {}


def table_here(path: str) -> dict[str, Any]:
    """Return the table of a file here, an empty one where there is none."""
    text = here(path)
    return {} if text is None else table_of(path, text)


def at_base(base: str, path: str) -> str | None:
    """Return a file of a commit; nothing if it has none of that name. The folder may be one of a bigger repository."""
    result = subprocess.run(["git", "show", f"{base}:./{path}"], capture_output=True, check=False)
    return None if result.returncode else result.stdout.decode("utf-8", "replace")


def here(path: str) -> str | None:
    """Return a file of the work tree; nothing if there is none."""
    return text_of(path) if Path(path).exists() else None


def values(*sides: dict[str, Any]) -> dict[str, Change]:
    """Return the values of a table at the base and now, by names like 3.accuracy, in the order of now."""
    old, now = (dict(flat(side)) for side in sides)
    return {name: Change(old.get(name), now.get(name)) for name in now | old}


def flat(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value of nested tables under a name that leads to it."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def where_differing(values: dict[str, Change]) -> dict[str, Change]:
    """Return all the values of a file; none if all are the base's."""
    return values if any(change.differs for change in values.values()) else {}


def answers(base: str, path: str) -> tuple[Answers, Answers] | None:
    """Return each image's answer at the base and now; nothing unless both have them, of the same test set."""
    text = here(path)
    try:
        before = from_text(at_base(base, path) or "")
    except ValueError:
        return None
    try:
        now = from_text(text or "")
    except ValueError as error:
        if text is None:
            return None
        raise DamagedError(f"{path}: is no file of answers ({error}); {MEND}") from error
    return (before, now) if (before.test_set, len(before.classes)) == (now.test_set, len(now.classes)) else None


def pictures(base: str, folder: str) -> list[Picture]:
    """Return the pictures in a folder that are new, gone, or other than the base's."""

    def differing(*options: str) -> list[str]:
        return printed_by(
            "git", "diff", "--relative", "--name-only", *options, "--", f"{folder}/*.png", f"{folder}/*.gif"
        ).splitlines()

    added, uncommitted = differing("--diff-filter=A", base), differing("HEAD")
    return [Picture(path, path not in added, Path(path).exists(), path not in uncommitted) for path in differing(base)]
