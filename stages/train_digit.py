"""Train one logistic regression by gradient descent: one digit against the other nine."""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from tqdm import tqdm

from stages.command.flags import Parser, above_zero, below_one, digit, iterations, zero_or_more
from stages.command.paths import MODELS, TEST, TRAIN
from stages.command.process import run
from stages.core.gradient_descent import Descent, DivergenceError, descend
from stages.core.methods import METHODS
from stages.core.passes import blocks_of
from stages.models.model_files import DigitModel, digit_path, write_digit_model
from stages.models.ova import digit_scores
from stages.storage.errors import ParameterError, TrainingError
from stages.storage.images import NormalisedImages, read_normalised
from stages.storage.sets import set_digest
from stages.workers.executor import open_executor

PROGRESS_STEP = 50  # iterations


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line's flags."""
    parser = Parser(__doc__)
    parser.add_argument("--digit", type=digit, required=True, help="0 to 9")
    parser.add_argument("--method", choices=METHODS, required=True, help="how the steps are chosen")
    parser.add_argument("--alpha", type=above_zero, required=True, help="the learning rate, or the first one")
    parser.add_argument("--max_iter", type=iterations, required=True, help="the most iterations")
    parser.add_argument("--rmse_threshold", type=zero_or_more, required=True, help="stop at this error or below")
    parser.add_argument("--momentum", type=below_one, required=True, help="0 but for gradient_descent")
    parser.add_argument("--progress", action="store_true", help="show progress even where stderr is no terminal")
    return parser.parse_args(argv)


def check_momentum(method: str, momentum: float) -> None:
    """Raise ParameterError for a momentum that the method would not use."""
    if momentum and method != "gradient_descent":
        raise ParameterError(f"--momentum: must be 0 with --method {method}, got {momentum}")


def train(images: NormalisedImages, arguments: argparse.Namespace) -> Descent:
    """Return the descent for the digit, with a progress bar."""
    y = (images.labels == arguments.digit).astype(np.uint8)
    if not y.any():
        raise TrainingError(f"digit {arguments.digit} has no training images in {TRAIN}")
    hidden = not (arguments.progress or sys.stderr.isatty())
    with open_executor() as executor, tqdm(total=arguments.max_iter, disable=hidden, miniters=PROGRESS_STEP) as bar:
        try:
            return descend(
                blocks_of(images, y),
                alpha=arguments.alpha,
                max_iter=arguments.max_iter,
                rmse_threshold=arguments.rmse_threshold,
                method=arguments.method,
                momentum=arguments.momentum,
                executor=executor,
                on_step=bar.update,
            )
        except DivergenceError as error:
            message = f"digit {arguments.digit}: {error}; lower train.alpha, now {arguments.alpha}"
            raise TrainingError(message) from error


def accuracy(descent: Descent, images: NormalisedImages, digit: int) -> float:
    """Return the share of images that the model tells rightly as the digit or not."""
    z = digit_scores(descent.weights, descent.bias, images)
    return float(np.mean((z > 0) == (images.labels == digit)))


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stage."""
    arguments = parse_arguments(argv)
    check_momentum(arguments.method, arguments.momentum)
    images, test_images = read_normalised(TRAIN), read_normalised(TEST)
    descent = train(images, arguments)
    model = DigitModel(
        digit=arguments.digit,
        weights=descent.weights,
        bias=descent.bias,
        cost_history=descent.cost_history,
        kept_at=descent.kept_at,
        weights_history=descent.weights_history,
        bias_history=descent.bias_history,
        ended=descent.ended,
        method=arguments.method,
        alpha=arguments.alpha,
        max_iter=arguments.max_iter,
        rmse_threshold=arguments.rmse_threshold,
        momentum=arguments.momentum,
        training_set=set_digest(TRAIN),
    )
    write_digit_model(MODELS, model)
    scores = [100 * accuracy(descent, part, arguments.digit) for part in (images, test_images)]
    print(
        f"digit {arguments.digit}: {len(descent.cost_history)} iterations, cost {descent.cost_history[-1]:.4f}, "
        f"train {scores[0]:.2f} %, test {scores[1]:.2f} % -> {digit_path(MODELS, arguments.digit)}"
    )


if __name__ == "__main__":
    run(main)
