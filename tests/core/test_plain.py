"""The plain descent gives what the compiled one does, to the last bit, and runs where nothing can be compiled."""

import ctypes
import mmap
import sys
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.core import fast, passes, plain
from stages.core.blocks import Block, blocks_of, grids_for
from stages.core.exact import weights_on_grid
from stages.core.examples import Examples, normalise
from stages.core.gradient_descent import descend
from stages.storage.arrays import Array
from tests.core.reference import METHODS, cost_and_gradient, how, matrix
from tests.helpers import ROOT, TRAIN_FLAGS, finished, flags_of

WIDTHS = [*range(1, 50), 100, 255, 392, 400, 783, 784, 785, 900, 999, 1000, 1024, 1025, 3000]
RNG = np.random.default_rng(11)


def examples(columns: int, rows: int = 70) -> tuple[Examples, Array]:
    X = RNG.integers(0, 256, (rows, columns), dtype=np.uint8)
    X[3] = 255
    y = RNG.integers(0, 2, rows, dtype=np.uint8)
    return normalise(X, y), y


def between_walls(array: Array, at_end: bool) -> Array:
    """Return a copy whose first byte, or last, lies beside a page that may neither be read nor written."""
    pages = -(-array.nbytes // mmap.PAGESIZE)
    held = np.frombuffer(mmap.mmap(-1, (pages + 2) * mmap.PAGESIZE), np.uint8)
    for wall in (0, pages + 1):
        address = ctypes.c_void_p(held.ctypes.data + wall * mmap.PAGESIZE)
        assert ctypes.CDLL(None).mprotect(address, mmap.PAGESIZE, 0) == 0
    start = (pages + 1) * mmap.PAGESIZE - array.nbytes if at_end else mmap.PAGESIZE
    copy = held[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mprotect")
@pytest.mark.parametrize("columns", WIDTHS)
def test_rows_of_any_width_give_the_plain_sums_and_nothing_beyond_them_is_touched(columns: int) -> None:
    (block,) = blocks_of(*examples(columns))
    w, grids = weights_on_grid(RNG.standard_normal(columns)), grids_for([block])
    expected = plain.sums_of(block, w, 0.3, grids)
    for at_end in (False, True):
        walled = Block(*(between_walls(array, at_end) for array in block))
        found = fast.sums_of(walled, between_walls(w, at_end), 0.3, grids)
        assert found.g.tobytes() == expected.g.tobytes()
        assert found._replace(g=expected.g) == expected


@pytest.mark.parametrize("columns", [1, 13, 16, 100, 1000])
def test_the_gradient_of_any_width_is_that_of_numpy(columns: int, executor: Executor) -> None:
    rows, y = examples(columns)
    theta = RNG.standard_normal(columns + 1) / columns
    point = passes.pass_function(blocks_of(rows, y), 0.0, executor)(theta)
    J, gradient = cost_and_gradient(matrix(rows), y, theta)
    assert point.cost == pytest.approx(J, rel=1e-9)
    assert np.allclose(point.gradient, gradient, rtol=0, atol=1e-9)


@pytest.mark.parametrize("columns", [1, 30, 784])
def test_the_book_and_the_compiled_descent_are_one(columns: int, executor: Executor) -> None:
    rows, y = examples(columns)
    w, b, costs = plain.train(rows.X, y, 0.1, 9, 0.0, 0.01)
    found = descend(blocks_of(rows, y), how(alpha=0.1, max_iter=9, rmse_threshold=0.0, l2=0.01), executor=executor)
    assert (w.tobytes(), b, costs) == (found.weights.tobytes(), found.bias, found.cost_history.tolist())


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_the_same_where_nothing_is_compiled(
    method: str, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks, settings = blocks_of(*examples(784)), how(**METHODS[method], max_iter=9)
    compiled = descend(blocks, settings, executor=executor)
    monkeypatch.setattr(passes, "sums_of", lambda: plain.sums_of)
    uncompiled = descend(blocks, settings, executor=executor)
    assert uncompiled.weights_history.tobytes() == compiled.weights_history.tobytes()
    assert uncompiled.cost_history.tobytes() == compiled.cost_history.tobytes()


@pytest.mark.parametrize(
    "order", [np.asfortranarray, lambda X: X[::-1][::-1], lambda X: np.repeat(X, 2, axis=1)[:, ::2]]
)
def test_any_memory_order_does(order: Any, executor: Executor) -> None:
    rows, y = examples(50)
    usual, other = (
        passes.pass_function(blocks_of(r, y), 0.0, executor)(np.ones(51))
        for r in (rows, rows._replace(X=order(rows.X)))
    )
    assert usual.gradient.tobytes() == other.gradient.tobytes()


@pytest.mark.parametrize(
    ("changes", "y", "said"),
    [
        ({"X": np.ones((4, 3))}, None, r"X is \(4, 3\) float64, expected \(M, P\) uint8"),
        ({"X": np.ones((4, 3), np.int8)}, None, "int8, expected"),
        ({"X": np.ones(4, np.uint8)}, None, "expected"),
        ({"X": np.ones((4, 0), np.uint8)}, None, "expected"),
        ({"X": np.ones((0, 3), np.uint8)}, None, "expected"),
        ({"mean": np.full(4, 2.0)}, None, "mean"),
        ({"mean": np.ones(3)}, None, "mean"),
        ({"std": np.array([1, 1, 1, np.nan])}, None, "std"),
        ({"std": -np.ones(4)}, None, "std"),
        ({}, [0, 1, 2, 0], "from 0 to 2"),
        ({}, [0, 1, -1, 0], "from -1 to 1"),
        ({}, [0.0, 1.0, 0.0, 1.0], "y"),
        ({}, ["3", "3", "4", "5"], "y"),
        ({}, [0, 1], "y"),
    ],
)
def test_anything_else_is_one_value_error(changes: dict[str, Array], y: Any, said: str) -> None:
    good = Examples(np.ones((4, 3), np.uint8), np.ones(4, np.uint8), np.ones(4), np.zeros(4))
    with pytest.raises(ValueError, match=said):
        blocks_of(good._replace(**changes), [0, 1, 0, 1] if y is None else y)


HINDRANCES = {
    "its switch": "",
    "a numba that fails": "import numba; numba.njit = None",
    "no llvmlite": "import sys; sys.modules['llvmlite.ir'] = None",
    "no typed pointers": "import llvmlite.ir as ir; del ir.Type.as_pointer",
}


@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_a_stage_goes_on_where_loops_cannot_be_compiled_and_says_so_in_a_line(hindrance: str, prepared: Path) -> None:
    flags = flags_of(TRAIN_FLAGS, max_iter="3")
    command = [sys.executable, "-m", "stages.train_digit", *flags]
    assert finished(prepared, *command, PYTHONPATH=str(ROOT)).stderr == ""
    expected = (prepared / "data/models/digits/3.npy").read_bytes()
    (prepared / "sitecustomize.py").write_text(HINDRANCES[hindrance])
    told = {"PYTHONPATH": f"{prepared}:{ROOT}", "NUMBA_CACHE_DIR": str(prepared)}
    told |= {"NUMBA_DISABLE_JIT": "1"} if hindrance == "its switch" else {}
    result = finished(prepared, *command, **told)
    assert (result.returncode, result.stderr.count("\n")) == (0, 1), result.stderr
    assert result.stderr.startswith("The fast loops cannot be compiled (")
    assert (prepared / "data/models/digits/3.npy").read_bytes() == expected
