"""An epoch: once through the training set, a mini-batch after the other, in an order drawn anew."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from stages.core import passes, plain
from stages.core.blocks import Blocks, Grids, grids_for
from stages.core.methods import Ended, Epoch, Settings
from stages.storage.arrays import FloatArray, release


def epochs(blocks: Blocks, seed: Sequence[int]) -> Epoch:
    """Return the function that goes through an epoch, `plain.epoch` with each time the next order of a seed.

    Steps follow each other, so that nothing is shared out: they are made here, on one thread. The orders are those of
    NumPy's older generator, whose numbers are promised to stay (NEP 19).
    """
    whole, grids, draws = blocks.whole, grids_for(blocks), np.random.RandomState(seed)
    keep = whole.X.nbytes <= passes.KEPT_BYTES

    def epoch(theta: FloatArray, velocity: FloatArray, settings: Settings) -> Ended:
        order = draws.permutation(len(whole.y)).astype(np.int64)
        found: Ended = fast_or_plain()(whole, order, theta, velocity, settings, grids)
        if not keep:
            release(whole.X)
        return found

    return epoch


def fast_or_plain() -> Callable[..., Any]:
    """Return what goes through an epoch: a compiled loop; where the passes cannot be compiled, the plain one."""
    if passes.sums_of() is plain.sums_of:
        return plain.epoch
    fast = import_module("stages.core.fast_epoch")
    row, theta, settings = np.zeros(1, np.int64), np.zeros(17), Settings("sgd", 0.0, 0, 0.0, 0.0, 0.0, 1)
    fast.first_call(fast.epoch, passes.as_mapped(), row, theta, theta, settings, Grids(1.0, 1.0, 1.0, 1.0))
    return fast.epoch  # type: ignore[no-any-return]
