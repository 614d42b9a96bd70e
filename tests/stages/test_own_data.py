"""The split on data of one's own: their own test set, their size, their labels, and columns of numbers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.features.columns import as_bytes, scale_of
from stages.images.form import WORD, Data, read_data, read_pixels, write_data
from stages.images.labels import classes_of
from stages.models.examples import features_in, read_examples
from stages.models.records import read_ova
from tests.helpers import SPLIT_FLAGS, TRAIN_FLAGS, VIDEO_FLAGS, Run, classes_flags, flags_of, refused

OWN = {"features": "pixels", "test_size": "own", "labels": "0 1", "names": "0 1"}


def own_data(tmp_path: Path, **changes: Any) -> Data:
    """Write 40 images of 6x5 and two classes, ten of them a test set of their own; return them."""
    rng = np.random.default_rng(1)
    values = rng.integers(0, 256, (40, 6, 5), dtype=np.uint8)
    labels = np.array([b"0", b"1"] * 20, WORD)
    data = Data(**{"values": values, "labels": labels, "test": np.arange(40) >= 30} | changes)
    write_data(tmp_path / "data/mnist", data)
    return data


def rows_in(folder: Path, values: np.ndarray) -> set[int]:
    """Return which rows a set has."""
    pixels = read_pixels(folder).reshape(-1, 30).tolist()
    return {values.reshape(-1, 30).tolist().index(row) for row in pixels}


def test_an_own_test_set_stays_apart_and_images_keep_their_size(stage: Run, tmp_path: Path) -> None:
    data = own_data(tmp_path)
    stage("normalize_split", *flags_of(SPLIT_FLAGS | OWN, validation_size="0.2")).check_returncode()
    sets = {name: rows_in(tmp_path / "data" / name, data.values) for name in ("train", "validation", "test")}
    assert sets["test"] == set(range(30, 40))
    assert (len(sets["train"]), len(sets["validation"])) == (24, 6)
    assert sets["train"] | sets["validation"] == set(range(30))
    assert read_pixels(tmp_path / "data/train").shape == (24, 6, 5)
    assert read_examples(tmp_path / "data/train").X.shape == (24, 30)


@pytest.mark.parametrize(("test", "size"), [(None, "own"), (np.arange(40) >= 30, "0.2")])
def test_the_test_sets_size_says_whose_it_is(stage: Run, tmp_path: Path, test: np.ndarray | None, size: str) -> None:
    own_data(tmp_path, test=test)
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS, test_size=size)), 2, "--test_size: must be ")


@pytest.mark.parametrize(
    ("columns", "features"), [(True, "pixels"), (True, "strokes"), (False, "columns"), (False, "strokes")]
)
def test_features_that_do_not_fit_the_data_are_refused(
    stage: Run, tmp_path: Path, columns: bool, features: str
) -> None:
    own_data(tmp_path, **({"values": np.zeros((40, 3)), "names": np.array([b"a"] * 3, WORD)} if columns else {}))
    refused(stage("normalize_split", *flags_of(SPLIT_FLAGS | OWN, features=features)), 2, "--features: must be ")


def test_columns_become_bytes_by_the_training_set_alone(stage: Run, tmp_path: Path) -> None:
    values = np.arange(120.0).reshape(40, 3)
    values[:, 1] = 5
    own_data(tmp_path, values=values, names=np.array([b"a", b"same", "größe".encode()], WORD))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS | OWN, features="columns"))
    assert result.stdout == "unknown: columns; train 30, test 10, 1 constant -> data\n"
    train, test = (read_examples(tmp_path / "data" / part) for part in ("train", "test"))
    for part in ("train", "test"):
        assert np.array_equal(np.load(tmp_path / "data" / part / "scale.npy"), scale_of(values[:30]))
        assert np.load(tmp_path / "data" / part / "names.npy").tolist()[2].decode() == "größe"
    assert (features_in(tmp_path / "data/train"), train.X.shape, test.X.shape) == ("columns", (30, 6), (10, 6))
    assert set(map(tuple, test.X)) == set(map(tuple, as_bytes(values[30:], scale_of(values[:30]))))
    assert {*train.mean, *test.mean} == {127.5}
    assert {*train.std, *test.std} == {42.5}


@pytest.mark.parametrize(
    ("labels", "names", "classes"),
    [
        ([b"bee", b"ant", b"bee"], ["ant", "bee"], [1, 0, 1]),  # words are names
        ([b"0", b"1", b"0"], ["ant", "bee"], [0, 1, 0]),  # numbers are places
        ([b"1", b"3", b"2"], ["1", "2", "3"], [0, 2, 1]),  # unless they are names
        (["größe".encode(), b"1"], ["1", "größe"], [1, 0]),
    ],
)
def test_a_label_is_a_name_or_else_a_number(labels: list[bytes], names: list[str], classes: list[int]) -> None:
    assert classes_of(np.array(labels, WORD), names).tolist() == classes


@pytest.mark.parametrize("labels", [[b"0", b"ant"], [b"bee"], [b"2", b"0"], [b"-1"], [b"0.5"]])
def test_labels_that_are_neither_are_refused(labels: list[bytes]) -> None:
    with pytest.raises(ValueError, match="has the label"):
        classes_of(np.array(labels, WORD), ["ant", "wasp"])


def test_a_set_leaves_no_array_of_the_one_before(tmp_path: Path) -> None:
    own_data(tmp_path)
    own_data(tmp_path, test=None, values=np.zeros((40, 2)), names=np.array([b"a", b"b"], WORD))
    names = sorted(path.stem for path in (tmp_path / "data/mnist").glob("*.npy"))
    assert names == ["columns", "labels", "names"]
    assert read_data(tmp_path / "data/mnist").kind == "columns"


@pytest.mark.parametrize("kind", ["pixels", "columns"])
def test_images_that_are_no_squares_and_columns_go_through_all_stages(stage: Run, tmp_path: Path, kind: str) -> None:
    numbers = {"values": np.random.default_rng(2).random((40, 3)), "names": np.array([b"a", b"b", b"c"], WORD)}
    own_data(tmp_path, **(numbers if kind == "columns" else {}))
    (stage("normalize_split", *flags_of(SPLIT_FLAGS | OWN, features=kind))).check_returncode()
    for digit in "01":
        stage("train_digit", *flags_of(TRAIN_FLAGS, digit=digit)).check_returncode()
    stage("combine_ova", *classes_flags(["ant", "bee"])).check_returncode()
    stage("evaluate").check_returncode()
    stage("render_video", *flags_of(VIDEO_FLAGS)).check_returncode()
    model = read_ova(tmp_path / "data/models/ova.npy")
    assert (model.scale is None) == (kind == "pixels")
    assert model.weights.shape == ((30 if kind == "pixels" else 6), 2)
    assert len(list((tmp_path / "plots").glob("*.png"))) == 8
    assert {path.name for path in (tmp_path / "plots").glob("*.gif")} == {"learning.gif", "predictions.gif"}
