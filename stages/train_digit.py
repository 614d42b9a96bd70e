"""Train one logistic regression by gradient descent: one digit, or any class, against the rest."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from tqdm import tqdm

from stages.command.flags import Parser, above_zero, below_one, iterations, label, rows, seed, zero_or_more
from stages.command.paths import DIGIT_MODELS, TRAIN
from stages.command.process import run
from stages.command.processors import processors
from stages.core.blocks import Blocks, blocks_of
from stages.core.examples import Examples
from stages.core.gradient_descent import Descent, DivergenceError, descend
from stages.core.methods import METHODS, Settings, check
from stages.models.examples import features_in, read_examples, scale_in
from stages.models.records import DigitModel, digit_path, write_model
from stages.storage.errors import DamagedError, ParameterError, TrainingError
from stages.storage.sets import set_digest
from stages.workers.executor import open_executor

PROGRESS_STEP = 50  # iterations


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--digit", type=label, required=True, help="the class number, from 0")
    parser.add_argument("--method", choices=METHODS, required=True, help="the method of descent")
    parser.add_argument("--alpha", type=above_zero, required=True, help="learning rate, or the first step")
    parser.add_argument("--max_iter", type=iterations, required=True, help="maximum number of iterations")
    parser.add_argument("--rmse_threshold", type=zero_or_more, required=True, help="stop if the error is at most this")
    parser.add_argument("--momentum", type=below_one, required=True, help="only with gradient_descent and sgd, else 0")
    parser.add_argument("--l2", type=zero_or_more, required=True, help="weight of the penalty on large weights")
    parser.add_argument("--batch", type=rows, required=True, help="images in a mini-batch of sgd; otherwise 0")
    parser.add_argument("--seed", type=seed, required=True, help="seed of the order of the images in sgd")
    parser.add_argument("--progress", action="store_true", help="show progress even if stderr is not a terminal")
    return parser.parse_args(argv)


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return how to train. Raise ParameterError for a setting that the method does not use."""
    settings = Settings(**{name: getattr(arguments, name) for name in Settings._fields})
    try:
        check(settings)
    except ValueError as error:
        raise ParameterError(f"--{error}") from error
    return settings


def train(examples: Examples, digit: int, settings: Settings, seed: int, progress: bool) -> Descent:
    """Return the descent for a digit, with a progress bar. Each digit draws its own random orders from the seed."""
    bar = partial(tqdm, total=settings.max_iter, disable=not progress, miniters=PROGRESS_STEP)
    blocks = blocks_for(examples, digit)
    with open_executor(processors()) as executor, bar() as shown:
        try:
            return descend(blocks, settings, executor=executor, seed=(seed, digit), on_step=shown.update)
        except DivergenceError as error:
            raise TrainingError(f"digit {digit}: {error}; lower train.alpha, now {settings.alpha}") from error


def blocks_for(examples: Examples, digit: int) -> Blocks:
    """Return the training set for a digit. Raise TrainingError if it has no images, DamagedError if it is wrong."""
    y = examples.labels == digit
    if not y.any():
        raise TrainingError(f"digit {digit} has no training images in {TRAIN}")
    try:
        return blocks_of(examples, y)
    except ValueError as error:
        raise DamagedError(f"{TRAIN}: {error}; run 'dvc repro'") from error


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    settings = settings_of(arguments)
    examples = read_examples(TRAIN)
    progress = arguments.progress or sys.stderr.isatty()
    descent = train(examples, arguments.digit, settings, arguments.seed, progress)
    found = {name: value for name, value in descent._asdict().items() if name in DigitModel._fields}
    model = DigitModel(
        digit=arguments.digit,
        features=features_in(TRAIN),
        training_set=set_digest(TRAIN),
        settings=settings,
        scale=scale_in(TRAIN),
        **found,
    )
    path = digit_path(DIGIT_MODELS, arguments.digit)
    write_model(path, model)
    print(
        f"digit {arguments.digit}: {len(descent.cost_history)} iterations, cost {descent.cost_history[-1]:.4f}, "
        f"train {100 * (1 - descent.rmse**2):.2f} % -> {path}"
    )


if __name__ == "__main__":
    run(main)
