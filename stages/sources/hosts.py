"""The four hosts that have MNIST. All give the same images."""

from collections.abc import Callable
from typing import Any

from stages.images.form import Images
from stages.sources.archives import IDX, MAT, images_of_idx, images_of_mat, images_of_zip
from stages.sources.deadline import with_deadline
from stages.sources.download import Progress, fetch_drive, fetch_url

DRIVE_ID = "1lyP8UkVxEFm6cAhjYXwRUP3k3n0ddTgD"  # of the zip that the notebook downloads; its digest is unknown
DRIVE_BYTES = 20_000_000  # more than its 11.4 million
# GitHub has the same file unzipped; the servers of CVDF and of PyTorch have the four IDX files
AMPLAB = "https://github.com/amplab/datascience-sp14/raw/master/lab7/mldata/mnist-original.mat"
CVDF = "https://storage.googleapis.com/cvdf-datasets/mnist/"
OSSCI = "https://ossci-datasets.s3.amazonaws.com/mnist/"


def fetch_idx(folder: str, progress: Progress) -> dict[str, bytes]:
    """Return the content of the four IDX files below a URL, by name."""
    return {name: fetch_url(folder + name, expected, progress) for name, expected in IDX.items()}


# for each source: what fetches its bytes, and what turns them into images
SOURCES: dict[str, tuple[Callable[[Progress], Any], Callable[[Any], Images]]] = {
    "drive": (lambda progress: fetch_drive(DRIVE_ID, DRIVE_BYTES, progress), images_of_zip),
    "amplab": (lambda progress: fetch_url(AMPLAB, MAT, progress), images_of_mat),
    "cvdf": (lambda progress: fetch_idx(CVDF, progress), images_of_idx),
    "ossci": (lambda progress: fetch_idx(OSSCI, progress), images_of_idx),
}


def from_source(name: str, progress: Progress) -> Images:
    """Return the images of a source.

    Raises UnavailableError if it does not answer in time, DamagedError if it sends something else.
    """
    fetch, images_of = SOURCES[name]
    return images_of(with_deadline(fetch, progress))
