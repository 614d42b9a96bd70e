"""The rules that every outcome must keep, whatever the fault."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.faults.commands import REPOSITORIES
from tests.faults.places import MOVED
from tests.faults.processes import LONGEST, Ended
from tests.faults.stages import OLD, Good

MORE_MEMORY = 300e6  # bytes above a good run's
VALIDATION = "data/validation/"  # written only with a validation set


class Expected(NamedTuple):
    """What a case allows.

    codes: exit codes. names: what is wrong goes by one of these words; none: anything goes. same: where it ends well,
    all is as after a good run. lines: how many lines it may say on stderr where it fails. leftovers: temporary
    files may stay. heard: what it says arrives.
    """

    codes: frozenset[int]
    names: tuple[str, ...] = ()
    same: bool = True
    lines: int = 1
    leftovers: bool = False
    heard: bool = True


def files_in(folder: Path) -> dict[str, bytes | None]:
    """Return a folder's contents by path: the bytes of regular files, None for anything else but folders."""
    found: dict[str, bytes | None] = {}
    for path in (path for path in folder.rglob("*") if path.relative_to(folder).parts[0] not in REPOSITORIES):
        kind = path.lstat().st_mode
        if not stat.S_ISDIR(kind):
            small = stat.S_ISREG(kind) and path.lstat().st_size < MORE_MEMORY
            found[str(path.relative_to(folder))] = path.read_bytes() if small else None
    return found


def broken(
    expected: Expected, good: Good, ended: Ended, before: dict[str, bytes | None], after: dict[str, bytes | None]
) -> Iterator[str]:
    """Yield the rules that an outcome breaks."""
    yield from broken_by_end(expected, good, ended)
    yield from broken_by_words(expected, good, ended)
    yield from broken_by_files(expected, good, ended, before, after)


def broken_by_end(expected: Expected, good: Good, ended: Ended) -> Iterator[str]:
    """Yield what is wrong with the exit code, the time and the memory."""
    if ended.seconds >= LONGEST:
        yield f"hangs: {ended.seconds:.0f} s"
    elif ended.code not in expected.codes:
        yield f"exit code {ended.code}, expected {sorted(expected.codes)}"
    if ended.peak > good.ended.peak + MORE_MEMORY:
        yield f"memory: {(ended.peak - good.ended.peak) / 1e6:.0f} MB more than a good run"


def broken_by_words(expected: Expected, good: Good, ended: Ended) -> Iterator[str]:
    """Yield what is wrong with its output."""
    lines = ended.stderr.splitlines()
    if not expected.heard:
        return
    if not ended.code:
        if expected.same and (ended.stdout, ended.stderr) != (good.ended.stdout, good.ended.stderr):
            yield "ends well, and says other things than a good run"
        return
    if expected.lines and (len(lines) != expected.lines or not ended.stderr.endswith("\n")):
        yield f"{len(lines)} lines on stderr, expected {expected.lines}"
    if expected.names and not any(name in ended.stderr for name in expected.names):
        yield f"does not name {' or '.join(expected.names)}"


def broken_by_files(
    expected: Expected, good: Good, ended: Ended, before: dict[str, bytes | None], after: dict[str, bytes | None]
) -> Iterator[str]:
    """Yield which files are lost, torn, changed or left."""
    for path in sorted(before.keys() | after.keys()):
        output = path.replace(MOVED, "")
        if path not in after:
            yield f"{path}: lost"
        elif output in good.writes:
            whole = {OLD, good.written[output], before.get(path)} if ended.code else {good.written[output]}
            if after[path] not in whole and (ended.code or expected.same):
                yield f"{path}: {'torn' if ended.code else 'other bytes than after a good run'}"
            elif after[path] == OLD and not ended.code:
                yield f"{path}: not written"
        elif path not in before:
            optional = not ended.code and path.startswith(VALIDATION)
            if not optional and not (expected.leftovers and ".partial" in path):
                yield f"{path}: left behind"
        elif before[path] != after[path]:
            yield f"{path}: changed, though the stage only reads it"
