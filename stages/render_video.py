"""Render the classifier at work on random images of both sets: an mp4, and a GIF that a page can show."""

import argparse
from collections.abc import Sequence

import numpy as np

from stages.command.flags import Parser, pace, seed, whole_above_zero
from stages.command.paths import OVA, PLOTS, TEST, TRAIN
from stages.command.process import run
from stages.drawing.film import write_gif, write_mp4
from stages.drawing.frames import PALETTE, Example, frame, half
from stages.models.model_files import OneVsAll, read_ova
from stages.models.ova import predict, probabilities, scores
from stages.storage.errors import ParameterError
from stages.storage.files import replacing
from stages.storage.images import NormalisedImages, read_normalised, select


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="of the draw")
    parser.add_argument("--examples", type=whole_above_zero, required=True, help="images shown")
    parser.add_argument("--fps", type=pace, required=True, help="frames a second, 0.1 to 50")
    return parser.parse_args(argv)


def draw(sets: dict[str, NormalisedImages], examples: int, seed: int) -> list[tuple[str, NormalisedImages]]:
    """Return random images of all sets, no image twice, each with the name of its set."""
    places = [(name, row) for name, images in sets.items() for row in range(len(images.labels))]
    if examples > len(places):
        raise ParameterError(f"--examples: must be at most {len(places)}, the images there are, got {examples}")
    chosen = np.random.default_rng(seed).choice(len(places), examples, replace=False)
    return [(name, select(sets[name], np.array([row]))) for name, row in (places[i] for i in chosen)]


def check(model: OneVsAll, name: str, image: NormalisedImages) -> Example:
    """Return one image with what the classifier makes of it."""
    z = scores(model, image)
    return Example(image.pixels[0], int(image.labels[0]), int(predict(z)[0]), probabilities(z)[0], name)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    model = read_ova(OVA)
    sets = {"training": read_normalised(TRAIN), "test": read_normalised(TEST)}
    drawn = draw(sets, arguments.examples, arguments.seed)
    frames = [frame(check(model, name, image)) for name, image in drawn]
    with replacing(PLOTS / "predictions.mp4") as mp4:
        write_mp4(mp4, frames, arguments.fps)
    with replacing(PLOTS / "predictions.gif") as gif:
        write_gif(gif, [half(frame) for frame in frames], arguments.fps, PALETTE)
    print(f"{len(frames)} images, {arguments.fps:g} a second -> {PLOTS}/predictions.mp4, {PLOTS}/predictions.gif")


if __name__ == "__main__":
    run(main)
