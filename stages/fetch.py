"""Fetch MNIST's 70,000 images from the first source that answers.

Where the environment variable MNIST_FILE is set, it is the only source: a mnist-original.mat, its zip, or a folder with
MNIST's four IDX files. Images that are there already stay where no source answers.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from stages.command.flags import Parser
from stages.command.paths import IMAGES
from stages.command.process import complain, run
from stages.images.digests import MNIST, dataset_name
from stages.images.form import Images, read_images, write_images
from stages.sources.archives import from_file, from_sample
from stages.sources.hosts import SOURCES, from_source
from stages.storage.errors import DamagedError, StageError, UnavailableError

BY_HAND = """\
fetch:   with a file (mnist-original.mat, its zip, or a folder with the four IDX files):
fetch:     MNIST_FILE=path dvc repro --force fetch && dvc repro"""
SAMPLE_WARNING = f"""\
fetch: NO SOURCE ANSWERED: going on with a SAMPLE of 5,000 images. Results will differ from the published ones.
fetch: for all 70,000
fetch:   once there is a network: dvc repro --force fetch && dvc repro
{BY_HAND}"""
ADVICE = f"""\
fetch: to go on
{BY_HAND}
fetch:   with the bundled sample of 5,000 images: set fetch.offline to 'sample' in params.yaml"""


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, required=True, help="tried in this order")
    parser.add_argument("--offline", choices=["sample", "fail"], required=True, help="what to do if none answers")
    return parser.parse_args(argv)


def find_images(sources: Sequence[str]) -> Images:
    """Return the images of the first source that has them; say why the others do not."""
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
    """Return the images of one source, with a progress bar where stderr is a terminal."""
    with tqdm(desc=source, unit="B", unit_scale=True, disable=None) as bar:

        def show(so_far: int, total: int | None) -> None:
            bar.total = total
            bar.update(so_far - bar.n)

        return from_source(source, show)


def fall_back(offline: str, error: StageError) -> Images:
    """Return the sample, or raise the error, as `offline` says."""
    if isinstance(error, DamagedError) or offline == "fail":
        complain(ADVICE)
        raise error
    complain(SAMPLE_WARNING)
    return from_sample()


def images_there() -> Images | None:
    """Return MNIST's images if an earlier run fetched them, and they are whole."""
    try:
        images = read_images(IMAGES)
    except StageError:
        return None
    return images if dataset_name(images) == MNIST else None


def tell(images: Images) -> None:
    """Print which images there are now."""
    print(f"{dataset_name(images)}: {len(images.labels):,} images -> {IMAGES}")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    by_hand = os.environ.get("MNIST_FILE")
    try:
        images = from_file(Path(by_hand)) if by_hand else find_images(arguments.sources)
    except StageError as error:
        if by_hand:
            raise
        if kept := images_there():
            complain(f"fetch: {error}: keeping the images in {IMAGES}")
            tell(kept)  # not written: they are mapped from there, and Windows replaces no such file
            return
        images = fall_back(arguments.offline, error)
    write_images(IMAGES, images)
    tell(images)


if __name__ == "__main__":
    run(main)
