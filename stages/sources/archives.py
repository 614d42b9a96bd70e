"""MNIST's files: MATLAB's, zipped or not, and the four IDX files of its authors. All give the same images."""

import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import scipy.io

from stages.images.digests import MNIST, SAMPLE, dataset_name
from stages.images.form import Images
from stages.sources.download import Expected, check
from stages.sources.idx import array_of_idx
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError, StageError, UnavailableError

MAT_NAME = "mnist-original.mat"
MAT = Expected(55440440, "6dd8088d4a3a21736465beb5815ddf250644530edc20fbe55a864c6806b81baf")
LARGEST = MAT.size + 100_000  # bytes of this file or its zip
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # with others, zipfile unpacks everything at once
ENTRY, MOST_ENTRIES = b"PK\1\2", 1000  # an entry's first bytes in a zip's list of files, which zipfile reads whole
IDX = {
    "train-images-idx3-ubyte.gz": Expected(9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    "train-labels-idx1-ubyte.gz": Expected(28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    "t10k-images-idx3-ubyte.gz": Expected(1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    "t10k-labels-idx1-ubyte.gz": Expected(4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
}
HERE = Path(__file__).parent  # the folder of the sample's IDX files
SAMPLE_IDX = {
    "sample-images-idx3-ubyte.gz": Expected(762939, "77498fa352cc3da68f8dc39d9e0fb0d036012499439cfa84ffab25949ae8c974"),
    "sample-labels-idx1-ubyte.gz": Expected(61, "e01d36a14736a406bd0ee1f1aaf801d16caed92f34f5a57c57f55582a4ea66a7"),
}


def from_file(path: Path) -> Images:
    """Return the images in a file given by hand: mnist-original.mat, its zip, or a folder with the four IDX files.

    Raises UnavailableError if the file does not exist, DamagedError if it is not MNIST.
    """
    try:
        with errors_naming(path):
            if path.is_dir():
                return images_of_idx(files_in(path, IDX))
            content = content_of(path, LARGEST)
            return images_of_zip(content) if zipfile.is_zipfile(io.BytesIO(content)) else images_of_mat(content)
    except OSError as error:
        found = f"{error.filename or path}: {error.strerror or error}"
        raise UnavailableError(f"{found}; expected {MAT_NAME}, its zip, or a folder with {', '.join(IDX)}") from error


@contextmanager
def errors_naming(file: object) -> Iterator[None]:
    """Put a file's name before the message of an error."""
    try:
        yield
    except StageError as error:
        raise type(error)(f"{file}: {error}") from error


def files_in(folder: Path, expected: Mapping[str, Expected]) -> dict[str, bytes]:
    """Return the content of these files in a folder. Raise DamagedError unless each has its expected digest."""
    files = {}
    for name, file in expected.items():
        with errors_naming(name):
            files[name] = content_of(folder / name, file.size)
            check(files[name], file)
    return files


def content_of(path: Path, most: int) -> bytes:
    """Return the content of a file of at most `most` bytes. Raise DamagedError, without reading, for others."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise DamagedError("is not an ordinary file, expected one")
    if found.st_size > most:
        raise DamagedError(f"has {found.st_size} bytes, expected at most {most}")
    with path.open("rb") as file:
        return file.read(most)


def from_sample() -> Images:
    """Return the bundled sample: 5,000 images of MNIST, 500 of each digit, sorted by label.

    Raises UnavailableError if its files cannot be read, DamagedError if they have changed.
    """
    try:
        with errors_naming(HERE):
            return checked(Images(*arrays_of_idx(files_in(HERE, SAMPLE_IDX))), SAMPLE)
    except OSError as error:
        raise UnavailableError(f"{error.filename or HERE}: cannot be read ({error.strerror or error})") from error


def images_of_zip(content: bytes) -> Images:
    """Return the images in a zip that holds only mnist-original.mat. Read no more than this file's size."""
    try:
        check_members(content.count(ENTRY) < MOST_ENTRIES, "thousands of files")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [(member.filename, member.file_size) for member in archive.infolist()]
            check_members(found == [(MAT_NAME, MAT.size)], str(found[:3]))
            (member,) = archive.infolist()
            check_members(member.compress_type in METHODS, f"it compressed by method {member.compress_type}")
            with archive.open(member) as file:
                mat = file.read(MAT.size + 1)
    except StageError:
        raise
    except Exception as error:  # zipfile and zlib raise a dozen kinds
        raise DamagedError(f"damaged archive: {error}; expected a zip of {MAT_NAME}") from error
    return images_of_mat(mat)


def check_members(good: bool, found: str) -> None:
    """Raise DamagedError, with what was found, unless the content of a zip is good."""
    if not good:
        raise DamagedError(f"damaged archive: holds {found}, expected {[(MAT_NAME, MAT.size)]}, stored or deflated")


def images_of_mat(content: bytes) -> Images:
    """Return the images in mnist-original.mat. Its digest is checked before it is parsed."""
    check(content, MAT)
    matrices = scipy.io.loadmat(io.BytesIO(content))
    return checked(Images(np.ascontiguousarray(matrices["data"].T), matrices["label"].ravel().astype(np.uint8)), MNIST)


def images_of_idx(files: Mapping[str, bytes]) -> Images:
    """Return the images in the four IDX files, already checked, in the notebook's order: each set by label."""
    train_pixels, train_labels, test_pixels, test_labels = arrays_of_idx(files)
    labels = np.concatenate([train_labels, test_labels])
    order = np.lexsort((labels, np.arange(len(labels)) >= len(train_labels)))  # images of one digit keep their order
    return checked(Images(np.concatenate([train_pixels, test_pixels])[order], labels[order]), MNIST)


def arrays_of_idx(files: Mapping[str, bytes]) -> list[ByteArray]:
    """Return images, (n, 784) uint8, and labels, (n,) uint8, in turn, from checked IDX files."""
    arrays = [array_of_idx(content, 1 + 2 * (at % 2 == 0)) for at, content in enumerate(files.values())]
    return [array.reshape(len(array), -1) if array.ndim == 3 else array for array in arrays]


def checked(images: Images, expected: str) -> Images:
    """Return the images if they are the expected data set, else raise DamagedError."""
    found = dataset_name(images)
    if found != expected:
        raise DamagedError(f"holds {len(images.pixels)} images of data set '{found}', expected '{expected}'")
    return images
