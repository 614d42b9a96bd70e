"""Other classes than ten digits, from the split to the film: two, three, twenty-six, with words for names."""

import csv
import json
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from stages.images.form import Images, write_images
from stages.models.answers import from_text
from stages.models.records import read_ova
from tests.helpers import CLASSES, SPLIT_FLAGS, TRAIN_FLAGS, VIDEO_FLAGS, Run, classes_flags, flags_of, sample_images

SPLIT = {name: value for name, value in SPLIT_FLAGS.items() if name not in CLASSES}


def names_of(K: int) -> list[str]:
    """Return K names, not in the order of the alphabet."""
    return ["it's 5", "T-shirt", "x|y", "St. John", "über", "a,b", *(f"pullover {k}" for k in range(K, 6, -1))][:K]


@pytest.fixture(params=[2, 3, 26])
def names(request: pytest.FixtureRequest, stage: Run, tmp_path: Path) -> list[str]:
    """Run the stages on images of so many classes; return these."""
    K = request.param
    images = sample_images(400)
    write_images(tmp_path / "data/mnist", Images(images.pixels, (np.arange(400) % K).astype(np.uint8)))
    names = names_of(K)
    stage("normalize_split", *flags_of(SPLIT), *classes_flags(names)).check_returncode()
    for k in range(K):
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=str(k), max_iter="2")).check_returncode()
    for name, flags in (
        ("combine_ova", classes_flags(names)),
        ("evaluate", []),
        ("render_video", flags_of(VIDEO_FLAGS)),
    ):
        stage(name, *flags).check_returncode()
    return names


def column(path: Path, name: str) -> list[str]:
    """Return the different values of a table's column, in their order."""
    with path.open() as file:
        return list(dict.fromkeys(row[name] for row in csv.DictReader(file)))


def test_all_that_is_read_has_the_names_in_their_order(names: list[str], tmp_path: Path) -> None:
    assert list(read_ova(tmp_path / "data/models/ova.npy").classes) == names
    assert list(json.loads((tmp_path / "metrics/digits.json").read_text())) == names
    for table, columns in {"confusion": ["actual", "predicted"], "cost": ["digit"], "digits": ["digit"]}.items():
        for name in columns:
            assert column(tmp_path / f"plots/{table}.csv", name) == names
    answers = from_text((tmp_path / "metrics/answers.txt").read_text())
    assert list(answers.classes) == names
    assert np.array_equal(answers.labels, np.load(tmp_path / "data/test/labels.npy"))
    assert answers.predicted.max() < len(names) == answers.errs.shape[1]
    for name in ("weights.png", "predictions.gif", "learning.gif", "confusion_matrix.png"):
        assert iio.imread(tmp_path / "plots" / name).size
