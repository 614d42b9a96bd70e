"""Packages that are imported are named: what one of them happens to bring may go with its next version."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.helpers import ROOT, tracked_files


def named(file: str) -> set[str]:
    """Return the packages that a file names."""
    return set(re.findall(r"^[a-z][\w.-]*", (ROOT / file).read_text(), re.MULTILINE))


def imported(files: set[Path]) -> set[str]:
    """Return the packages that files import, as the index calls them."""
    nodes = [node for file in files for node in ast.walk(ast.parse((ROOT / file).read_text()))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    packages = packages_distributions()
    tops = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    return {packages[top][0].lower() for top in tops if not (ROOT / top).exists()}


def test_what_runs_and_shows_imports_what_is_named_and_only_the_workers_dask() -> None:
    rooms = {"stages", "classify", "report", "show"}
    code = {path for path in tracked_files() if path.suffix == ".py" and path.parts[0] in rooms}
    workers = {path for path in code if path.is_relative_to("stages/workers")}
    assert imported(code - workers) <= named("requirements.in")
    assert imported(workers) <= named("requirements.in") | named("requirements-dask.in")
