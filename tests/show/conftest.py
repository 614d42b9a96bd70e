"""The page of the run on the sample, made once."""

from pathlib import Path

import pytest

from tests.conftest import Once
from tests.helpers import copy_of, run


@pytest.fixture(scope="session")
def shown(once: Once, sample_run: Path) -> Path:
    """Write the page in a copy of the run on the sample, and return its folder; `printed` is what was said."""

    def make(folder: Path) -> None:
        copy_of(sample_run, folder)
        (folder / ".dvc/tmp/printed").write_text(run(folder, "python", "-m", "show"))

    return once("shown", make)
