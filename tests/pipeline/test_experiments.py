"""The README's experiments, run as it prints them: on the sample, without a git identity."""

import json
import os
import re
from itertools import product
from pathlib import Path

import pytest

import make
from benchmarks import strokes
from tests.helpers import (
    COMBINE_FLAGS,
    FASTER,
    ROOT,
    SOMEBODY,
    SPLIT_FLAGS,
    TRAIN_FLAGS,
    Run,
    copy_of,
    edit,
    flags_of,
    run,
    stages_run,
    with_environment,
)

pytestmark = pytest.mark.slow
README = (ROOT / "README.md").read_text()
SECTION = README.partition("## How do I change the learning rate, and see what that did?")[2].partition("\n## ")[0]
BLOCK = SECTION.partition("```console\n")[2].partition("```")[0]
GRID = set(product(["0.01", "0.1"], ["0", "0.9"]))
BACK = "git restore . && dvc repro"
BASES = {"workspace", "main"}
FULL_DATA = os.environ.get("MNIST_FILE", "")

Printed = dict[str, str]


def commands() -> Printed:
    """Return the commands that the README gives, each with what it prints there."""
    parts = re.split(r"^\$ ", BLOCK, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].partition(" #")[0].strip(): part.partition("\n")[2] for part in parts}


def without_numbers(table: str) -> list[list[str]]:
    return [re.sub(r"-?\d+\.\d+", "N", line).split() for line in table.splitlines()]


@pytest.fixture(scope="module")
def clone(faster_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_environment(copy_of(faster_run, tmp_path_factory.mktemp("experiments") / "clone"))


@pytest.fixture(scope="module")
def printed(clone: Path) -> Printed:
    """Run the README's commands one after the other; the first has been run."""
    first, *rest = commands()
    said = {first: (clone / ".dvc/tmp/printed").read_text()}
    for command in rest:
        said[command] = run(clone, "bash", "-c", command)
        if command == BACK:
            said["changed after going back"] = run(clone, "git", "status", "--porcelain")
    return said


def test_the_difference_looks_as_printed(printed: Printed) -> None:
    assert without_numbers(printed["dvc metrics diff"]) == without_numbers(commands()["dvc metrics diff"])


def test_an_experiment_with_another_alpha_retrains(printed: Printed) -> None:
    training = [f"train_digit@{digit}" for digit in range(10)]
    assert stages_run(printed[FASTER]) == [*training, "combine_ova", "evaluate", "render_video"]


def test_going_back_trains_nothing_and_leaves_all_as_it_was(printed: Printed) -> None:
    assert stages_run(printed[BACK]) == []
    assert printed["changed after going back"] == ""


def test_an_old_alpha_a_third_time_runs_no_stage(faster_run: Path, tmp_path: Path) -> None:
    clone = copy_of(faster_run, tmp_path / "clone")
    assert run(clone, "git", "diff", "--numstat", "params.yaml") == "1\t1\tparams.yaml\n"  # -S rewrites no other line
    ran = []
    for old, new in (("0.03", "0.02"), ("0.02", "0.03"), ("0.03", "0.02")):
        edit(clone / "params.yaml", f"alpha: {old}", f"alpha: {new}")
        ran.append(stages_run(run(clone, "dvc", "repro")))
    assert "evaluate" in ran[0]
    assert ran[1:] == [[], []]  # the experiment had 0.03
    assert run(clone, "dvc", "status", "--quiet") == ""


def test_every_pair_of_the_grid_is_in_a_table_that_fits_with_the_best_first(printed: Printed) -> None:
    lines = printed["make experiments"].splitlines()
    assert max(map(len, lines)) <= 110
    rows = [line.split() for line in lines[2:] if "gradient_descent" in line and line.split()[0] not in BASES]
    accuracies, _, _, alphas, _, momentums, _ = zip(*(row[-7:] for row in rows), strict=True)
    assert len(rows) == 5
    assert GRID | {("0.03", "0")} == set(zip(alphas, momentums, strict=True))
    assert list(accuracies) == sorted(accuracies, reverse=True)


def test_the_table_says_what_is_noise(printed: Printed) -> None:
    said = r"Standard error of an accuracy, of 1,000 test images: 0\.01\d\d\."
    assert re.match(said, printed["make experiments"].splitlines()[-1])


def test_a_run_with_nothing_to_do_ends_with_the_answer_too(printed: Printed, clone: Path) -> None:
    assert printed
    last = run(clone, "make", "repro").splitlines()[-10:]
    assert any(line.startswith("One-vs-all accuracy: ") for line in last)


def test_an_experiment_that_is_applied_is_in_the_work_tree(printed: Printed, clone: Path) -> None:
    accuracy = json.loads((clone / "metrics/ova.json").read_text())["accuracy"]
    assert re.search(rf"^faster +{accuracy:.5g} ", printed["make experiments"], re.MULTILINE)
    assert "alpha: 0.03" in (clone / "params.yaml").read_text()


def test_with_a_validation_set_it_says_which_is_best_and_models_of_strokes_are_compared_with_those_of_pixels(
    faster_run: Path, tmp_path: Path
) -> None:
    clone = with_environment(copy_of(faster_run, tmp_path / "clone"))
    settings = ["features=strokes", "split.validation_size=0.1", "train.l2=0.001", "train.max_iter=20"]
    flags = [word for setting in settings for word in ("-S", setting)]
    run(clone, "dvc", "exp", "run", "--name", "chosen", *flags)
    lines = run(clone, "make", "experiments").splitlines()
    assert max(map(len, lines)) <= 110
    assert [line.split()[0] for line in lines[2:6]] == ["workspace", "main", "chosen", "faster"]
    assert lines[-1] == "The test set is for the final report, not for choosing."
    report = run(clone, "make", "report", "BASE=main")
    assert re.search(r"^\| `accuracy` .* ↑ better \(p < 0\.001\) \|$", report, re.MULTILINE)
    assert "p: McNemar's exact test on the same images" in report


def test_two_experiments_can_be_compared(printed: Printed, clone: Path) -> None:
    assert printed
    difference = run(clone, "dvc", "exp", "diff", "main", "faster")
    assert re.search(r"params\.yaml +train\.alpha +0\.01 +0\.03 ", difference)
    assert re.search(r"metrics/ova\.json +accuracy ", difference)


@pytest.mark.parametrize(
    "command", [("exp", "show"), ("plots", "diff", "main", "faster", "--split"), ("data", "status")], ids=" ".join
)
def test_what_editors_read_is_there_without_errors(printed: Printed, clone: Path, command: tuple[str, ...]) -> None:
    assert printed
    answer = run(clone, "dvc", *command, "--json")
    assert isinstance(json.loads(answer), dict | list)
    assert not re.search('"errors?": [^n]', answer)


def test_the_model_is_found_by_its_name(clone: Path, sample_run: Path, tmp_path: Path) -> None:
    run(clone, "git", *SOMEBODY, "tag", "--annotate", "--message=first", "ova@v1.0.0", "main")
    run(tmp_path, "dvc", "artifacts", "get", str(clone), "ova")
    assert (tmp_path / "ova.npy").read_bytes() == (sample_run / "data/models/ova.npy").read_bytes()


def test_nobody_has_a_name(clone: Path) -> None:
    assert "user.name" not in run(clone, "git", "config", "--list")


@pytest.mark.skipif(not FULL_DATA, reason="needs MNIST_FILE, the full data")
@pytest.mark.parametrize("name", ["short", "best"])
def test_an_experiment_of_the_table_comes_back_on_the_full_data(name: str, stage: Run, tmp_path: Path) -> None:
    (row,) = re.findall(rf"^\| {name} \| (.+) \|$", SECTION, re.MULTILINE)
    features, *values, train_accuracy, accuracy = row.split(" | ")
    changes = dict(zip(["method", "alpha", "max_iter", "momentum", "l2"], values, strict=True))
    stage("fetch", "--sources", "drive", "--sha256=None", "--offline=fail", MNIST_FILE=FULL_DATA).check_returncode()
    stage("normalize_split", *flags_of(SPLIT_FLAGS, features=features)).check_returncode()
    for digit in range(10):
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(digit), **changes)).check_returncode()
    stage("combine_ova", *COMBINE_FLAGS).check_returncode()
    stage("evaluate").check_returncode()
    metrics = json.loads((tmp_path / "metrics/ova.json").read_text())
    found = [f"{100 * metrics[which]:.2f} %" for which in ("train_accuracy", "accuracy")]
    assert found == [train_accuracy, accuracy]


def test_make_best_runs_the_best_experiment_of_the_table_with_the_penalty_that_was_measured() -> None:
    (row,) = re.findall(r"^\| best \| (.+) \|$", SECTION, re.MULTILINE)
    keys = ["features", *(f"train.{key}" for key in ("method", "alpha", "max_iter", "momentum", "l2"))]
    said = dict(zip(keys, row.split(" | "), strict=False))
    told = dict(word.split("=") for word in make.BEST.split() if "=" in word)
    assert told.items() <= said.items()
    assert float(told["train.l2"]) == strokes.L2
