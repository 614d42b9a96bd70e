"""The last lines of `make repro`."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import ROOT, commit, finished, refused, run

OVA = {"accuracy": 0.859, "accuracy_standard_error": 0.0110054}
SAMPLE = {"dataset": "mnist-sample", "train": 4000, "test": 1000}
CHOSEN = {"validation_accuracy": 0.984, "validation_standard_error": 0.0056114}
MNIST = {"dataset": "mnist-original", "train": 56_000, "test": 14_000}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a repository with results of the sample, committed."""
    run(tmp_path, "git", "init", "--quiet")
    write(tmp_path, OVA, SAMPLE)
    commit(tmp_path)
    return tmp_path


def write(folder: Path, ova: dict[str, Any], data: dict[str, Any]) -> None:
    (folder / "metrics").mkdir(exist_ok=True)
    (folder / "metrics/ova.json").write_text(json.dumps(ova))
    (folder / "metrics/data.json").write_text(json.dumps(data))


def answer(folder: Path, *flags: str) -> str:
    return run(folder, "python", "-m", "report.answer", "--made", *flags, PYTHONPATH=str(ROOT))


def test_it_tells_the_accuracy_the_sample_and_the_next_step(folder: Path) -> None:
    printed = answer(folder)
    assert "One-vs-all accuracy: 85.90 % of 1,000 test images, standard error 1.10 %.\n" in printed
    assert "SAMPLE" in printed
    assert "The last commit: 85.90 % of 1,000 test images; nothing has changed.\n" in printed
    assert "make show" in printed
    for setting in ("train.alpha=0.03", "train.method=lbfgs"):
        assert f"-S {setting}" in printed


@pytest.mark.parametrize(
    ("accuracy", "said"),
    [
        (0.879, "since then +20 right answers"),
        (0.858, "since then -1 right answers"),
        (0.859, "since then +0 right answers"),
    ],
)
def test_it_counts_what_changed_since_the_last_commit(folder: Path, accuracy: float, said: str) -> None:
    write(folder, OVA | {"accuracy": accuracy, "log_loss": 0.5}, SAMPLE)
    assert f"The last commit: 85.90 % of 1,000 test images; {said}" in answer(folder)


def test_other_images_are_not_compared(folder: Path) -> None:
    write(folder, OVA | {"accuracy": 0.8966}, MNIST)
    printed = answer(folder)
    assert "89.66 % of 14,000 test images" in printed
    assert "The last commit: 85.90 % of 1,000 test images, on other images.\n" in printed
    assert "SAMPLE" not in printed


def test_a_newcomer_on_the_sample_reads_ten_lines(folder: Path) -> None:
    write(folder, OVA | {"accuracy": 0.8966}, MNIST)
    commit(folder)
    write(folder, OVA, SAMPLE)
    printed = answer(folder)
    assert len(printed.splitlines()) == 10
    assert "The last commit: 89.66 % of 14,000 test images, on other images.\n" in printed
    assert "git commit --all" in printed


def test_without_a_commit_nothing_is_compared(tmp_path: Path) -> None:
    write(tmp_path, OVA, SAMPLE)
    assert "last commit" not in answer(tmp_path)


def test_the_noise_alone_is_one_line(folder: Path) -> None:
    assert answer(folder, "--noise") == (
        "Standard error of an accuracy, of 1,000 test images: 0.0110. `make report` tells a change from noise.\n"
    )


def test_what_to_choose_by_comes_first_and_the_test_set_is_called_what_it_is(folder: Path) -> None:
    write(folder, OVA | CHOSEN, SAMPLE | {"train": 3500, "validation": 500})
    assert answer(folder).splitlines()[1:3] == [
        "One-vs-all accuracy: 98.40 % of 500 validation images, standard error 0.56 %.",
        "The test set, for the final report, not for choosing: 85.90 % of 1,000 test images, standard error 1.10 %.",
    ]
    assert answer(folder, "--noise") == (
        "Standard error of an accuracy, of 500 validation images: 0.0056. `make report` tells a change from noise.\n"
        "The test set is for the final report, not for choosing.\n"
    )


def test_the_last_commit_is_compared_by_the_set_that_both_have(folder: Path) -> None:
    data = SAMPLE | {"train": 3500, "validation": 500}
    write(folder, OVA | {"accuracy": 0.879} | CHOSEN, data)
    assert "The last commit: 85.90 % of 1,000 test images; since then +20 right answers" in answer(folder)
    commit(folder)
    write(folder, OVA | CHOSEN | {"validation_accuracy": 0.99}, data)
    assert "The last commit: 98.40 % of 500 validation images; since then +3 right answers" in answer(folder)
    write(folder, OVA | CHOSEN, data | {"train": 3900, "validation": 100})
    assert "The last commit: 98.40 % of 500 validation images, on other images.\n" in answer(folder)


def test_without_results_it_is_one_line(tmp_path: Path) -> None:
    refused(finished(tmp_path, "python", "-m", "report.answer", "--made", PYTHONPATH=str(ROOT)), 4, "metrics/ova.json")


@pytest.mark.parametrize("ova", ["", "{}"])
def test_results_that_are_none_are_one_line(folder: Path, ova: str) -> None:
    (folder / "metrics/ova.json").write_text(ova)
    refused(finished(folder, "python", "-m", "report.answer", "--made", PYTHONPATH=str(ROOT)), 4, "metrics/")


def test_a_flag_that_there_is_not_is_one_line(folder: Path) -> None:
    refused(finished(folder, "python", "-m", "report.answer", "--nois", PYTHONPATH=str(ROOT)), 2, "--nois")


def test_it_is_quick_for_it_imports_little(folder: Path) -> None:
    program = (
        "import sys, report.answer; print(sorted({'numpy', 'pandas', 'jinja2', 'dvc', 'scipy'} & set(sys.modules)))"
    )
    assert run(folder, sys.executable, "-c", program, PYTHONPATH=str(ROOT)) == "[]\n"


PIPELINE = """stages:
  split:
    cmd: cp source.json metrics/data.json && cp source.json data
    deps: [source.json]
    outs: [data]
    metrics:
      - metrics/data.json: {cache: false}
  train:
    cmd: test ${alpha} -lt 5 && echo ${alpha} > model
    params: [alpha]
    deps: [data]
    outs: [model]
  evaluate:
    cmd: cp found.json metrics/ova.json
    deps: [model, found.json]
    metrics:
      - metrics/ova.json: {cache: false}
  film:
    cmd: "false"
    deps: [model]
    outs: [film]
"""


def test_after_a_stage_that_failed_it_says_nothing_of_an_earlier_run(folder: Path) -> None:
    (folder / "dvc.yaml").write_text(PIPELINE)
    (folder / "params.yaml").write_text("alpha: 1\n")
    (folder / "source.json").write_text(json.dumps(SAMPLE))
    (folder / "found.json").write_text(json.dumps(OVA))
    run(folder, "dvc", "init", "--quiet")
    asked = ("python", "-m", "report.answer")
    assert finished(folder, "dvc", "repro").returncode != 0  # there is no film
    assert "85.90 % of 1,000 test images" in run(folder, *asked, PYTHONPATH=str(ROOT))
    (folder / "source.json").write_text(json.dumps(SAMPLE | {"test": 780}))
    (folder / "params.yaml").write_text("alpha: 7\n")
    assert finished(folder, "dvc", "repro").returncode != 0
    assert json.loads((folder / "metrics/data.json").read_text())["test"] == 780  # beside the old accuracy
    result = finished(folder, *asked, PYTHONPATH=str(ROOT))
    assert result.stdout == ""
    refused(result, 3, "still to run: evaluate, train.")
    assert run(folder, *asked, "--noise", PYTHONPATH=str(ROOT)).startswith("No standard error: metrics/")
