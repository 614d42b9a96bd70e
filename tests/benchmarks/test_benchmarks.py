"""Each benchmark runs, at a small size."""

import sys
from concurrent.futures import Executor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import race, racers
from benchmarks.handwriting import goals_table, read_folder
from benchmarks.iteration import one_iteration
from stages.core.examples import Examples, normalise, select
from tests.classify.pictures import drawn, model
from tests.helpers import ROOT, copy_of, fresh_clone, run, sample_images

STARTED = {  # each benchmark's flags for a small size, and the file that it writes
    "classify": (["--images=20", "--scans=40", "--rows=2", "--scribbles=2"], "benchmarks/classify.md"),
    "descent": (["--images=400", "--rounds=1", "--iterations=4", "--copies=1"], "benchmarks/descent.md"),
    "loop": (["--rounds=1", "--iterations=2"], "benchmarks/loop.md"),
    "methods": (["--images=400", "--passes=5"], "benchmarks/methods.png"),
    "readers": (
        ["--images=400", "--rounds=1", "--iterations=4", "--notebook=3", "--epochs=1", "--scans=20"],
        "benchmarks/readers.md",
    ),
    "moved": (["--images=200"], "benchmarks/moved.png"),
    "strokes": (["--images=200"], None),
}
STARTED["scale"] = (["--images=70000", "--workers=2"], "benchmarks/scale.md")
BY_SCALE = {"grown", "one_descent"}  # `scale` starts these


@pytest.fixture
def examples() -> Examples:
    images = sample_images(600)
    return normalise(images.pixels, images.labels)


def started(folder: Path, name: str) -> str:
    """Run a benchmark at a small size; return what it printed. It must have changed its file, if it has one."""
    flags, page = STARTED[name]
    before = page and (folder / page).read_bytes()
    printed = run(folder, sys.executable, "-m", f"benchmarks.{name}", *flags)
    assert not page or (folder / page).read_bytes() != before
    return printed


def test_every_benchmark_is_started_here() -> None:
    programs = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text()}
    assert programs == STARTED.keys() | BY_SCALE


def test_methods_are_drawn_also_without_mnist(tmp_path: Path) -> None:
    assert started(fresh_clone(tmp_path / "clone"), "methods") == ""


@pytest.mark.slow
def test_pictures_are_classified(sample_run: Path, tmp_path: Path) -> None:
    printed = started(copy_of(sample_run, tmp_path / "clone"), "classify")
    assert "| the same, drawn as photos | 20 |" in printed
    assert "| not given | " in printed


def test_a_folder_of_pictures_is_measured_by_kind(tmp_path: Path) -> None:
    drawn("26").save(tmp_path / "a.png")
    drawn("3", "1").save(tmp_path / "b.png")
    rows = "a.png,26,scan,no\nb.png,3/1,scan,no\nb.png,315,photo lined,no\nnone.png,7,photo,yes\n"
    (tmp_path / "labels.csv").write_text("file,label,kind,is_28x28\n" + rows)
    lines = goals_table(read_folder(tmp_path, model())).splitlines()
    assert lines[2:] == [
        "| **one digit, 28x28** | 1 | 0.0% | 0.0% | 0.0% |",
        "| one digit, 28x28: photo | 1 | 0.0% | 0.0% | 0.0% |",
        "| **several digits** | 3 | 66.7% | 85.7% | 66.7% |",
        "| several digits: photo lined | 1 | 0.0% | 66.7% | 0.0% |",
        "| several digits: scan | 2 | 100.0% | 100.0% | 100.0% |",
    ]


@pytest.mark.slow
def test_the_steps_to_strokes_are_measured_and_one_image_is_drawn(sample_run: Path, tmp_path: Path) -> None:
    clone = copy_of(sample_run, tmp_path / "clone")
    assert "| pixels | 784 | " in started(clone, "strokes")
    assert started(clone, "moved") == ""


@pytest.mark.slow
def test_clusters_are_measured(sample_run: Path, tmp_path: Path) -> None:
    assert "| 70,000 |" in started(copy_of(sample_run, tmp_path / "clone"), "scale")


@pytest.mark.slow
def test_an_experiment_is_measured(sample_run: Path, tmp_path: Path) -> None:
    printed = started(copy_of(sample_run, tmp_path / "clone"), "loop")
    assert "| - train_digit | " in printed


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("torch"), reason="needs PyTorch: python install.py bench")
def test_the_descent_is_measured_against_pytorch(sample_run: Path, tmp_path: Path) -> None:
    printed = started(copy_of(sample_run, tmp_path / "clone"), "descent")
    assert printed.count("| PyTorch ") == 3
    assert printed.count("| PyTorch, batches of ") == 8


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("torch"), reason="needs PyTorch: python install.py bench")
def test_readers_are_measured_against_a_network(sample_run: Path, tmp_path: Path) -> None:
    printed = started(copy_of(sample_run, tmp_path / "clone"), "readers")
    assert printed.count(", 4 iterations on strokes | 392 | 3,930 | ") == 4
    assert "| PyTorch's convolutional example, 1 epochs | 784 | 1,199,882 | " in printed


@pytest.mark.slow
def test_one_iteration_is_measured_against_others(examples: Examples, executor: Executor) -> None:
    table = one_iteration(examples, executor, {"ten digits of nothing": (lambda: None, 10)}, rounds=1)
    assert "| this project | " in table
    assert "| ten digits of nothing | 0.00 | " in table


@pytest.mark.slow
def test_the_race_is_run(examples: Examples, executor: Executor) -> None:
    train, test = select(examples, slice(500)), select(examples, slice(500, None))
    table = race.race(train, test, executor, [], most=12, rounds=1)
    assert table.count("| this project, ") == 5
    assert table.count("| scikit-learn, ") == 5


def test_the_fewest_iterations_are_found(examples: Examples) -> None:
    """The racer's models answer 0 to every image, and from the seventh iteration on are always right."""
    X = np.eye(600, 785)
    know = np.zeros((785, 10))
    know[np.arange(600), examples.labels] = 9
    judge = race.Judge(X, examples.labels, X, examples.labels)
    racer = racers.Racer("", lambda n: n, lambda n: know if n >= 7 else np.zeros((785, 10)))
    accuracies, to_accuracies, to_cost = race.ACCURACIES, [7] * len(race.ACCURACIES), [judge.cost(know)]
    assert race.fewest(racer, judge, accuracies, to_cost, most=10) == [*to_accuracies, 7]
    assert race.fewest(racer, judge, accuracies, to_cost, most=7) == [*to_accuracies, 7]
    assert race.fewest(racer, judge, accuracies, to_cost, most=6) == [None] * 4
    assert race.fewest(racer._replace(counts=range(1, 7)), judge, accuracies, to_cost, most=10) == [None] * 4
    assert race.fewest(racer._replace(one_vs_rest=False), judge, accuracies, to_cost, most=10) == [*to_accuracies, None]


@pytest.mark.slow
def test_pytorch_comes_down_to_the_same_cost_with_a_penalty_as_scikit_learn(examples: Examples) -> None:
    pytorch = pytest.importorskip("benchmarks.pytorch", exc_type=ImportError)
    ones, labels, l2 = race.with_ones(examples), examples.labels, 1e-2
    X, judge = np.ascontiguousarray(ones[:, :-1]), race.Judge(ones, labels, ones, labels)
    racer = pytorch.lbfgs(X, labels, l2)
    other = racers.scikit("", X, labels, one_vs_rest=True, C=1 / (len(labels) * l2))
    found, wanted = (one.model(one.train(200)) for one in (racer, other))
    costs = [judge.cost(model) + l2 / 2 * np.square(model[:-1]).sum() / 10 for model in (found, wanted)]
    assert costs[0] == pytest.approx(costs[1], rel=1e-2)


@pytest.mark.slow
def test_models_are_judged_as_they_judge_themselves(examples: Examples, executor: Executor) -> None:
    X, labels = race.with_ones(examples), examples.labels
    judge = race.Judge(X, labels, X, labels)
    everybody = race.racers(examples, np.ascontiguousarray(X[:, :-1]), executor, [])
    for racer in (family[0] for family in everybody if not family[0].noisy):
        found = racer.train(5)
        if racer.name.startswith("scikit-learn"):
            assert judge.error(racer.model(found)) == pytest.approx(1 - found.score(X[:, :-1], labels))
        else:
            costs = [one.cost_history[5] for one in racer.train(6)]
            assert judge.cost(racer.model(found)) == pytest.approx(np.mean(costs), rel=1e-5)
