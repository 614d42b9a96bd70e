"""The page on other data, followed word by word by four sets: from a clone to trained models by params.yaml alone."""

import json
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml

from stages.models.answers import from_text
from stages.models.examples import read_examples
from stages.models.ova import predict, scores
from stages.models.records import read_ova
from tests.helpers import ROOT, commands_of, edit, finished, fresh_clone, refused, run
from tests.pipeline.own_sets import WRITERS
from tests.show.driver import element, needs_chromium, opened, texts

pytestmark = pytest.mark.slow
PAGE = (ROOT / "docs/other-data.md").read_text()
COMMANDS = commands_of(PAGE)
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)]
OF = {block["fetch"]["sources"][0]: block for block in BLOCKS}
FASTER = {"train": {"method": "lbfgs", "max_iter": 60, "l2": 1e-3}, "video": {"examples": 6}}
ACCURACY = {"shapes.npz": 0.9, "letters/": 0.9, "wine.csv": 0.9, "stripes/": 0.9}
DELETED = COMMANDS.index("git rm -r --quiet classify show report benchmarks tests")


def change(clone: Path, changes: dict[str, Any]) -> None:
    """Change sections of params.yaml."""
    params = yaml.safe_load((clone / "params.yaml").read_text())
    for section, value in changes.items():
        params[section] = params[section] | value if isinstance(value, dict) else value
    (clone / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))


@pytest.fixture(scope="module", params=WRITERS)
def clone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do in a fresh clone what the page says, with fewer iterations and examples."""
    name = request.param
    folder = fresh_clone(tmp_path_factory.mktemp("other") / Path(name).stem)
    WRITERS[name](folder)
    change(folder, OF[name])
    change(folder, FASTER)
    remove, stops, goes_on, show, *_ = COMMANDS
    run(folder, "bash", "-c", remove)
    stopped = finished(folder, "bash", "-c", stops)
    assert stopped.returncode
    (digest,) = re.findall(rf"digest of {Path(name)}, which is (\w{{64}}); ", stopped.stderr)
    change(folder, {"fetch": {"sha256": digest}})
    run(folder, "bash", "-c", goes_on)
    assert "accuracy" in run(folder, "bash", "-c", show)
    return folder


def name_of(clone: Path) -> str:
    return next(name for name in WRITERS if Path(name).stem == clone.name)


def test_the_page_has_a_block_for_each_set() -> None:
    assert list(OF) == list(WRITERS)


def test_the_models_learn_and_are_called_by_their_names(clone: Path) -> None:
    block = OF[name_of(clone)]
    names = tuple(map(str, block["classes"]["names"]))
    metrics = json.loads((clone / "metrics/ova.json").read_text())
    assert metrics["accuracy"] > ACCURACY[name_of(clone)]
    assert tuple(json.loads((clone / "metrics/digits.json").read_text())) == names
    assert read_ova(clone / "data/models/ova.npy").classes == names
    assert from_text((clone / "metrics/answers.txt").read_text()).classes == names


def test_an_own_test_set_is_the_one_that_is_tested(clone: Path) -> None:
    data = json.loads((clone / "metrics/data.json").read_text())
    sizes = {"shapes.npz": (300, 100), "letters/": (416, 104), "wine.csv": (142, 36), "stripes/": (128, 32)}
    assert (data["train"], data["test"]) == sizes[name_of(clone)]


def test_nothing_else_changes_and_nothing_is_left_to_do(clone: Path) -> None:
    changed = run(clone, "git", "diff", "--name-only").splitlines()
    results = [name for name in changed if not name.startswith(("metrics/", "plots/"))]
    assert results == ["dvc.lock", "params.yaml"]
    assert run(clone, "dvc", "status", "--quiet") == ""


def test_every_chart_is_drawn(clone: Path) -> None:
    names = {path.name for path in (ROOT / "plots").glob("*.*")}
    for name in names:
        assert (clone / "plots" / name).stat().st_size > 40
    for path in (clone / "plots").glob("*.png"):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert picture.shape[1] == 1800
        assert len(np.unique(picture)) > 20


def test_other_bytes_are_refused_and_nothing_is_lost(clone: Path) -> None:
    name = name_of(clone)
    file = next(path for path in sorted([clone / name, *(clone / name).rglob("*")]) if path.is_file())
    before, old = (clone / "data/mnist/SHA256SUMS").read_bytes(), file.read_bytes()
    file.write_bytes(old + b"1")
    result = finished(clone, "dvc", "repro", "--force", "fetch")
    file.write_bytes(old)
    assert result.returncode
    assert re.search(r"fetch: .*: has the sha256 \w{64}, expected \w{64}, as fetch.sha256 says", result.stderr)
    assert (clone / "data/mnist/SHA256SUMS").read_bytes() == before


def test_columns_are_nothing_for_the_page_and_classify_which_say_so_in_a_line(clone: Path) -> None:
    if name_of(clone) != "wine.csv":
        pytest.skip("has images")
    refused(finished(clone, "python", "-m", "show"), 2, "the page expects images")
    refused(
        finished(clone, "python", "-m", "classify", "plots/cost.png"), 2, "sees 26 columns, expected images of 28x28"
    )


@needs_chromium
def test_the_page_reads_the_images_as_the_pipeline_does(clone: Path) -> None:
    if name_of(clone) == "wine.csv":
        pytest.skip("has no images")
    run(clone, "python", "-m", "show")
    model, test = read_ova(clone / "data/models/ova.npy"), read_examples(clone / "data/test")
    expected = predict(scores(model.weights, model.bias, test)).tolist()
    with opened(clone / "show.html") as browser:
        read = [browser.execute_script("return classify(arguments[0])", row.tolist()) for row in test.X[:20]]
        assert [answer["digit"] for answer in read] == expected[:20]
        assert len(texts(browser, ".bar output")) == len(model.classes)
        body = element(browser, "body").text
        assert all(name in body for name in model.classes)
        assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def test_a_new_name_trains_nothing(clone: Path) -> None:
    if name_of(clone) != "shapes.npz":  # whose labels are numbers
        pytest.skip("its labels are names")
    edit(clone / "params.yaml", "- ring", "- ring-shaped")
    printed = run(clone, "dvc", "repro")
    edit(clone / "params.yaml", "- ring-shaped", "- ring")
    run(clone, "dvc", "repro")
    assert "Running stage 'train_digit" not in printed


def test_what_may_be_deleted_is_needed_by_no_stage(clone: Path) -> None:
    if name_of(clone) != "wine.csv":
        pytest.skip("is the same for each")
    run(clone, "bash", "-c", COMMANDS[DELETED])
    run(clone, "dvc", "repro", "--force")
    assert not (clone / "tests").exists()
