"""Render the classifier at work on random images of both sets, as mp4 and GIF, and how the models learned, as GIF."""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np

from stages.command.flags import Parser, pace, seed, whole_above_zero
from stages.command.paths import MODELS, OVA, PLOTS, TEST, TRAIN
from stages.command.process import run
from stages.command.progress import progress
from stages.drawing.film import indexed, write_gif, write_mp4
from stages.drawing.frames import PALETTE, Example, frame
from stages.drawing.learning import write_learning
from stages.drawing.planes import half
from stages.models.learning import history_of, read_learning
from stages.models.model_files import OneVsAll, read_digit_models, read_ova
from stages.models.ova import predict, probabilities, scores
from stages.storage.arrays import ByteArray
from stages.storage.errors import ParameterError
from stages.storage.images import NormalisedImages, read_normalised, select


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="of the draw")
    parser.add_argument("--examples", type=whole_above_zero, required=True, help="images shown")
    parser.add_argument("--fps", type=pace, required=True, help="frames a second, 0.1 to 50")
    return parser.parse_args(argv)


def draw(sets: dict[str, NormalisedImages], examples: int, seed: int) -> dict[str, NormalisedImages]:
    """Return random images, no image twice, half of them from each set; of an odd number, one more from the last."""
    largest = min(len(images.labels) for images in sets.values())
    if examples > 2 * largest:
        raise ParameterError(f"--examples: must be at most {2 * largest}, half of them from each set, got {examples}")
    rng = np.random.default_rng(seed)
    sizes = dict(zip(sets, (examples // 2, examples - examples // 2), strict=True))
    rows = {name: rng.choice(len(sets[name].labels), size, replace=False) for name, size in sizes.items()}
    return {name: select(images, rows[name]) for name, images in sets.items() if sizes[name]}


def check(model: OneVsAll, name: str, images: NormalisedImages) -> Iterator[Example]:
    """Yield the images of a set, each with what the classifier makes of it."""
    z = scores(model, images)
    for row in zip(images.pixels, images.labels, predict(z), probabilities(z), strict=True):
        yield Example(*row, name)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    model, history = read_ova(OVA), history_of(read_digit_models(MODELS))
    table = read_learning(PLOTS / "learning.csv", history)
    sets = {"training": read_normalised(TRAIN), "test": read_normalised(TEST)}
    drawn = draw(sets, arguments.examples, arguments.seed)
    examples = [example for name, images in drawn.items() for example in check(model, name, images)]
    np.random.default_rng(arguments.seed).shuffle(examples)
    note = ", ".join(f"{len(images.labels)} of the {name} set" for name, images in drawn.items())
    small: list[ByteArray] = []
    write_mp4(PLOTS / "predictions.mp4", frames(examples, note, small), arguments.fps)
    write_gif(PLOTS / "predictions.gif", small, arguments.fps, PALETTE)
    write_learning(PLOTS / "learning.gif", table, history.weights, sets["training"])
    print(f"{len(examples)} images, {note} -> {PLOTS}/predictions.mp4, {PLOTS}/predictions.gif, {PLOTS}/learning.gif")


def frames(examples: Sequence[Example], note: str, small: list[ByteArray]) -> Iterator[ByteArray]:
    """Yield the frames of the film, one at a time, as each takes 2.8 MB; keep the GIF's, a twelfth of that."""
    for example in progress(examples, len(examples), "images"):
        full = frame(example, f"random images: {note}")
        small.append(indexed(half(full), PALETTE))
        yield full


if __name__ == "__main__":
    run(main)
