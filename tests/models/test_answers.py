"""The test images' answers as text: what is written is read again, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.examples import normalise
from stages.features.kinds import strokes
from stages.images.form import Images
from stages.models.answers import Answers, from_text, images_in, to_text
from stages.models.records import numbers
from stages.normalize_split import files_of
from stages.storage.sets import write_set
from tests.helpers import write_examples

TEST_SET = "ab" * 32
ALONE = "\n".join(f"model {digit} errs on: 0 3" if digit == 8 else f"model {digit} errs on:" for digit in range(10))
WRITTEN = "".join(f"- {line}\n" for line in f"test set, sha256 {TEST_SET}\n7210\n.8..\n{ALONE}".splitlines())


def answers(size: int) -> Answers:
    rng = np.random.default_rng(size)
    labels, others = rng.integers(0, 10, (2, size))
    return Answers(
        TEST_SET,
        labels.astype(np.uint8),
        np.where(others > 7, others, labels),
        rng.random((size, 10)) < 0.03,
        numbers(10),
    )


def test_mistakes_are_seen_below_their_images() -> None:
    errs = np.zeros((4, 10), dtype=bool)
    errs[[0, 3], 8] = True
    assert (
        to_text(Answers(TEST_SET, np.array([7, 2, 1, 0], np.uint8), np.array([7, 8, 1, 0]), errs, numbers(10)))
        == WRITTEN
    )


@pytest.mark.parametrize("size", [1, 99, 100, 101, 1000])
def test_what_is_written_is_read_again(size: int) -> None:
    written, read = answers(size), from_text(to_text(answers(size)))
    assert read.test_set == written.test_set
    for name in ("labels", "predicted", "errs"):
        assert np.array_equal(getattr(read, name), getattr(written, name)), name


@pytest.mark.parametrize("K", [2, 10, 11, 26, 100])
def test_any_number_of_classes_is_written_and_read(K: int) -> None:
    rng = np.random.default_rng(K)
    labels, predicted = rng.integers(0, K, (2, 250))
    classes = tuple(f"errs on: {k}, it's" for k in range(K))
    written = Answers(TEST_SET, labels.astype(np.uint8), predicted, rng.random((250, K)) < 0.1, classes)
    read = from_text(to_text(written))
    assert read.classes == classes
    for name in ("labels", "predicted", "errs"):
        assert np.array_equal(getattr(read, name), getattr(written, name)), name


def test_of_more_than_ten_classes_each_has_two_places() -> None:
    given = Answers(
        TEST_SET, np.array([7, 10, 1], np.uint8), np.array([7, 1, 10]), np.zeros((3, 11), bool), numbers(11)
    )
    assert to_text(given).splitlines()[1:3] == ["-  7 10  1", "-  .  1 10"]


def test_a_line_is_of_a_hundred_images() -> None:
    rows = to_text(answers(250)).splitlines()[1:-10]
    assert [len(row.removeprefix("- ")) for row in rows] == [100, 100, 100, 100, 50, 50]


def test_the_test_sets_14000_answers_are_small_enough_for_git() -> None:
    assert len(to_text(answers(14_000))) < 60_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2", "x"),
        (".\n", "\n"),
        ("test set", "images"),
        ("\n", ""),
        (".", "5.5"),
        ("1", "é"),
        ("0 3", "0 4"),
        ("3", "c"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    assert from_text(WRITTEN).predicted.tolist() == [7, 8, 1, 0]
    for wrong in ("", WRITTEN.replace(old, new)):
        with pytest.raises(ValueError, match=r"."):
            from_text(wrong)


def test_images_are_the_same_whatever_a_model_sees_of_them(tmp_path: Path, images: Images) -> None:
    """So that models of pixels and of strokes can be compared image by image."""
    write_examples(tmp_path / "pixels", normalise(*images))
    seen = normalise(strokes(images.pixels), images.labels)
    write_set(tmp_path / "strokes", files_of(seen, "strokes", images.pixels))
    assert images_in(tmp_path / "pixels") == images_in(tmp_path / "strokes")
    write_examples(tmp_path / "others", normalise(images.pixels[::-1].copy(), images.labels))
    write_examples(tmp_path / "called others", normalise(images.pixels, images.labels[::-1].copy()))
    assert len({images_in(folder) for folder in tmp_path.iterdir()}) == 3
