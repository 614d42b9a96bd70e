"""What a worker keeps."""

from pathlib import Path

import pytest

from stages.core.examples import Examples
from stages.core.passes import blocks_of
from stages.storage.errors import UnavailableError
from stages.workers.share import Share
from tests.helpers import files_of_at_most


@pytest.mark.parametrize("missing", [1, 300_000])
def test_a_worker_without_space_says_where_and_why(tmp_path: Path, normalised: Examples, missing: int) -> None:
    share = Share.__new__(Share)  # without a worker, as it has nothing to ask it
    share.folder, share.blocks = str(tmp_path), {}
    said = rf"^{tmp_path}: a Dask worker cannot write there \(File too large\)$"
    with files_of_at_most(normalised.pixels.nbytes - missing), pytest.raises(UnavailableError, match=said):
        share.add(0, blocks_of(normalised, normalised.labels == 3)[0])


@pytest.mark.parametrize("address", ["tls://127.0.0.1:8786", "inproc://127.0.0.1/1/2", "tcp://192.0.2.1:8786"])
def test_there_is_no_line_where_all_is_encrypted_or_the_address_is_elsewhere(address: str) -> None:
    share = Share.__new__(Share)
    share.address = address
    assert share.listen(b"key") is None
