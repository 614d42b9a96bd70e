"""The list of classes: which there may be, and what a name may be."""

import pytest

from tests.helpers import CLASSES, SPLIT_FLAGS, Run, classes_flags, flags_of, refused

SPLIT = flags_of({name: value for name, value in SPLIT_FLAGS.items() if name not in CLASSES})


@pytest.mark.parametrize("stage_name", ["normalize_split", "combine_ova"])
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["one"], "--labels: must be 2 to 100 labels, got 1"),
        ([str(k) for k in range(101)], "--labels: must be 2 to 100 labels, got 101"),
        (["cat", "dog", "cat"], "--names: must be different for each class, got cat 2 times"),
        (["cat", ""], "--names: a name must be 1 to 24 printable letters"),
        (["cat", " dog"], "--names: a name must be"),
        (["cat", "a/b"], "got a/b"),
        (["cat", "a\\b"], "got a\\b"),
        (["cat", "two\nlines"], "got two lines"),
        (["cat", "\x1b[31m"], "--names: a name must be"),
        (["cat", "x" * 25], "--names: a name must be"),
    ],
)
def test_a_bad_list_is_one_line_and_exit_code_2(stage: Run, stage_name: str, names: list[str], said: str) -> None:
    before = SPLIT if stage_name == "normalize_split" else []
    refused(stage(stage_name, *before, *classes_flags(names)), 2, said)


@pytest.mark.parametrize(
    ("labels", "names", "said"),
    [
        ("0 1 2", "a b", "--names: must be 3 names, one for each label, got 2"),
        ("0 2", "a b", "--labels: must be 0 to 1, each once and in order, got [0, 2]"),
        ("0 0", "a b", "--labels: must be 0 to 1"),
        ("1 2", "a b", "--labels: must be 0 to 1"),
        ("a b", "a b", "--labels: must be a whole number from 0 to 255, got a"),
        ("", "", "--labels: "),
    ],
)
def test_labels_are_numbers_from_0_each_with_a_name(stage: Run, labels: str, names: str, said: str) -> None:
    refused(stage("combine_ova", "--labels", *labels.split(), "--names", *names.split()), 2, said)
