"""Render two films: the classifier at work on random images (mp4 and GIF), and the models as they learn (GIF)."""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
from tqdm import tqdm

from stages.command.flags import Parser, frame_rate, seed, whole_above_zero
from stages.command.paths import OVA, PLOTS, TEST, TRAIN
from stages.command.process import run
from stages.core.examples import Examples, select
from stages.drawing.columns import note_frame
from stages.drawing.film import indexed, write_gif, write_mp4
from stages.drawing.frames import PALETTE, Example, frame
from stages.drawing.learning import write_learning
from stages.drawing.pictures import Look
from stages.drawing.planes import halved
from stages.images.form import image_of, read_pixels
from stages.models.examples import read_examples_for
from stages.models.learning import read_learning
from stages.models.ova import input_weights, predict, probabilities, scores
from stages.models.records import COLUMNS, OneVsAll, read_ova
from stages.storage.arrays import ByteArray, IntArray
from stages.storage.errors import ParameterError

FOLDERS = {"training": TRAIN, "test": TEST}


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--seed", type=seed, required=True, help="seed of the random choice of images")
    parser.add_argument("--examples", type=whole_above_zero, required=True, help="number of images in the film")
    parser.add_argument("--fps", type=frame_rate, required=True, help="images per second, 0.1 to 50")
    return parser.parse_args(argv)


def random_rows(sets: dict[str, Examples], examples: int, seed: int) -> dict[str, IntArray]:
    """Return random distinct rows, half from each set; if the number is odd, one more from the last set."""
    largest = min(len(part.labels) for part in sets.values())
    if examples > 2 * largest:
        raise ParameterError(f"--examples: must be at most {2 * largest}, half of them from each set, got {examples}")
    rng = np.random.default_rng(seed)
    sizes = dict(zip(sets, (examples // 2, examples - examples // 2), strict=True))
    return {name: rng.choice(len(sets[name].labels), size, replace=False) for name, size in sizes.items() if size}


def classified(model: OneVsAll, name: str, pixels: ByteArray, examples: Examples) -> Iterator[Example]:
    """Yield the images of a set, (n, 784) or (n, height, width) uint8, each with the classifier's answer."""
    z = scores(model.weights, model.bias, examples)
    for row in zip(pixels, examples.labels, predict(z), probabilities(z), strict=True):
        yield Example(*row, name)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    model = read_ova(OVA)
    table = read_learning(PLOTS / "learning.csv", model)
    sets = {name: read_examples_for(model, OVA, folder) for name, folder in FOLDERS.items()}
    gif_frames: list[ByteArray] = []
    if model.features == COLUMNS:
        said, look = "columns, no images", Look(COLUMNS, (len(model.weights) // 2, 1))
        film = note_frames(gif_frames)
    else:
        examples, note = random_examples(model, sets, arguments.examples, arguments.seed)
        said, film = f"{len(examples)} images, {note}", frames(examples, model.classes, note, gif_frames)
        look = Look(model.features, image_of(read_pixels(TRAIN)[0]).shape)
    write_mp4(PLOTS / "predictions.mp4", film, arguments.fps)
    write_gif(PLOTS / "predictions.gif", gif_frames, arguments.fps, PALETTE)
    weights, X = input_weights(model.weights_history, model.features), sets["training"].X
    write_learning(PLOTS / "learning.gif", table, weights, X[:, : weights.shape[2]], look, model.classes)
    print(f"{said} -> {PLOTS}/predictions.mp4, {PLOTS}/predictions.gif, {PLOTS}/learning.gif")


def random_examples(model: OneVsAll, sets: dict[str, Examples], number: int, seed: int) -> tuple[list[Example], str]:
    """Return random images of both sets in random order, and a note on how many come from which."""
    pixels = {name: read_pixels(folder) for name, folder in FOLDERS.items()}
    drawn = random_rows(sets, number, seed)
    checked = (classified(model, name, pixels[name][rows], select(sets[name], rows)) for name, rows in drawn.items())
    examples = [example for part in checked for example in part]
    np.random.default_rng(seed).shuffle(examples)
    note = ", ".join(f"{len(rows)} of the {name} set" for name, rows in drawn.items())
    return examples, note


def note_frames(gif_frames: list[ByteArray]) -> Iterator[ByteArray]:
    """Yield the only frame of the film for columns, and keep it for the GIF."""
    gif_frames.append(indexed(halved(note_frame()), PALETTE))
    yield note_frame()


def frames(
    examples: Sequence[Example], classes: tuple[str, ...], note: str, gif_frames: list[ByteArray]
) -> Iterator[ByteArray]:
    """Yield the film's frames one at a time, as each takes 2.8 MB. Keep the GIF's, which take a twelfth."""
    for example in tqdm(examples, unit=" images", leave=False, disable=None):
        full = frame(example, classes, f"random images: {note}")
        gif_frames.append(indexed(halved(full), PALETTE))
        yield full


if __name__ == "__main__":
    run(main)
