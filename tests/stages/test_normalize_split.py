"""The split as a stage: what it refuses, and what it counts."""

from pathlib import Path

import numpy as np

from stages.storage.images import Images, write_images
from tests.helpers import SPLIT_FLAGS, Run, flags_of, sample_images


def test_a_test_size_that_leaves_a_side_empty_is_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", sample_images(20))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS, test_size="0.99"))
    assert result.returncode == 2
    assert result.stderr == "normalize_split: --test_size: 0.99 of 20 images leaves one side without any\n"


def test_constant_images_are_counted(stage: Run, tmp_path: Path) -> None:
    images = sample_images(50)
    images.pixels[3:5] = 8
    write_images(tmp_path / "data/mnist", images)
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.stdout == "unknown: 40 training and 10 test images, 2 constant -> data/train, data/test\n"
    assert '"constant_images": 2' in (tmp_path / "metrics/data.json").read_text()


def test_labels_beyond_9_are_refused(stage: Run, tmp_path: Path) -> None:
    write_images(tmp_path / "data/mnist", Images(sample_images(20).pixels, np.full(20, 11, np.uint8)))
    result = stage("normalize_split", *flags_of(SPLIT_FLAGS))
    assert result.returncode == 4
    assert "has the label 11, expected labels from 0 to 9" in result.stderr
