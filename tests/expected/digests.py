"""The promised digests: those of all files that the short run writes, the same on every machine."""

import hashlib
import json
from pathlib import Path

FILE = Path(__file__).with_name("digests.json")
Digests = dict[str, str]  # sha256 in hexadecimal, by path


def read() -> Digests:
    """Return the expected digests."""
    digests: Digests = json.loads(FILE.read_text(encoding="utf-8"))
    return digests


def promised() -> set[str]:
    """Return the files that a run writes."""
    return {name for name in read() if not name.startswith("strokes/")}


def write(digests: Digests) -> None:
    """Write digests as the expected ones."""
    FILE.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8", newline="\n")


def digests_of(folder: Path) -> Digests:
    """Return the digest of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences(found: Digests, expected: Digests) -> list[str]:
    """Return a line for each file that has other bytes, is missing, or is not expected."""
    return [
        f"{name}: sha256 {found.get(name, 'none')}, expected {expected.get(name, 'none')}"
        for name in sorted(found | expected)
        if found.get(name) != expected.get(name)
    ]
