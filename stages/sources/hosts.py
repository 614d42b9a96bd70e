"""Where MNIST can be had on the network: four places, one set of images."""

from collections.abc import Callable

from stages.sources.archives import IDX, MAT, images_of_idx, images_of_mat, images_of_zip
from stages.sources.download import Progress, fetch_drive, fetch_url
from stages.storage.images import Images

DRIVE_ID = "1lyP8UkVxEFm6cAhjYXwRUP3k3n0ddTgD"  # the notebook's copy, a zip whose own digest is not known
DRIVE_BYTES = 20_000_000  # more than it has, 11.4 million
AMPLAB = "https://github.com/amplab/datascience-sp14/raw/master/lab7/mldata/mnist-original.mat"
CVDF = "https://storage.googleapis.com/cvdf-datasets/mnist/"
OSSCI = "https://ossci-datasets.s3.amazonaws.com/mnist/"


def from_drive(progress: Progress) -> Images:
    """Return the images that the notebook downloads, from Google Drive."""
    return images_of_zip(fetch_drive(DRIVE_ID, DRIVE_BYTES, progress))


def from_amplab(progress: Progress) -> Images:
    """Return the images of the same file, unzipped, on GitHub."""
    return images_of_mat(fetch_url(AMPLAB, MAT, progress))


def from_cvdf(progress: Progress) -> Images:
    """Return the images of the four IDX files on the CVDF's server."""
    return images_of_idx({name: fetch_url(CVDF + name, expected, progress) for name, expected in IDX.items()})


def from_ossci(progress: Progress) -> Images:
    """Return the images of the four IDX files on PyTorch's server."""
    return images_of_idx({name: fetch_url(OSSCI + name, expected, progress) for name, expected in IDX.items()})


# each raises UnavailableError where it does not answer, DamagedError where it has something else
SOURCES: dict[str, Callable[[Progress], Images]] = {
    "drive": from_drive,
    "amplab": from_amplab,
    "cvdf": from_cvdf,
    "ossci": from_ossci,
}
