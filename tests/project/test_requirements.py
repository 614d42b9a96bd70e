"""The declared, locked and exported packages fit each other and the code's imports."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import make
from tests.helpers import ROOT, run, tracked_files

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = DECLARED["dependency-groups"]
PIPELINE, DASK = set(DECLARED["project"]["dependencies"]), set(GROUPS["dask"])
TEST = {name for name in GROUPS["test"] if isinstance(name, str)}


def imported(files: set[Path]) -> set[str]:
    """Return the packages that files import, by their names in the index."""
    nodes = [node for file in files for node in ast.walk(ast.parse((ROOT / file).read_text()))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    packages = packages_distributions()
    tops = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    return {packages[top][0].lower() for top in tops if not (ROOT / top).exists() and not (ROOT / f"{top}.py").exists()}


def test_what_is_imported_is_declared_and_only_the_workers_import_dask() -> None:
    code = {path for path in tracked_files() if path.suffix == ".py" and path.parts[0] not in ("tests", "benchmarks")}
    tests = {path for path in tracked_files() if path.suffix == ".py" and path.parts[0] == "tests"}
    workers = {path for path in code if path.is_relative_to("stages/workers")}
    assert imported(code - workers) <= PIPELINE
    assert imported(workers) <= PIPELINE | DASK
    assert imported(tests) <= PIPELINE | DASK | TEST


def test_the_lock_is_that_of_what_is_declared_and_its_export_that_of_the_lock(tmp_path: Path) -> None:
    uv = str(Path(sys.prefix) / "bin/uv")
    run(ROOT, uv, "lock", "--check", "--offline")
    run(ROOT, uv, *make.EXPORT.split()[1:], str(tmp_path / "exported"))
    exported = (ROOT / "requirements.txt").read_text()
    assert exported.splitlines()[2:] == (tmp_path / "exported").read_text().splitlines()[2:]


def test_packages_come_from_the_public_index_alone() -> None:
    hosts = set(re.findall(r"\w+://[^/\s\"]+", (ROOT / "uv.lock").read_text()))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}
    assert "://" not in (ROOT / "requirements.txt").read_text()
