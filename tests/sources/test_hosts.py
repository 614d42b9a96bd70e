"""The sources against hosts that behave, and misbehave, as they do."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.images.digests import DIGESTS, MNIST
from stages.sources import download
from stages.sources.archives import IDX, MAT, MAT_NAME, from_file
from stages.sources.download import Expected
from stages.sources.hosts import SOURCES, from_source
from stages.storage.errors import DamagedError, UnavailableError
from tests.sources import web
from tests.sources.test_archives import idx_files, zip_of
from tests.sources.web import Web

DRIVE, GITHUB = "drive.google.com", "github.com"
GOOGLE, AMAZON = "storage.googleapis.com", "ossci-datasets.s3.amazonaws.com"
QUOTA = """<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head><body>
<p class="uc-error-caption">Sorry, you can't view or download this file at this time.</p>
<p class="uc-error-subcaption">Too many users have viewed or downloaded this file recently.</p></body></html>"""
SIGN_IN = (
    "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue to Google Drive</body></html>"
)
needs_mnist = pytest.mark.skipif("MNIST_FILE" not in os.environ, reason="needs the full data: MNIST_FILE")


def nothing(*_: object) -> None:
    """Show no progress."""


@pytest.fixture
def internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(download, "TIMEOUT", (1, 1))
    monkeypatch.setattr(download, "PAUSE", 0)
    with web.serving(tmp_path) as served:
        for name, value in served.environment.items():
            monkeypatch.setenv(name, value)
        yield served


@pytest.mark.parametrize(
    ("answer", "said", "requests"),
    [
        (web.page(QUOTA), "Drive sends a page instead of the file: Too many users have viewed", 1),
        (web.page(SIGN_IN), "Drive sends a page instead of the file: Cannot retrieve the public link", 1),
        (web.body(SIGN_IN.encode()), r"got an HTML page \(\d+ bytes\) instead of a file", 1),
        (web.bare, "an answer that makes no sense .KeyError: 'content-type'", 1),
        (web.status(403), "Drive sends a page instead of the file|HTTP status 403", 1),
        (web.status(404), "Drive sends a page instead of the file|HTTP status 404", 1),
        (web.silence, "silent for 1 s", 3),
        (web.hang_up, "the host hung up", 3),
        (web.body(b"PK", announced=1000), "the transfer broke off: ", 3),
    ],
)
def test_drive_in_a_bad_mood(internet: Web, answer: web.Answer, said: str, requests: int) -> None:
    internet.answers[DRIVE] = [answer]
    with pytest.raises(UnavailableError, match=said):
        from_source("drive", nothing)
    assert len(internet.asked) == requests


@pytest.mark.parametrize(
    ("answer", "said", "requests"),
    [
        (web.status(403), "HTTP status 403", 1),
        (web.status(404), "HTTP status 404", 1),
        (web.status(503), "HTTP status 503", 3),
        (web.page("<html>please accept our terms</html>"), r"got an HTML page \(36 bytes\) instead of a file", 1),
        (web.silence, "silent for 1 s", 3),
        (web.hang_up, "the host hung up", 3),
        (web.body(b"x" * 100, announced=1000), "the transfer broke off: ", 3),
    ],
)
@pytest.mark.parametrize(("source", "host"), [("amplab", GITHUB), ("cvdf", GOOGLE), ("ossci", AMAZON)])
def test_a_mirror_in_a_bad_mood(
    internet: Web, source: str, host: str, answer: web.Answer, said: str, requests: int
) -> None:
    internet.answers[host] = [answer]
    with pytest.raises(UnavailableError, match=said):
        from_source(source, nothing)
    assert len(internet.asked) == requests


@pytest.mark.parametrize("source", ["amplab", "cvdf"])
def test_another_file_is_refused_with_both_digests(internet: Web, source: str) -> None:
    internet.answers |= {GITHUB: [web.body(b"x")], GOOGLE: [web.body(b"x")]}
    expected = MAT.sha256 if source == "amplab" else IDX["train-images-idx3-ubyte.gz"].sha256
    with pytest.raises(DamagedError, match=f"got 1 bytes with sha256 {hashlib.sha256(b'x').hexdigest()}, .*{expected}"):
        from_source(source, nothing)


@pytest.mark.parametrize(("source", "host", "most"), [("cvdf", GOOGLE, 9912422), ("drive", DRIVE, 20000000)])
def test_a_file_without_end_is_not_read_to_its_end(internet: Web, source: str, host: str, most: int) -> None:
    internet.answers[host] = [web.body(b"x" * 21_000_000)]
    with pytest.raises(DamagedError, match=f"got more than {most} bytes"):
        from_source(source, nothing)


def test_after_a_500_the_next_try_counts(internet: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"as expected"
    monkeypatch.setitem(IDX, "train-images-idx3-ubyte.gz", Expected(len(content), hashlib.sha256(content).hexdigest()))
    internet.answers[AMAZON] = [
        web.status(500),
        web.body(content[:5], announced=11),
        web.body(content),
        web.status(404),
    ]
    with pytest.raises(UnavailableError, match="404"):  # of the second file: the first is whole
        from_source("ossci", nothing)
    assert [asked.rpartition("/")[2] for asked in internet.asked] == [*["train-images-idx3-ubyte.gz"] * 3, [*IDX][1]]


@pytest.mark.parametrize("source", SOURCES)
def test_a_certificate_of_nobody_is_refused(internet: Web, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(UnavailableError, match=r"TLS failure: .*certificate verify failed"):
        from_source(source, nothing)
    assert internet.asked == []


@pytest.mark.parametrize("source", SOURCES)
def test_a_proxy_that_is_not_there_is_named(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="proxy failure: "):
        from_source(source, nothing)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and no more", "damaged archive: "),
        (zip_of((MAT_NAME, b"short")), r"damaged archive: holds \[\('mnist-original.mat', 5\)\], expected"),
        (zip_of((MAT_NAME, b"x"), ("more", b"x")), "damaged archive: holds"),
        (zip_of(("../mnist-original.mat", b"x")), "damaged archive: holds"),
        (zip_of((MAT_NAME, bytes(10**8))), "damaged archive: holds"),
        (zip_of((MAT_NAME, bytes(MAT.size))), "got 55440440 bytes with sha256 .*, expected"),
        (zip_of((MAT_NAME, bytes(MAT.size)))[:-30], "damaged archive: "),
    ],
    ids=["cut short", "too small", "two members", "climbing", "a bomb", "right size", "no end"],
)
def test_a_zip_that_is_not_the_one_is_refused(internet: Web, content: bytes, said: str) -> None:
    internet.answers[DRIVE] = [web.body(content)]
    with pytest.raises(DamagedError, match=said):
        from_source("drive", nothing)


@needs_mnist
def test_four_sources_give_the_same_images(internet: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = Path(os.environ["MNIST_FILE"]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        mat = archive.read(MAT_NAME)
    files = idx_files(from_file(Path(os.environ["MNIST_FILE"])), monkeypatch)
    internet.answers = {DRIVE: [web.body(packed)], GITHUB: [web.body(mat)]}
    internet.answers |= {host: [web.body(content) for content in files.values()] for host in (GOOGLE, AMAZON)}
    for source in SOURCES:
        images = from_source(source, nothing)
        assert tuple(hashlib.sha256(array.data).hexdigest() for array in images) == DIGESTS[MNIST]
