"""dvc.yaml against the code: dependencies that cannot be forgotten, flags that match, digits that are all there."""

import argparse
import ast
import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from stages import _command
from tests.conftest import ROOT

PIPELINE: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text())
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text())
STAGES: dict[str, dict[str, Any]] = PIPELINE["stages"]
ITEM = "${item.digit}"


def files_used(path: Path) -> set[Path]:
    """Return a script, every file of this project that it imports, and the files that these read."""
    found, new = set(), {path}
    while new:
        found |= new
        imported = {name for file in new if file.suffix == ".py" for name in project_imports(ROOT / file)}
        new = (imported | {style for file in new if (style := file.with_suffix(".mplstyle")).exists()}) - found
    return found


def project_imports(path: Path) -> set[Path]:
    """Return the files of this project that one file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    modules = {Path(*name.split(".")) for name in names if name.startswith("stages.")}
    files = {module.with_suffix(".py") for module in modules}
    packages = {parent / "__init__.py" for module in modules for parent in module.parents if parent.name}
    return {file for file in files | packages if (ROOT / file).exists()}


def flags_of_script(name: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the flags that a script requires."""
    parsers = []
    monkeypatch.setattr(_command.Parser, "parse_args", lambda parser, _: parsers.append(parser))
    importlib.import_module(f"stages.{name}").parse_arguments([])
    actions: list[argparse.Action] = parsers[0]._actions
    return {action.dest for action in actions if action.required}


@pytest.mark.parametrize("name", STAGES)
def test_each_file_that_a_stage_uses_is_among_its_dependencies(name: str) -> None:
    listed = {Path(dep) for dep in STAGES[name]["deps"] if dep.startswith("stages")}
    assert listed == files_used(Path("stages", f"{name}.py"))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_has_its_script_a_description_and_sorted_lists(name: str) -> None:
    stage = STAGES[name]
    assert stage["cmd"].startswith(f"python -m stages.{name}")
    assert stage["desc"]
    assert stage["deps"] == sorted(stage["deps"])


@pytest.mark.parametrize("name", STAGES)
def test_the_flags_of_a_script_are_the_parameters_of_its_stage(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"digit"} if ITEM in STAGES[name]["cmd"] else set()
    for section in STAGES[name].get("params", []):
        value = PARAMS[section]
        given |= set(value) if isinstance(value, dict) else {section}
    assert flags_of_script(name, monkeypatch) == given


def test_every_parameter_is_used_by_a_stage() -> None:
    assert set(PARAMS) == {section for stage in STAGES.values() for section in stage.get("params", [])}


def test_all_ten_digits_are_trained_and_combined() -> None:
    assert STAGES["train_digit"]["matrix"]["digit"] == list(range(10))
    models = {f"data/models/digit_{digit}.npz" for digit in range(10)}
    for name in ("combine_ova", "evaluate"):
        assert {dep for dep in STAGES[name]["deps"] if "digit_" in dep} == models


def test_no_stage_reads_what_a_later_one_writes() -> None:
    written: set[str] = set()
    for stage in STAGES.values():
        read = {dep for dep in stage["deps"] if not dep.startswith("stages")}
        assert {
            dep.replace("digit_0", f"digit_{ITEM}") for dep in read if "digit_" not in dep or "_0" in dep
        } <= written
        written |= {out if isinstance(out, str) else next(iter(out)) for out in stage.get("outs", [])}


def test_every_chart_has_a_title_labels_and_a_template_of_the_project() -> None:
    for plot in PIPELINE["plots"]:
        (settings,) = plot.values()
        assert {"title", "x_label", "y_label"} <= set(settings)
        assert (ROOT / ".dvc/plots" / f"{settings['template']}.json").exists()
