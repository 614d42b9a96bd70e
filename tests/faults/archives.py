"""Files passed off as MNIST: almost right ones, whose bytes are then mutated, and things that are no regular file."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import scipy.io

from stages.sources.archives import IDX, MAT, MAT_NAME
from tests.faults.mutators import ANY
from tests.faults.places import BAD

FOLDER = "idx"
Giver = Callable[[Path, random.Random], None]


@cache
def a_mat() -> bytes:
    """Return a MATLAB file like MNIST's, with fewer images."""
    content = io.BytesIO()
    scipy.io.savemat(content, {"data": np.zeros((784, 100), np.uint8), "label": np.zeros((1, 100))})
    return content.getvalue()


@cache
def a_zip() -> bytes:
    """Return a zip with the right member of the right size, all zeros."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MAT_NAME, bytes(MAT.size))
    return content.getvalue()


@cache
def an_idx() -> bytes:
    """Return an IDX file of ten images."""
    return gzip.compress(bytes([0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 28, 0, 0, 0, 28]) + bytes(7840))


def give(content: Callable[[], bytes], name: str, folder: Path, rng: random.Random) -> None:
    """Write a file, unchanged or mutated."""
    folder.mkdir()
    mutator = rng.choice([lambda content, _: content, *ANY.values()])
    (folder / name).write_bytes(mutator(content(), rng))


def give_folder(folder: Path, rng: random.Random) -> None:
    """Write a folder of the four files, one of them mutated or something else."""
    give(an_idx, FOLDER, folder, rng)
    content = (folder / FOLDER).read_bytes()
    (folder / FOLDER).unlink()
    (folder / FOLDER).mkdir()
    for name in IDX:
        (folder / FOLDER / name).write_bytes(content)
    inside = ["missing", "folder", "pipe", "link to itself", "link to /dev/zero", "3 GB"]
    if rng.random() < 0.5:
        BAD[rng.choice(inside)](folder / FOLDER / rng.choice(list(IDX)))


def give_none(folder: Path, rng: random.Random) -> None:
    """Replace a file by something that is no regular file."""
    folder.mkdir()
    (folder / MAT_NAME).write_bytes(a_mat())
    BAD[rng.choice([kind for kind in BAD if "folder" not in kind])](folder / MAT_NAME)


NAMES = {"a .mat": MAT_NAME, "a zip": f"{MAT_NAME}.zip", "a folder": FOLDER, "no file": MAT_NAME}
KINDS: dict[str, Giver] = {
    "a .mat": partial(give, a_mat, NAMES["a .mat"]),
    "a zip": partial(give, a_zip, NAMES["a zip"]),
    "a folder": give_folder,
    "no file": give_none,
}
