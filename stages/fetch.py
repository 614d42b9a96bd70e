"""Fetch MNIST's 70,000 images from the first source that answers, or your own data from a path.

If the environment variable MNIST_FILE is set, it is MNIST's only source: a mnist-original.mat, its zip, or a folder
with the four IDX files. If no source answers, images of MNIST from an earlier run are kept.
"""

import argparse
import math
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from stages.command.flags import Parser, shown
from stages.command.paths import IMAGES
from stages.command.process import complain, run
from stages.images.digests import MNIST, dataset_name
from stages.images.form import Data, Images, read_data, write_data
from stages.sources.archives import from_file, from_sample
from stages.sources.hosts import SOURCES, from_source
from stages.sources.own import from_path
from stages.storage.errors import DamagedError, ParameterError, StageError, UnavailableError

TELL_AFTER = 10  # seconds of waiting before a message says so, where there is no progress bar
BY_HAND = """\
fetch:   with a file (mnist-original.mat, its zip, or a folder with the four IDX files):
fetch:     MNIST_FILE=path dvc repro --force fetch && dvc repro"""
SAMPLE_WARNING = f"""\
fetch: NO SOURCE ANSWERED: going on with a SAMPLE of 5,000 images. Results will differ from the published ones.
fetch: to get all 70,000
fetch:   when the network works: dvc repro --force fetch && dvc repro
{BY_HAND}"""
ADVICE = f"""\
fetch: to continue
{BY_HAND}
fetch:   with the bundled sample of 5,000 images: set fetch.offline to 'sample' in params.yaml"""


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--sources", nargs="+", type=source, required=True, help="hosts in the order to try, or a path")
    parser.add_argument("--sha256", type=digest, required=True, help="sha256 of the data at a path; None for MNIST")
    parser.add_argument("--offline", choices=["sample", "fail"], required=True, help="what to do if no host answers")
    return parser.parse_args(argv)


def source(name: str) -> str:
    """Return the name of a source, or a path."""
    if name in SOURCES or {*"/\\."} & {*name}:
        return name
    expected = f"{', '.join(SOURCES)}, or a path to your data, with a slash or a dot in it"
    raise argparse.ArgumentTypeError(f"must be {expected}, got {shown(name)}")


def digest(text: str) -> str | None:
    """Return a sha256, or None for 'None'."""
    if text == "None" or re.fullmatch(r"[0-9a-f]{64}", text):
        return None if text == "None" else text
    raise argparse.ArgumentTypeError(f"must be a sha256, 64 hexadecimal digits, or None, got {shown(text)}")


def own_path(sources: Sequence[str], sha256: str | None) -> Path | None:
    """Return the path of your own data, or None. Raise ParameterError if the flags do not fit together."""
    paths = [source for source in sources if source not in SOURCES]
    if paths and len(sources) > 1:
        expected = f"one path, or some of {', '.join(SOURCES)}"
        raise ParameterError(f"--sources: must be {expected}, got {shown(paths[0])} among others")
    if sha256 and not paths:
        raise ParameterError("--sha256: must be None for MNIST, whose digests are known, unless --sources is a path")
    return Path(*paths) if paths else None


def find_images(sources: Sequence[str]) -> Images:
    """Return the images of the first source that has them. Print why the sources before it failed."""
    failures = []
    for source in sources:
        try:
            return download(source)
        except StageError as error:
            failures.append(error)
            complain(f"fetch: {source}: {error}")
    kind = DamagedError if all(isinstance(error, DamagedError) for error in failures) else UnavailableError
    raise kind(f"no source has the images, tried {', '.join(sources)}")


def download(source: str) -> Images:
    """Return the images of a source, with a progress bar on a terminal, elsewhere with a message if it takes long."""
    tell_at = time.monotonic() + TELL_AFTER
    with tqdm(desc=source, unit="B", unit_scale=True, disable=None) as bar:

        def show(so_far: int, total: int | None) -> None:
            nonlocal tell_at
            bar.total = total
            bar.update(so_far - bar.n)
            if bar.disable and time.monotonic() > tell_at:
                complain(f"fetch: {source}: {so_far:,} bytes after {TELL_AFTER} s, waiting for more")
                tell_at = math.inf

        return from_source(source, show)


def fall_back(offline: str, error: StageError) -> Images:
    """Return the sample or raise the error, depending on `offline`."""
    if isinstance(error, DamagedError) or offline == "fail":
        complain(ADVICE)
        raise error
    complain(SAMPLE_WARNING)
    return from_sample()


def images_on_disk() -> Images | None:
    """Return MNIST's images if an earlier run fetched them and they are undamaged."""
    try:
        data = read_data(IMAGES)
    except StageError:
        return None
    return Images(*data[:2]) if dataset_name(data) == MNIST else None


def fetch_own(path: Path, sha256: str | None) -> None:
    """Write the data at a path, and print what they are."""
    data = from_path(path, sha256)
    write_data(IMAGES, data)
    own_test = f", {np.count_nonzero(data.test):,} of them a test set" if data.test is not None else ""
    print(f"{path}: {len(data.values):,} {data.kind}{own_test} -> {IMAGES}")


def print_summary(images: Images) -> None:
    """Print which images are on disk now."""
    print(f"{dataset_name(images)}: {len(images.labels):,} images -> {IMAGES}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    if path := own_path(arguments.sources, arguments.sha256):
        fetch_own(path, arguments.sha256)
        return
    by_hand = os.environ.get("MNIST_FILE")
    try:
        images = from_file(Path(by_hand)) if by_hand else find_images(arguments.sources)
    except StageError as error:
        if by_hand:
            raise
        if kept := images_on_disk():
            complain(f"fetch: {error}: keeping the images in {IMAGES}")
            print_summary(kept)  # not written again: Windows cannot replace files that are mapped
            return
        images = fall_back(arguments.offline, error)
    write_data(IMAGES, Data(*images))
    print_summary(images)


if __name__ == "__main__":
    run(main)
