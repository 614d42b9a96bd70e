"""Many short numbers at a time: against NumPy's whole numbers, by each way to multiply them."""

from typing import Any
from unittest.mock import Mock

import numba
import numpy as np
import pytest
from numba.core.registry import cpu_target

from stages.core import lanes
from stages.core.lanes import add_products, add_to, interleaved, prefetch, repeated, shorts, total, widened, zeros

HERE = lanes.has_avx2(cpu_target.target_context)
RNG = np.random.default_rng(4)
BYTES = RNG.integers(0, 256, (2, 40), dtype=np.uint8)
SHORTS = RNG.integers(-(2**14), 2**14, 40, dtype=np.int16)
BYTES[0, 3:7], SHORTS[3:7] = 255, -(2**14)  # the extremes, side by side


@pytest.fixture(params=[True, False])
def compiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param > HERE:
        pytest.skip("this processor has no such instruction")
    monkeypatch.setattr(lanes, "has_avx2", lambda _: request.param)
    return numba.njit


@pytest.mark.parametrize(
    ("triple", "features", "expected"),
    [
        ("x86_64-unknown-linux-gnu", "+sse2,+avx,+avx2", True),
        ("x86_64-apple-darwin", "+sse2,+avx,-avx2", False),
        ("arm64-apple-darwin", "+neon", False),
    ],
)
def test_only_x86_has_avx2_and_not_each_of_them(triple: str, features: str, expected: int) -> None:
    context = Mock(codegen=lambda: Mock(magic_tuple=lambda: (triple, "its name", features)))
    assert lanes.has_avx2(context) == expected


def test_a_row_times_numbers(compiled: Any) -> None:
    @compiled
    def product(row: Any, numbers: Any, at: int) -> Any:
        return total(add_products(zeros(), widened(row, at), shorts(numbers, at)))

    for at in (0, 3, 24):
        part = slice(at, at + 16)
        assert product(BYTES[0], SHORTS, at) == BYTES[0, part].astype(int) @ SHORTS[part].astype(int)


def test_numbers_times_two_rows(compiled: Any) -> None:
    @compiled
    def add(sums: Any, rows: Any, numbers: Any, at: int, below: int) -> None:
        add_to(sums, 1, add_products(zeros(), interleaved(rows, at, below), repeated(numbers, 3)), 0.5)

    sums = np.ones(10)
    add(sums, BYTES.reshape(-1), SHORTS, 2, 42)
    products = SHORTS[3:5].astype(int) @ BYTES[:, 2:10].astype(int)
    assert sums.tolist() == [1, *(1 + products / 2), 1]


def test_memory_may_be_asked_for_beyond_the_end() -> None:
    @numba.njit
    def ask(row: Any, at: int) -> int:
        prefetch(row, at)
        return at

    for at in (0, 39, 2**20, 2**40):
        assert ask(BYTES[0], at) == at
