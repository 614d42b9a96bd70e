"""What the charts compute: where their labels go."""

import pytest

from stages.drawing.charts import spread


def test_labels_that_would_overlap_are_spread() -> None:
    assert spread([1.0, 1.1, 5.0, 0.9], gap=0.5) == pytest.approx([1.4, 1.9, 5.0, 0.9])
