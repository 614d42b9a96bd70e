"""An epoch: one step for each mini-batch of the training set, in a new random order."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from stages.core import passes, plain
from stages.core.blocks import Blocks, Grids, grids_for
from stages.core.methods import Epoch, EpochResult, Settings
from stages.storage.arrays import FloatArray, release


def epoch_function(blocks: Blocks, seed: Sequence[int]) -> Epoch:
    """Return a function that takes an epoch's steps: `plain.epoch`, each time in the next order drawn from the seed.

    Each step needs the one before it, so all steps run here, in one thread. The orders come from NumPy's older
    generator, because NEP 19 promises that its numbers stay the same.
    """
    whole, grids, draws = blocks.whole, grids_for(blocks), np.random.RandomState(seed)
    keep = whole.X.nbytes <= passes.KEPT_BYTES

    def epoch(theta: FloatArray, velocity: FloatArray, settings: Settings) -> EpochResult:
        order = draws.permutation(len(whole.y)).astype(np.int64)
        found: EpochResult = fast_or_plain()(whole, order, theta, velocity, settings, grids)
        if not keep:
            release(whole.X)
        return found

    return epoch


def fast_or_plain() -> Callable[..., Any]:
    """Return the compiled epoch, or the plain one if the loops cannot be compiled."""
    if passes.sums_of() is plain.sums_of:
        return plain.epoch
    fast = import_module("stages.core.fast_epoch")
    row, theta, settings = np.zeros(1, np.int64), np.zeros(17), Settings("sgd", 0.0, 0, 0.0, 0.0, 0.0, 1)
    fast.first_call(fast.epoch, passes.one_row_block(), row, theta, theta, settings, Grids(1.0, 1.0, 1.0, 1.0))
    return fast.epoch  # type: ignore[no-any-return]
