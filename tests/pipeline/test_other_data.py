"""The page on other data, followed word by word: scikit-learn's digits go through the whole pipeline."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from stages.images.form import read_images
from tests.helpers import ROOT, commands_of, edit, fresh_clone, run

pytestmark = pytest.mark.slow
PAGE = (ROOT / "docs/other-data.md").read_text()
COMMANDS = commands_of(PAGE)


def block(language: str) -> str:
    """Return the page's one block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do in a fresh clone what the page says, with fewer iterations."""
    folder = fresh_clone(tmp_path_factory.mktemp("other") / "clone")
    with (folder / "stages/sources/hosts.py").open("a") as file:
        file.write(f"\n\n{block('python')}")
    params = (folder / "params.yaml").read_text()
    changed, times = re.subn(r"^fetch:\n(?: .*\n)+", lambda _: block("yaml"), params, flags=re.MULTILINE)
    assert times == 1
    (folder / "params.yaml").write_text(changed)
    edit(folder / "params.yaml", "max_iter: 1000 ", "max_iter: 50 ")
    edit(folder / "params.yaml", "examples: 60 ", "examples: 6 ")
    for command in COMMANDS:
        run(folder, "bash", "-c", command)
    return folder


def test_the_images_are_scikit_learns(clone: Path) -> None:
    images = read_images(clone / "data/mnist")
    assert np.array_equal(images.labels, load_digits().target)
    assert images.pixels.max() == 255
    data = json.loads((clone / "metrics/data.json").read_text())
    assert data == {"dataset": "unknown", "images": 1797, "train": 1437, "test": 360, "constant_images": 0}


def test_the_pipeline_learns_them(clone: Path) -> None:
    assert json.loads((clone / "metrics/ova.json").read_text())["accuracy"] > 0.85
    assert (clone / "plots/predictions.mp4").stat().st_size
    assert "<title>Ten models, one digit: " in (clone / "show.html").read_text()


def test_it_changes_no_other_file_of_code(clone: Path) -> None:
    changed = run(clone, "git", "diff", "--name-only").splitlines()
    results = [name for name in changed if not name.startswith(("metrics/", "plots/"))]
    assert results == ["dvc.lock", "params.yaml", "stages/sources/hosts.py"]
