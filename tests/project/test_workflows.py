"""The workflows, and the other settings for GitHub and the editor."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import install
import make
from tests.helpers import ROOT, tracked_files

WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(workflow.read_text())["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_each_step_is_a_make_target_or_a_script_that_also_runs_here(workflow: Path) -> None:
    targets = {target for targets in make.TARGETS.values() for target in targets}
    for step in steps(workflow):
        for line in step.get("run", "").splitlines():
            program, *words = line.partition(">")[0].split()
            if program == "make":
                assert {word for word in words if re.fullmatch("[a-z]+", word)} <= targets
            elif program == "python":
                assert words[0] == "make.py"
                assert words[1] in targets
            else:
                assert program == "cat" or os.access(ROOT / program, os.X_OK)


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_actions_are_pinned_and_nothing_is_permitted_by_default(workflow: Path) -> None:
    text = workflow.read_text()
    actions = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    assert "\npermissions: {}\n" in text
    assert all("permissions" in job for job in yaml.safe_load(text)["jobs"].values())


def test_what_is_given_to_a_workflow_by_hand_reaches_no_shell_as_text() -> None:
    for workflow in WORKFLOWS.values():
        assert not [step for step in steps(workflow) if "${{" in step.get("run", "")], workflow


def test_dependabot_keeps_every_lock_and_the_actions() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    kept = {(update["package-ecosystem"], update["directory"]) for update in updates}
    locks = {"uv.lock": "uv", "package-lock.json": "npm"}
    found = {(locks[path.name], f"/{path.parent}".removesuffix(".")) for path in tracked_files() if path.name in locks}
    assert kept == found | {("github-actions", "/")}


def test_the_editor_and_the_container_bring_dvcs_extension() -> None:
    editor = json.loads((ROOT / ".vscode/extensions.json").read_text())
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert "Iterative.dvc" in editor["recommendations"]
    assert "Iterative.dvc" in container["customizations"]["vscode"]["extensions"]
    program, script, group = container["postCreateCommand"].split()
    assert (program, script) == ("python", "install.py")
    assert group in install.GROUPS
    (version,) = re.findall(r":(3\.\d+)-", container["image"])
    assert version in yaml.safe_load(WORKFLOWS["tests"].read_text())["jobs"]["tests"]["strategy"]["matrix"]["python"]


def test_the_promise_names_each_system_that_is_tested() -> None:
    systems = yaml.safe_load(WORKFLOWS["tests"].read_text())["jobs"]["tests"]["strategy"]["matrix"]["system"]
    assert re.findall(r" `([\w.-]+)` \|$", (ROOT / "docs/promise.md").read_text(), re.MULTILINE) == systems
