"""What the code below stages/ imports, read from its text."""

import ast
from pathlib import Path

from tests.helpers import ROOT

ROOMS = sorted(path.parent.name for path in (ROOT / "stages").glob("*/__init__.py"))


def imports_of(file: Path) -> set[Path]:
    """Return the files below stages/ that one of them imports, less those that hold words alone."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    files = {Path(*name.split(".")).with_suffix(".py") for name in names if name.startswith("stages.")}
    return {found for found in files if (ROOT / found).exists()}


def files_used(file: Path) -> set[Path]:
    """Return a file and all that it imports, directly or not."""
    found, new = set(), {file}
    while new:
        found |= new
        new = {imported for file in new for imported in imports_of(file)} - found
    return found


def room_of(file: Path) -> str:
    """Return the room that a file is in; for a stage's script, nothing."""
    return file.parts[1] if len(file.parts) > 2 else ""


def rooms_used(script: Path) -> set[str]:
    """Return the rooms that a script imports, directly or not."""
    return {room_of(file) for file in files_used(script)} - {""}
