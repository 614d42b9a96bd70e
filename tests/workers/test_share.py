"""What a worker keeps."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from stages.core.blocks import blocks_of
from stages.core.examples import Examples
from stages.storage.errors import UnavailableError
from stages.workers import share
from tests.helpers import files_of_at_most


@pytest.mark.parametrize("missing", [1, 300_000])
def test_a_worker_without_space_says_where_and_why(
    tmp_path: Path, normalised: Examples, missing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = SimpleNamespace(local_directory=str(tmp_path), state=SimpleNamespace(nthreads=1))
    monkeypatch.setattr(share, "get_worker", lambda: worker)
    block = blocks_of(normalised, normalised.labels == 3)[0]
    said = rf"^{tmp_path}: cannot be written \(File too large\)$"
    kept = share.Share()
    with files_of_at_most(block.X.nbytes - missing), pytest.raises(UnavailableError, match=said):
        kept.add(0, block)
    kept.file.close()
