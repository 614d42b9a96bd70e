"""Where MNIST can be had on the network: four places, one set of images."""

from collections.abc import Callable
from typing import Any

from stages.images.form import Images
from stages.sources.archives import IDX, MAT, images_of_idx, images_of_mat, images_of_zip
from stages.sources.deadline import in_time
from stages.sources.download import Progress, fetch_drive, fetch_url

DRIVE_ID = "1lyP8UkVxEFm6cAhjYXwRUP3k3n0ddTgD"  # what the notebook downloads, a zip whose own digest is not known
DRIVE_BYTES = 20_000_000  # more than it has, 11.4 million
# the same file unzipped, on GitHub; the four IDX files on the CVDF's server, and on PyTorch's
AMPLAB = "https://github.com/amplab/datascience-sp14/raw/master/lab7/mldata/mnist-original.mat"
CVDF = "https://storage.googleapis.com/cvdf-datasets/mnist/"
OSSCI = "https://ossci-datasets.s3.amazonaws.com/mnist/"


def fetch_idx(folder: str, progress: Progress) -> dict[str, bytes]:
    """Return the four IDX files at a URL's end, by name."""
    return {name: fetch_url(folder + name, expected, progress) for name, expected in IDX.items()}


# what brings each source's bytes, and what makes images of them
SOURCES: dict[str, tuple[Callable[[Progress], Any], Callable[[Any], Images]]] = {
    "drive": (lambda progress: fetch_drive(DRIVE_ID, DRIVE_BYTES, progress), images_of_zip),
    "amplab": (lambda progress: fetch_url(AMPLAB, MAT, progress), images_of_mat),
    "cvdf": (lambda progress: fetch_idx(CVDF, progress), images_of_idx),
    "ossci": (lambda progress: fetch_idx(OSSCI, progress), images_of_idx),
}


def from_source(name: str, progress: Progress) -> Images:
    """Return the images of a source.

    Raises UnavailableError where it does not answer in time, DamagedError where it has something else.
    """
    fetch, images_of = SOURCES[name]
    return images_of(in_time(fetch, progress))
