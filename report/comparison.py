"""The differences between a base commit and the work tree, as data from DVC and git."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from report.dvc_files import PARAMETERS, check
from report.results import MEND, reason, table_of, text_of
from stages.models.answers import Answers, from_text
from stages.storage.errors import DamagedError, ParameterError, UnavailableError

RESULTS = ("dvc.lock", "metrics/", "plots/")
LONGEST = 300  # seconds that DVC or git may take
IMAGES = "metrics/data.json"  # the only result file that shows whether the images are the sample or the full data


class CommandError(ParameterError):
    """A command of DVC or git failed, most often because it does not know the base."""


class Change(NamedTuple):
    """A value at the base and now; None if one side does not have it."""

    base: Any
    now: Any

    @property
    def differs(self) -> bool:
        """Tell whether the two values differ."""
        return bool(self.base != self.now)

    @property
    def is_number(self) -> bool:
        """Tell whether both values are numbers."""
        numbers = (isinstance(value, int | float) and not isinstance(value, bool) for value in self)
        return all(numbers)  # finite, as they come from `table_of`


class Picture(NamedTuple):
    """A picture that differs from the base's: whether the base has it, whether it is here, whether it is committed."""

    path: str
    in_base: bool
    here: bool
    committed: bool


def printed_by(*command: str) -> str:
    """Return what a command prints; raise CommandError with the reason if it fails."""
    try:
        result = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=LONGEST
        )
    except OSError as error:  # there is no such program, or an argument is too long
        raise UnavailableError(f"{command[0]}: cannot be run ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        words = " ".join(command[:3])
        raise UnavailableError(f"{words}: no answer within {LONGEST} s; is there a pipe in a file's place?") from error
    if result.returncode:
        raise CommandError(f"{' '.join(command[:3])} failed: {reason(result.stderr)}")
    return result.stdout.strip()


def commit_of(name: str) -> str:
    """Return the hash of a commit by its name, here or at origin; a shallow clone fetches only that commit."""
    try:
        return printed_by("git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except CommandError:
        pass  # not here: ask origin
    depth = ["--depth=1"] if printed_by("git", "rev-parse", "--is-shallow-repository") == "true" else []
    try:
        printed_by("git", "check-ref-format", "--allow-onelevel", name)  # git fetch a:b would create a branch b
        printed_by("git", "fetch", "--quiet", "--no-tags", *depth, "--", "origin", name.removeprefix("origin/"))
        return printed_by("git", "rev-parse", "--verify", "--quiet", "FETCH_HEAD^{commit}")
    except CommandError as error:
        raise ParameterError(f"'{name}' is not a commit here or at origin, expected a branch, tag or hash") from error


def base_of(name: str) -> str:
    """Return the commit to compare with: the merge base of HEAD and the named one; in a shallow clone the latter."""
    commit = commit_of(name)
    try:
        return printed_by("git", "merge-base", commit, "HEAD")
    except CommandError:
        return commit


def uncommitted() -> list[str]:
    """Return the files that differ from the last commit. Of the results, only IMAGES counts."""
    changed = printed_by("git", "diff", "--relative", "--name-only", "HEAD").splitlines()
    return [path for path in changed if path == IMAGES or not path.startswith(RESULTS)]


def parameters(base: str) -> dict[str, Change]:
    """Return the parameters that differ, by name. Raises DamagedError if a file is not YAML or too large."""
    for text in (at_base(base, PARAMETERS), here(PARAMETERS)):
        check(PARAMETERS, text or "")
    diff = json.loads(printed_by("dvc", "params", "diff", "--json", "--", base))
    return {name: Change(row["old"], row["new"]) for file in diff.values() for name, row in sorted(file.items())}


def metrics(base: str, paths: list[str]) -> list[dict[str, Change]]:
    """Return, for each metrics file, all its values by name; read from git, which is faster than DVC.

    Raises DamagedError for a damaged file here. A damaged file of the base counts as missing: it cannot be repaired.
    """
    return [values(table_at_base(base, path), table_here(path)) for path in paths]


def table_at_base(base: str, path: str) -> dict[str, Any]:
    """Return the table in a commit's file; an empty one if the file is missing or damaged."""
    try:
        return table_of(path, at_base(base, path) or "")
    except DamagedError:
        return {}


def table_here(path: str) -> dict[str, Any]:
    """Return the table in a file here; an empty one if there is no such file."""
    text = here(path)
    return {} if text is None else table_of(path, text)


def at_base(base: str, path: str) -> str | None:
    """Return a file's text in a commit, None if it has no such file. This folder may be part of a larger repository."""
    result = subprocess.run(["git", "show", "--end-of-options", f"{base}:./{path}"], capture_output=True, check=False)
    return None if result.returncode else result.stdout.decode("utf-8", "replace")


def here(path: str) -> str | None:
    """Return a file's text in the work tree, None if there is no such file."""
    return text_of(path) if Path(path).exists() else None


def values(*sides: dict[str, Any]) -> dict[str, Change]:
    """Return the values of a table at the base and now, by names like 3.accuracy, in the present order."""
    old, now = (dict(flat(side)) for side in sides)
    return {name: Change(old.get(name), now.get(name)) for name in now | old}


def flat(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value of nested tables with its full name: the keys that lead to it, joined by dots."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def where_differing(values: dict[str, Change]) -> dict[str, Change]:
    """Return all values of a file if any of them differs, else none."""
    return values if any(change.differs for change in values.values()) else {}


def answers(base: str, path: str) -> tuple[Answers, Answers] | None:
    """Return the answers to the test images at the base and now; None unless both exist and have the same test set."""
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
        raise DamagedError(f"{path}: cannot be read as answers ({error}); {MEND}") from error
    return (before, now) if (before.test_set, len(before.classes)) == (now.test_set, len(now.classes)) else None


def pictures(base: str, folder: str) -> list[Picture]:
    """Return the pictures in a folder that are new, gone, or changed since the base."""

    def differing(*options: str) -> list[str]:
        return printed_by(
            "git", "diff", "--relative", "--name-only", *options, "--", f"{folder}/*.png", f"{folder}/*.gif"
        ).splitlines()

    added, uncommitted = differing("--diff-filter=A", base), differing("HEAD")
    return [Picture(path, path not in added, Path(path).exists(), path not in uncommitted) for path in differing(base)]
