"""Fetch MNIST's 70,000 images from the first source that answers.

Where the environment variable MNIST_FILE names a file, mnist-original.mat or its zip, that file is the only source.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from stages._command import Parser, run
from stages._paths import IMAGES
from stages.core.errors import StageError, UnavailableError
from stages.core.images import MNIST, Images, dataset_name, read_images, write_images
from stages.core.sources import SOURCES, from_file, from_sample

SAMPLE_WARNING = """\
fetch: NO SOURCE ANSWERED: going on with a SAMPLE of 5,000 images. Results will differ from the published ones.
fetch: for all 70,000, once there is a network or a file:
fetch:   dvc repro --force fetch && dvc repro
fetch:   MNIST_FILE=mnist-original.mat dvc repro --force fetch && dvc repro"""


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, required=True, help="tried in this order")
    parser.add_argument("--offline", choices=["sample", "fail"], required=True, help="what to do if none answers")
    return parser.parse_args(argv)


def find_images(sources: Sequence[str]) -> Images:
    """Return the images of the first source that answers."""
    for source in sources:
        try:
            return SOURCES[source]()
        except StageError as error:
            print(f"fetch: {source}: {error}", file=sys.stderr)
    raise UnavailableError(f"no source answered ({', '.join(sources)}); set MNIST_FILE to a mnist-original.mat")


def fall_back(offline: str, error: StageError) -> Images:
    """Return the images that are there if they are MNIST's, else the sample or the error, as `offline` says."""
    kept = images_there()
    if kept and dataset_name(kept) == MNIST:
        print(f"fetch: no source answered: keeping the images in {IMAGES}", file=sys.stderr)
        return kept
    if offline == "fail":
        raise error
    print(SAMPLE_WARNING, file=sys.stderr)
    return from_sample()


def images_there() -> Images | None:
    """Return what an earlier run fetched, if it is whole."""
    try:
        return read_images(IMAGES)
    except StageError:
        return None


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    by_hand = os.environ.get("MNIST_FILE")
    try:
        images = from_file(Path(by_hand)) if by_hand else find_images(arguments.sources)
    except StageError as error:
        if by_hand:
            raise
        images = fall_back(arguments.offline, error)
    write_images(IMAGES, images)
    print(f"{dataset_name(images)}: {len(images.labels)} images -> {IMAGES}")


if __name__ == "__main__":
    run(main)
