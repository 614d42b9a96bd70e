"""Vectors of short whole numbers. numba has none, and LLVM does not vectorise our loops.

The main operation multiplies int16 by int16 and adds the products of two neighbours as int32. On x86 one instruction
does this for sixteen products, and another widens sixteen bytes. The same takes four and ten instructions in float64.
On other processors LLVM picks the instructions. Nothing is rounded. The caller ensures that no sum exceeds int32.

`row` is a contiguous array, and `at` is the index of the first number. The end of the array is not checked.
"""

from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

BYTE, SHORT, INT, DOUBLE = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.DoubleType()


class Lanes(types.Type):
    """The type of a vector of `count` numbers, in one register or several."""

    def __init__(self, number: Any, count: int) -> None:
        self.vector = ir.VectorType(number, count)
        super().__init__(name=f"Lanes({self.vector})")


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """Tells numba that this type is an LLVM vector."""

    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, lanes.vector)  # type: ignore[no-untyped-call]  # numba's


SHORTS, SUMS = Lanes(SHORT, 16), Lanes(INT, 8)


class Call(NamedTuple):
    """A call in numba's code, for which LLVM code is written, with the types and the values of its arguments."""

    context: Any
    builder: Any
    kinds: Sequence[Any]
    values: Sequence[Any]


def llvm_function(result: Any, *names: str) -> Callable[[Callable[[Call], Any]], Any]:
    """Decorate a function that writes LLVM code. numba code can then call it with these arguments."""

    def decorate(write: Callable[[Call], Any]) -> Any:
        def typed(_: Any, *kinds: Any) -> Any:
            return result(*kinds), lambda context, builder, _, values: write(Call(context, builder, kinds, values))

        typed.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_ONLY) for n in ("typing", *names)])  # type: ignore[attr-defined]
        return intrinsic(typed)

    return decorate


def pointer_to(call: Call, at: Any, kind: Any) -> Any:
    """Return a pointer to a value of a type in the call's row."""
    row = call.context.make_array(call.kinds[0])(call.context, call.builder, call.values[0])
    return call.builder.bitcast(call.builder.gep(row.data, [at]), kind.as_pointer())


def load(call: Call, at: Any, number: Any, count: int) -> Any:
    """Return `count` numbers of the call's row."""
    return call.builder.load(pointer_to(call, at, ir.VectorType(number, count)), align=1)


def shuffle(builder: Any, first: Any, second: Any, lanes: Sequence[int]) -> Any:
    """Return these lanes of two vectors; the lanes are counted through both."""
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(INT, len(lanes)), [*lanes]))


def call_llvm(builder: Any, name: str, result: Any, *values: Any) -> Any:
    """Return what one of LLVM's own functions returns."""
    kind = ir.FunctionType(result, [value.type for value in values])
    function = cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]  # numba's
    return builder.call(function, values)


@llvm_function(SHORTS, "row", "at")
def widened(call: Call) -> Any:
    """Return sixteen bytes as shorts."""
    return call.builder.zext(load(call, call.values[1], BYTE, 16), SHORTS.vector)


@llvm_function(SHORTS, "row", "at")
def shorts(call: Call) -> Any:
    """Return sixteen shorts."""
    return load(call, call.values[1], SHORT, 16)


@llvm_function(SHORTS, "row", "at", "below")
def interleaved(call: Call) -> Any:
    """Return eight bytes from each of two places as shorts: both first ones, both second ones, and so on."""
    bytes_, others = (load(call, at, BYTE, 8) for at in call.values[1:])
    lanes = [lane for j in range(8) for lane in (j, j + 8)]
    return call.builder.zext(shuffle(call.builder, bytes_, others, lanes), SHORTS.vector)


@llvm_function(SHORTS, "row", "at")
def repeated(call: Call) -> Any:
    """Return two shorts, eight times."""
    pair = load(call, call.values[1], SHORT, 2)
    return shuffle(call.builder, pair, pair, [0, 1] * 8)


@llvm_function(SUMS)
def zeros(_: Call) -> Any:
    """Return eight zeros."""
    return ir.Constant(SUMS.vector, None)


@llvm_function(SUMS, "sums", "first", "second")
def add_products(call: Call) -> Any:
    """Return eight sums, to each of which the products of two neighbours are added."""
    sums, first, second = call.values
    return call.builder.add(sums, multiply(call.builder, first, second, has_avx2(call.context)))


def has_avx2(context: Any) -> bool:
    """Tell whether the code will run on an x86 processor with AVX2."""
    triple, _, features = context.codegen().magic_tuple()
    return triple.startswith("x86_64") and "+avx2" in features


def multiply(builder: Any, first: Any, second: Any, avx2: bool) -> Any:
    """Return the products of shorts; those of two neighbours are added.

    LLVM finds the instruction if there is one. AVX2's is a tenth faster if it is called by name.
    """
    if avx2:
        return call_llvm(builder, "llvm.x86.avx2.pmadd.wd", SUMS.vector, first, second)
    wide = ir.VectorType(INT, 16)
    products = builder.mul(builder.sext(first, wide), builder.sext(second, wide))
    even, odd = (shuffle(builder, products, products, range(start, 16, 2)) for start in (0, 1))
    return builder.add(even, odd)


@llvm_function(types.int32, "sums")
def total(call: Call) -> Any:
    """Return the sum of eight numbers."""
    return call_llvm(call.builder, "llvm.vector.reduce.add.v8i32", INT, *call.values)


@llvm_function(types.void, "row", "at")
def prefetch(call: Call) -> Any:
    """Fetch a byte into the cache that is needed soon. It may lie beyond the row's end: nothing is read."""
    read, nearest, data = INT(0), INT(3), INT(1)
    here = pointer_to(call, call.values[1], BYTE)
    call_llvm(call.builder, "llvm.prefetch.p0i8", ir.VoidType(), here, read, nearest, data)
    return call.context.get_dummy_value()


@llvm_function(types.void, "into", "place", "row", "at", "count")
def copy(call: Call) -> Any:
    """Copy bytes of a row into another row."""
    count, source = call.values[4], call._replace(kinds=call.kinds[2:], values=call.values[2:])
    here, there = pointer_to(call, call.values[1], BYTE), pointer_to(source, call.values[3], BYTE)
    cgutils.raw_memcpy(call.builder, here, there, count, 1)  # type: ignore[no-untyped-call]  # numba's
    return call.context.get_dummy_value()


@llvm_function(types.void, "row", "at", "sums", "scale")
def add_to(call: Call) -> Any:
    """Add eight sums, times a power of two, to eight float64 of a row."""
    (_, at, sums, scale), builder = call.values, call.builder
    eight = ir.VectorType(DOUBLE, 8)
    here = pointer_to(call, at, eight)
    scales = builder.insert_element(ir.Constant(eight, ir.Undefined), scale, INT(0))
    added = builder.fmul(builder.sitofp(sums, eight), shuffle(builder, scales, scales, [0] * 8))
    builder.store(builder.fadd(builder.load(here, align=8), added), here, align=8)
    return call.context.get_dummy_value()
