"""The short run: it is the pipeline's, its files are all that are promised, and here they have the expected bytes."""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.expected import digests, short_run
from tests.helpers import ROOT, copy_of, finished, run

STAGES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]


def outputs(stage: dict[str, Any]) -> set[str]:
    """Return the files and folders that a stage writes, those of all digits."""
    listed = [output for kind in ("outs", "metrics", "plots") for output in stage.get(kind, [])]
    names = {name for output in listed for name in ([output] if isinstance(output, str) else output)}
    return {name.replace("${item.digit}", str(digit)) for name in names for digit in range(10)}


def test_the_bytes_are_the_expected_ones_without_the_processors_newer_instructions() -> None:
    """The digests are made with them."""
    newer = " ".join(np.show_config("dicts")["SIMD Extensions"].get("found", []))
    result = finished(ROOT, sys.executable, "-m", "tests.expected", NPY_DISABLE_CPU_FEATURES=newer)
    assert result.returncode == 0, result.stdout + result.stderr


def test_what_the_stages_write_is_promised_and_nothing_else() -> None:
    written = set().union(*map(outputs, STAGES.values()))
    promised = digests.promised()
    assert {name for name in promised if not written & {name, str(Path(name).parent)}} == set()
    assert {name for name in written if not any(f"{file}/".startswith(f"{name}/") for file in promised)} == set()


def test_the_commands_are_those_that_dvc_would_run(sample_run: Path, tmp_path: Path) -> None:
    clone = copy_of(sample_run, tmp_path / "clone")
    shutil.copy(short_run.PARAMS, clone / "params.yaml")
    printed = run(clone, "dvc", "repro", "--dry", "--force").splitlines()
    commands = [line.removeprefix("> ").split() for line in printed if line.startswith("> ")]
    assert list(short_run.commands({})) == commands


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"a": "1", "b": "2"}, []),
        ({"a": "1", "b": "3"}, ["b: sha256 3, expected 2"]),
        ({"a": "1"}, ["b: sha256 none, expected 2"]),
        ({"a": "1", "b": "2", "c": "4"}, ["c: sha256 4, expected none"]),
    ],
)
def test_a_file_that_is_not_as_expected_is_named(found: dict[str, str], said: list[str]) -> None:
    assert digests.differences(found, {"a": "1", "b": "2"}) == said
