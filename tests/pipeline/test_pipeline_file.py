"""dvc.yaml against the code: dependencies that cannot be forgotten, flags that match, digits that are all there."""

import argparse
import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from stages.command import flags
from tests.helpers import ROOT
from tests.pipeline.imports import rooms_used

PIPELINE: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text())
PARAMS: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text())
STAGES: dict[str, dict[str, Any]] = PIPELINE["stages"]
ITEM = "${item.digit}"
KINDS = ("outs", "metrics", "plots")


def flags_of_script(name: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the flags that a script requires."""
    parsers = []
    monkeypatch.setattr(flags.Parser, "parse_args", lambda parser, _: parsers.append(parser))
    importlib.import_module(f"stages.{name}").parse_arguments([])
    actions: list[argparse.Action] = parsers[0]._actions
    return {action.dest for action in actions if action.required or action.dest == "stratified"}  # true or false


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_its_script_and_the_rooms_that_it_uses_and_no_others(name: str) -> None:
    script = Path("stages", f"{name}.py")
    listed = [dep for dep in STAGES[name]["deps"] if dep.startswith("stages/")]
    assert listed == [str(script), *sorted(f"stages/{room}" for room in rooms_used(script))]


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_has_its_script_a_description_and_its_data_first(name: str) -> None:
    stage = STAGES[name]
    assert stage["cmd"].startswith(f"python -m stages.{name}")
    assert stage["desc"]
    data = [dep for dep in stage["deps"] if not dep.startswith("stages/")]
    assert stage["deps"][: len(data)] == sorted(data)
    assert all(dep.startswith(("data/", "plots/")) for dep in data)


@pytest.mark.parametrize("name", STAGES)
def test_the_flags_of_a_script_are_the_parameters_of_its_stage(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"digit"} if ITEM in STAGES[name]["cmd"] else set()
    for section in STAGES[name].get("params", []):
        value = PARAMS[section]
        given |= set(value) if isinstance(value, dict) else {section}
    assert flags_of_script(name, monkeypatch) == given


def test_every_parameter_is_used_by_a_stage() -> None:
    assert set(PARAMS) == {section for stage in STAGES.values() for section in stage.get("params", [])}


def test_the_digits_that_are_trained_are_those_that_are_combined_and_named_nowhere_else() -> None:
    assert STAGES["train_digit"]["matrix"]["digit"] == "${classes.labels}"
    assert STAGES["combine_ova"]["params"] == ["classes"]
    assert PARAMS["classes"]["labels"] == PARAMS["classes"]["names"] == list(range(10))
    folder = Path("data/models/digits")
    assert STAGES["train_digit"]["outs"] == [f"{folder}/{ITEM}.npy"]
    assert [name for name, stage in STAGES.items() if str(folder) in stage["deps"]] == ["combine_ova"]


def test_no_stage_reads_what_a_later_one_writes() -> None:
    written: set[str] = set()
    for stage in STAGES.values():
        assert {dep for dep in stage["deps"] if not dep.startswith("stages")} <= written
        outs = {out if isinstance(out, str) else next(iter(out)) for kind in KINDS for out in stage.get(kind, [])}
        written |= outs | {str(Path(out).parent) for out in outs if ITEM in out}


def test_every_chart_has_a_title_labels_and_a_template_of_the_project() -> None:
    charts = {
        file: settings for plot in STAGES["evaluate"]["plots"] for file, settings in plot.items() if "x" in settings
    }
    assert set(charts) == {str(file.relative_to(ROOT)) for file in (ROOT / "plots").glob("*.csv")}
    for settings in charts.values():
        assert {"title", "x_label", "y_label"} <= set(settings)
        assert (ROOT / ".dvc/plots" / f"{settings['template']}.json").exists()


def test_dvc_keeps_runs_of_every_stage_but_of_the_fetch_whose_images_must_outlive_a_failure() -> None:
    def options(stage: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
        outs = [out for kind in kinds for out in stage.get(kind, [])]
        return [next(iter(out.values())) for out in outs if isinstance(out, dict)]

    persistent = [name for name, stage in STAGES.items() if any("persist" in out for out in options(stage, *KINDS))]
    assert persistent == ["fetch"]
    assert [name for name, stage in STAGES.items() if any("cache" in out for out in options(stage, "outs"))] == []
