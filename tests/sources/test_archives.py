"""MNIST's files: the right ones become the same images, and nothing else is taken for them."""

import gzip
import hashlib
import io
import os
import shutil
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from stages.images.digests import DIGESTS, MNIST
from stages.images.form import Images
from stages.sources import archives
from stages.sources.archives import IDX, MAT, MAT_NAME, SAMPLE_IDX, from_file, from_sample
from stages.sources.download import Expected
from stages.storage.errors import DamagedError, UnavailableError
from tests.helpers import sample_images


def zip_of(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def lying_zip() -> bytes:
    """Return a zip whose member is larger than it says."""
    content = bytearray(zip_of((MAT_NAME, bytes(MAT.size + 1000))))
    true, told = ((MAT.size + more).to_bytes(4, "little") for more in (1000, 0))
    return bytes(content.replace(true, told))


def encrypted_zip() -> bytes:
    """Return a zip whose member says that it is encrypted."""
    content = bytearray(zip_of((MAT_NAME, bytes(MAT.size))))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    return bytes(content)


def zip_of_another_method() -> bytes:
    """Return a zip whose member would be unpacked without a bound."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(MAT_NAME, bytes(MAT.size))
    return packed.getvalue()


def crowded_zip() -> bytes:
    """Return a zip whose list names half a million files, in 28 MB."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 1, *[0] * 6) + b"x"
    number = 500_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number % 2**16, number % 2**16, number * len(entry), 0, 0)
    return entry * number + end


@pytest.mark.parametrize("make", [lying_zip, encrypted_zip, zip_of_another_method, crowded_zip])
def test_a_zip_that_lies_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "mnist.zip").write_bytes(make())
    said = r"mnist\.zip: damaged archive: .* expected .*mnist-original"
    with bounded_memory(), pytest.raises(DamagedError, match=said):
        from_file(tmp_path / "mnist.zip")


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Fail where more is taken than good input takes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["mnist.mat", "folder/train-images-idx3-ubyte.gz"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pipe", "is not an ordinary file, expected one"),
        ("device", "is not an ordinary file, expected one"),
        ("3 GB", r"has 3000000000 bytes, expected at most \d+"),
    ],
)
def test_what_cannot_be_it_is_refused_unread(tmp_path: Path, name: str, kind: str, said: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    for other in IDX:
        (path.parent / other).touch()
    path.unlink(missing_ok=True)
    if kind == "3 GB":
        with path.open("wb") as file:
            file.truncate(3_000_000_000)  # without a block on the disk
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    given = path.parent if path.name in IDX else path
    with bounded_memory(), pytest.raises(DamagedError, match=rf"^{given}: .*{said}$") as error:
        from_file(given)
    assert path.name in str(error.value)


@pytest.mark.parametrize("content", [b"", b"MATLAB 5.0 MAT-file" + bytes(200), b"\x89HDF\r\n\x1a\n" + bytes(200)])
def test_a_mat_that_is_not_the_one_is_never_parsed(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(archives.scipy.io, "loadmat")
    (tmp_path / "mnist.mat").write_bytes(content)
    with pytest.raises(DamagedError, match=rf"mnist\.mat: got {len(content)} bytes with sha256"):
        from_file(tmp_path / "mnist.mat")


def test_a_folder_without_the_four_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"train-images-idx3-ubyte\.gz: No such file or directory; expected "):
        from_file(tmp_path)


def idx_files(images: Images, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Return images as the four files, whose digests are taken for right; their order within a label is kept."""
    cut = len(images.labels) * 6 // 7
    files = {}
    for part, rows in (("train", slice(cut)), ("t10k", slice(cut, None))):
        order = np.argsort(images.labels[rows][::-1], kind="stable")[::-1]  # by label, falling
        order = len(order) - 1 - order
        pixels, labels = images.pixels[rows][order], images.labels[rows][order]
        sizes = b"".join(size.to_bytes(4, "big") for size in (len(labels), 28, 28))
        shown, told = b"\0\0\x08\x03" + sizes + pixels.tobytes(), b"\0\0\x08\x01" + sizes[:4] + labels.tobytes()
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(shown, 1, mtime=0)
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(told, 1, mtime=0)
    for name, content in files.items():
        monkeypatch.setitem(IDX, name, Expected(len(content), hashlib.sha256(content).hexdigest()))
    return {name: files[name] for name in IDX}


def test_idx_files_come_into_the_notebooks_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    images = sample_images(700)
    expected = [
        np.concatenate(
            [array[rows][np.argsort(images.labels[rows], kind="stable")] for rows in (slice(600), slice(600, 700))]
        )
        for array in images
    ]
    digests = tuple(hashlib.sha256(array.data).hexdigest() for array in expected)
    monkeypatch.setitem(DIGESTS, MNIST, digests)
    for name, content in idx_files(images, monkeypatch).items():
        (tmp_path / name).write_bytes(content)
    assert all(np.array_equal(*pair) for pair in zip(from_file(tmp_path), expected, strict=True))


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (gzip.compress(b"0,1,2\n"), DamagedError, r"got \d+ bytes with sha256 .*, expected 61 bytes with sha256 "),
        (bytes(62), DamagedError, "has 62 bytes, expected at most 61"),
        (None, UnavailableError, "cannot be read"),
    ],
    ids=["others", "too many", "gone"],
)
def test_a_sample_that_is_not_the_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, error: type[Exception], said: str
) -> None:
    images, labels = SAMPLE_IDX
    shutil.copy(archives.HERE / images, tmp_path)
    monkeypatch.setattr(archives, "HERE", tmp_path)
    if content is not None:
        (tmp_path / labels).write_bytes(content)
    with pytest.raises(error, match=rf"^{tmp_path}.{{1,2}}{labels}: {said}"):
        from_sample()


def test_a_sample_of_other_images_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = dict(zip(SAMPLE_IDX, list(idx_files(sample_images(700), monkeypatch).values())[:2], strict=True))
    monkeypatch.setattr(archives, "HERE", tmp_path)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        monkeypatch.setitem(SAMPLE_IDX, name, Expected(len(content), hashlib.sha256(content).hexdigest()))
    with pytest.raises(DamagedError, match="holds 600 images of data set 'unknown', expected 'mnist-sample'"):
        from_sample()
