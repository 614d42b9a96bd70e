"""Data of one's own: each kind of file gives its numbers and labels, and what does not fit is one line."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from stages.images.form import Data, read_data
from stages.sources import npz, own, parts
from stages.sources.own import digest_of, files_at, from_path
from stages.storage.errors import DamagedError, ParameterError, UnavailableError
from tests.helpers import Run, everything, refused

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (6, 5, 4), dtype=np.uint8)
LABELS = ["ant", "bee", "bee", "ant", "ant", "bee"]
TEST = PIXELS[:2], LABELS[:2]
TABLE = "height,label,weight\n1.5,ant,2\n-1e3,bee,0.1\n"
COLUMNS = [[1.5, 2.0], [-1e3, 0.1]]


def idx(array: np.ndarray) -> bytes:
    """Return bytes as an IDX file."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


def savez(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **{name: np.asarray(array) for name, array in arrays.items()})
    return content.getvalue()


def png(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, kind)
    return content.getvalue()


def pictures(root: str, pixels: np.ndarray, labels: list[str]) -> dict[str, bytes]:
    return {f"{root}{label}/{at}.png": png(image) for at, (image, label) in enumerate(zip(pixels, labels, strict=True))}


def written(place: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder; return it."""
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def read(path: Path) -> Data:
    return from_path(path, digest_of(files_at(path)))


def rows(data: Data) -> list[tuple[bytes, bytes, bool | None]]:
    """Return each row with its label and whether it is the test set's, in any order."""
    tests = [None] * len(data.values) if data.test is None else data.test.tolist()
    return sorted(zip([row.tobytes() for row in data.values], data.labels.tolist(), tests, strict=True), key=str)


NUMBERS = [int(label == "bee") for label in LABELS]
PAIR = {"a-images-idx3-ubyte": idx(PIXELS), "a-labels-idx1-ubyte": idx(np.array(NUMBERS))}
TEST_PAIR = {
    "t10k-images-idx3-ubyte.gz": gzip.compress(idx(TEST[0])),
    "t10k-labels-idx1-ubyte.gz": gzip.compress(idx(np.array(NUMBERS[:2]))),
}
NPZ = {"x_train": PIXELS, "y_train": LABELS}
IMAGES: dict[str, tuple[dict[str, bytes], str, bool]] = {  # files, the one that is named, whether it has a test set
    "IDX pair": (PAIR, "a-images-idx3-ubyte", False),
    "IDX folder": (PAIR | TEST_PAIR, "", True),
    "npz": ({"x.npz": savez(**NPZ)}, "x.npz", False),
    "npz of x and y": ({"x.npz": savez(x=PIXELS[..., None], y=np.array(LABELS)[:, None])}, "x.npz", False),
    "npz with a test set": ({"x.NPZ": savez(**NPZ, x_test=TEST[0], y_test=TEST[1])}, "x.NPZ", True),
    "pictures": (pictures("", PIXELS, LABELS) | {".DS_Store": b"hidden"}, "", False),
    "pictures with a test set": (pictures("train/", PIXELS, LABELS) | pictures("test/", *TEST), "", True),
}


@pytest.mark.parametrize("kind", IMAGES)
def test_images_are_what_was_written(kind: str, tmp_path: Path) -> None:
    files, name, has_test = IMAGES[kind]
    data = read(written(tmp_path, files) / name)
    labels = list(map(str, NUMBERS)) if "IDX" in kind else LABELS
    tests = [False] * 6 + [True] * 2 if has_test else [None] * 6
    pixels, labels = [*PIXELS, *(TEST[0] if has_test else [])], labels + (labels[:2] if has_test else [])
    expected = [(row.tobytes(), label.encode(), test) for row, label, test in zip(pixels, labels, tests, strict=True)]
    assert data.values.shape[1:] == (5, 4)
    assert rows(data) == sorted(expected, key=str)


def test_images_of_mnists_size_are_rows_of_784_as_mnists(tmp_path: Path) -> None:
    pixels = np.full((2, 28, 28), 7, np.uint8)
    data = read(written(tmp_path, {"x.npz": savez(x=pixels, y=[0.0, 1.0])}) / "x.npz")
    assert (data.values.shape, data.labels.tolist()) == ((2, 784), [b"0", b"1"])


def test_colours_and_few_greys_become_greys(tmp_path: Path) -> None:
    red = np.zeros((5, 4, 3), np.uint8)
    red[..., 0] = 255
    black = Image.new("1", (4, 5))
    content = io.BytesIO()
    black.save(content, "GIF")
    data = read(written(tmp_path, {"a/1.png": png(red), "b/2.gif": content.getvalue()}))
    assert data.values.reshape(2, -1)[:, 0].tolist() == [76, 0]  # 0.299 of 255


@pytest.mark.parametrize(
    ("files", "name", "test"),
    [
        ({"x.csv": TABLE.encode()}, "x.csv", None),
        ({"x.csv": b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode()}, "x.csv", None),  # a spreadsheet's
        ({"x.csv": TABLE.replace("-1e3", "-" + "0" * 30 + "1000").encode()}, "x.csv", None),
        ({"train.csv": TABLE.encode(), "test.csv": TABLE.encode()}, "", [False, False, True, True]),
        ({"x.npz": savez(x=np.array(COLUMNS, np.float32), y=["ant", "bee"])}, "x.npz", None),
    ],
)
def test_columns_are_what_was_written(
    files: dict[str, bytes], name: str, test: list[bool] | None, tmp_path: Path
) -> None:
    data = read(written(tmp_path, files) / name)
    table = np.array(COLUMNS, np.float32 if name.endswith("npz") else np.float64)
    assert data.values.tolist() == table.astype(np.float64).tolist() * (2 if test else 1)
    assert data.labels.tolist()[:2] == [b"ant", b"bee"]
    assert data.names is not None
    assert data.names.tolist() == ([b"1", b"2"] if name.endswith("npz") else [b"height", b"weight"])
    assert (None if data.test is None else data.test.tolist()) == test


def test_a_folders_digest_is_that_of_its_sha256sums(tmp_path: Path) -> None:
    written(tmp_path, {"b/x": b"1", "a/y": b"2"})
    lines = (  # LC_ALL=C; find -type f -printf '%P\n' | sort | xargs sha256sum
        "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  a/y\n"
        "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  b/x\n"
    )
    assert digest_of(files_at(tmp_path)) == digest_of({"lines": lines.encode()})


class Bad:
    """What opens a file when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:  # noqa: D105
        return open, ("opened", "w")


def forged(header: bytes) -> bytes:
    """Return a .npz whose arrays have a header of their own."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header)
    return content.getvalue()


HUGE = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 1000000, 1000000), }\n"
WRONG: dict[str, tuple[dict[str, bytes], str]] = {  # files below "own", what is said
    "an empty folder": ({".hidden": b"1"}, "holds 0 files, expected files"),
    "files too deep": ({"a/b/c/1.png": png(PIXELS[0])}, "no deeper than SET/CLASS/PICTURE"),
    "words in a file": ({"own": b"words"}, "expected only CLASS/PICTURE"),
    "no picture": ({"a/1.png": png(PIXELS[0]), "b/2.txt": b"words"}, "b/2.txt: is not a readable picture"),
    "a damaged picture": ({"a/1.png": png(PIXELS[0])[:-30]}, "a/1.png: is a damaged picture"),
    "pictures of two sizes": (
        {"a/1.png": png(PIXELS[0]), "b/2.png": png(PIXELS[0].T)},
        "b/2.png: is 5x4 in mode L, expected 4x5",
    ),
    "pictures at two depths": ({"a/1.png": png(PIXELS[0]), "2.png": png(PIXELS[0])}, "holds 2.png"),
    "a set that is neither": ({"train/a/1.png": b"", "valid/a/1.png": b""}, "expected only CLASS/PICTURE"),
    "a class of a long name": ({f"{'a' * 97}/1.png": png(PIXELS[0])}, "expected 1 to 96 bytes"),
    "a test set of another size": (
        {"train/a/1.png": png(PIXELS[0]), "test/a/1.png": png(PIXELS[0].T)},
        "is 4x5 in mode L, expected 5x4",
    ),
    "IDX without labels": (
        {"images-idx3-ubyte": idx(PIXELS), "other-labels-idx1-ubyte": idx(PIXELS)},
        "expected one or two",
    ),
    "two training sets": (
        PAIR | {name.replace("a-", "b-"): content for name, content in PAIR.items()},
        "expected one or two",
    ),
    "IDX cut short": (PAIR | {"a-images-idx3-ubyte": idx(PIXELS)[:-1]}, "and has 135 bytes"),
    "IDX of floats": (PAIR | {"a-images-idx3-ubyte": b"\0\0\x0d\3" + idx(PIXELS)[4:]}, "begins with 00 00 0d 03"),
    "IDX of a head alone": (PAIR | {"a-images-idx3-ubyte": b"\0\0\x08"}, "begins with 00 00 08,"),
    "IDX of fewer labels": (PAIR | {"a-labels-idx1-ubyte": idx(np.zeros(5))}, "has 5 labels for 6 rows"),
    "IDX of no images": (
        {"images-idx3-ubyte": idx(PIXELS[:0]), "labels-idx1-ubyte": idx(np.zeros(0))},
        "has 0 labels for 0 rows",
    ),
    "a damaged gzip": (PAIR | {"a-labels-idx1-ubyte": gzip.compress(b"1")[:-3]}, "a damaged gzip"),
    "other keys": ({"own.npz": savez(a=PIXELS, b=LABELS)}, "holds a, b; expected x and y"),
    "a test set alone": ({"own.npz": savez(x_test=PIXELS, y_test=LABELS)}, "holds x_test, y_test; expected"),
    "colours": (
        {"own.npz": savez(x=np.zeros((2, 5, 4, 3), np.uint8), y=[0, 1])},
        "x: is uint8 (2, 5, 4, 3), expected images",
    ),
    "images of floats": (
        {"own.npz": savez(x=np.zeros((2, 5, 4)), y=[0, 1])},
        "x: is float64 (2, 5, 4), expected images",
    ),
    "labels one-hot": (
        {"own.npz": savez(x=PIXELS, y=np.zeros((6, 2)))},
        "y: is float64 (6, 2), expected one label for each row",
    ),
    "a pickle": ({"own.npz": savez(x=PIXELS, y=[Bad()] * 6)}, "y.npy: is object (6,)"),
    "a head that lies": ({"own.npz": forged(HUGE)}, "x.npy: is uint8 (1000000, 1000000, 1000000)"),
    "a head of no sense": ({"own.npz": forged(b"{}")}, "a damaged .npz"),
    "no zip": ({"own.npz": b"PK\3\4"}, "a damaged .npz"),
    "rows too wide": ({"own.npz": savez(x=np.zeros((2, 513, 512), np.uint8), y=[0, 1])}, "expected at most 262144"),
    "no label": ({"own.csv": b"a,b\n1,2\n"}, "has the columns a, b; expected one 'label'"),
    "a label alone": ({"own.csv": b"label\n1\n"}, "has the columns label; expected"),
    "a column twice": ({"own.csv": b"label,a,a\n1,2,3\n"}, "has the columns label, a, a; expected"),
    "the label twice": ({"own.csv": b"label,a,label\n1,2,3\n"}, "has the columns label, a, label; expected"),
    "a column without a name": ({"own.csv": b"label,\n1,2\n"}, "has the column ''"),
    "semicolons": ({"own.csv": b"label;a\n1;2\n"}, "has the columns label;a; expected"),
    "words among numbers": ({"own.csv": b"label,a\n1,2\n1,two\n"}, "column 'a' has 'two', expected only numbers"),
    "truths": ({"own.csv": b"label,a\n1,True\n1,False\n"}, "column 'a' has 'True', expected only numbers"),
    "a number that is missing": ({"own.csv": b"label,a\n1,2\n1,\n"}, "row 2, column 'a': has nan"),
    "not a number": ({"own.csv": b"label,a\n1,2\n1,nan\n"}, "column 'a'"),
    "an infinity": ({"own.csv": b"label,a\n1,2\n1,-inf\n"}, "row 2, column 'a': has -inf"),
    "a number beyond": ({"own.csv": b"label,a\n1,2\n1,1e101\n"}, "row 2, column 'a': has 1e+101"),
    "a label that is missing": ({"own.csv": b"label,a\n,2\n1,3\n"}, "has the label ''"),
    "a number of many digits among words": ({"own.csv": b"label,a\n1," + b"9" * 40 + b"\n1,x\n"}, "column 'a' has 'x'"),
    "a line too long": ({"own.csv": b"label,a\n1,2\n1,2,3\n"}, "own.csv: is not a table"),
    "all lines too long": ({"own.csv": b"label,a\n1,2,3\n1,2,3\n"}, "own.csv: is not a table"),
    "a line too short": ({"own.csv": b"label,a,b\n1,2,3\n1,2\n"}, "row 2, column 'b': has nan"),
    "no lines": ({"own.csv": b""}, "own.csv: is not a table"),
    "a header alone": ({"own.csv": b"label,a\n"}, "has 0 labels for 0 rows"),
    "not UTF-8": ({"own.csv": b"label,a\n\xff,1\n"}, "own.csv: is not a table"),
    "tables of other names": (
        {"a.csv": b"label,a\n1,1\n", "b.csv": b"label,a\n1,1\n"},
        "expected train.csv and test.csv",
    ),
    "a test table of other columns": (
        {"train.csv": b"label,a,b\n1,1,1\n", "test.csv": b"label,b,a\n1,1,1\n"},
        "its test part is float64 (2,) b a, expected float64 (2,) a b",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_does_not_fit_is_one_line(kind: str, tmp_path: Path) -> None:
    files, said = WRONG[kind]
    (one, *others) = files
    alone = not others and one.startswith("own")
    written(tmp_path if alone else tmp_path / "own", files)
    path = tmp_path / (one if alone else "own")
    with pytest.raises(DamagedError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert not Path("opened").exists()


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("own.npz", {"own.npz": savez(x=PIXELS, y=LABELS)}),
        ("", {f"a/{at}.png": png(PIXELS[0]) for at in range(9)}),
        ("a-images-idx3-ubyte", {name: gzip.compress(content) for name, content in PAIR.items()}),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_unpacked(
    name: str, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, files) / name
    read(path)
    for module in (npz, parts, own):
        monkeypatch.setattr(module, "MOST_BYTES", 100, raising=False)
    with pytest.raises(DamagedError, match="expected"):
        read(path)


def test_a_digest_that_differs_or_is_missing_is_told_and_the_file_not_parsed(tmp_path: Path) -> None:
    path = written(tmp_path, {"x.npz": b"words"}) / "x.npz"
    found = digest_of({"x.npz": b"words"})
    with pytest.raises(
        DamagedError, match=rf"^{path}: has the sha256 {found}, expected {'0' * 64}, as fetch.sha256 says$"
    ):
        from_path(path, "0" * 64)
    with pytest.raises(ParameterError, match=rf"--sha256: must be the digest of {path}, which is {found};"):
        from_path(path, None)


@pytest.mark.parametrize("name", ["nowhere.npz", "a-images-idx3-ubyte"])
def test_a_file_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    written(tmp_path, {"a-images-idx3-ubyte": b""})  # without its labels
    with pytest.raises(UnavailableError, match=name.partition("-")[0]):
        from_path(tmp_path / name, None)


def test_the_stage_keeps_what_was_there_until_the_new_is_whole(stage: Run, tmp_path: Path) -> None:
    good = digest_of({"": savez(**NPZ, x_test=TEST[0], y_test=TEST[1])})
    written(tmp_path, {"x.npz": savez(**NPZ, x_test=TEST[0], y_test=TEST[1]), "t.csv": TABLE.encode()})

    def fetched(path: str, sha256: str) -> Any:
        return stage("fetch", "--sources", path, "--sha256", sha256, "--offline", "sample")

    result = fetched("x.npz", good)
    assert (result.returncode, result.stdout) == (0, "x.npz: 8 images, 2 of them a test set -> data/mnist\n")
    before = everything(tmp_path)
    refused(fetched("x.npz", "None"), 2, f"--sha256: must be the digest of x.npz, which is {good}")
    refused(fetched("x.npz", "0" * 64), 4, good)
    refused(fetched("y.npz", good), 3, "y.npz")
    refused(fetched("letters", good), 2, "--sources")
    refused(fetched("drive", good), 2, "--sha256")
    refused(fetched("x.npz", "0"), 2, "--sha256")
    refused(stage("fetch", "--sources", "x.npz", "drive", "--sha256", good, "--offline", "sample"), 2, "--sources")
    assert everything(tmp_path) == before
    assert fetched("t.csv", digest_of({"": TABLE.encode()})).stdout == "t.csv: 2 columns -> data/mnist\n"
    assert sorted(path.name for path in (tmp_path / "data/mnist").iterdir()) == [
        "SHA256SUMS",
        "columns.npy",
        "labels.npy",
        "names.npy",
    ]
    assert read_data(tmp_path / "data/mnist").values.tolist() == COLUMNS
