"""A cluster, and what training without one writes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import ROOT, run
from tests.workers.clusters import MODEL, Cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def expected(training_set: Path) -> Callable[[list[str]], bytes]:
    """Return what training on this machine writes."""
    models: dict[str, bytes] = {}

    def of(flags: list[str]) -> bytes:
        key = " ".join(flags)
        if key not in models:
            run(training_set, "python", "-m", "stages.train_digit", *flags, PYTHONPATH=str(ROOT))
            models[key] = (training_set / MODEL).read_bytes()
        return models[key]

    return of
