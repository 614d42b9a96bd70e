"""Where MNIST can be had on the network: four places, one set of images."""

from collections.abc import Callable

from stages.images.form import Images
from stages.sources.archives import IDX, MAT, images_of_idx, images_of_mat, images_of_zip
from stages.sources.deadline import in_time
from stages.sources.download import Progress, fetch_drive, fetch_url

DRIVE_ID = "1lyP8UkVxEFm6cAhjYXwRUP3k3n0ddTgD"  # the notebook's copy, a zip whose own digest is not known
DRIVE_BYTES = 20_000_000  # more than it has, 11.4 million
AMPLAB = "https://github.com/amplab/datascience-sp14/raw/master/lab7/mldata/mnist-original.mat"
CVDF = "https://storage.googleapis.com/cvdf-datasets/mnist/"
OSSCI = "https://ossci-datasets.s3.amazonaws.com/mnist/"


def from_drive(progress: Progress) -> Images:
    """Return the images that the notebook downloads, from Google Drive."""
    return images_of_zip(in_time(lambda show: fetch_drive(DRIVE_ID, DRIVE_BYTES, show), progress))


def from_amplab(progress: Progress) -> Images:
    """Return the images of the same file, unzipped, on GitHub."""
    return images_of_mat(in_time(lambda show: fetch_url(AMPLAB, MAT, show), progress))


def from_cvdf(progress: Progress) -> Images:
    """Return the images of the four IDX files on the CVDF's server."""
    return images_of_idx(in_time(lambda show: fetch_idx(CVDF, show), progress))


def from_ossci(progress: Progress) -> Images:
    """Return the images of the four IDX files on PyTorch's server."""
    return images_of_idx(in_time(lambda show: fetch_idx(OSSCI, show), progress))


def fetch_idx(folder: str, progress: Progress) -> dict[str, bytes]:
    """Return the four IDX files at a URL's end, by name."""
    return {name: fetch_url(folder + name, expected, progress) for name, expected in IDX.items()}


# each raises UnavailableError where it does not answer, DamagedError where it has something else
SOURCES: dict[str, Callable[[Progress], Images]] = {
    "drive": from_drive,
    "amplab": from_amplab,
    "cvdf": from_cvdf,
    "ossci": from_ossci,
}
