"""The pixels that max pooling chose, as tables: the inner loops of gradient_before_pooling.py skip from one nonzero number to the next.

    where[k, f]                       where the pixel that window k chose for filter f begins in the image
    living[f], bit k                  dz[k, f] is not 0                                           k < WINDOWS
    choices[k, place, f // 64], bit f % 64: window k chose this place for filter f, and dz[k, f] is not 0

A gradient of 0 (a relu at 0: a third of them in a net for MNIST) has no bit, and costs no time. Loops go from
bit to bit (`over_bits`). Where they end is not predictable, but known early: the bits are plain integers. Compared
in the loop, they would wait in the queue of vector instructions behind earlier multiply-adds (dx of 123x123x32, windows
of 3x3: 0.43 ms, and 0.40 so; Zen 4, one thread).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, cgutils, ir
from tinyseq.kernels.matrix.simd import FLOAT, FLOATS, INDEX, INDICES, INT, Emitter, arguments, call, count_up, repeat

HALF = 16
"""Filters that are looked up together."""
WINDOWS = WORD = 64
"""Bits of an integer: of windows in `living`, of filters in `choices`."""

BYTE, SHORT = ir.IntType(8), ir.IntType(HALF)
BYTES, SHORTS, INTS = BYTE.as_pointer(), SHORT.as_pointer(), INT.as_pointer()

Floats = NDArray[np.float32]
Index = NDArray[np.uint8]
Where = NDArray[np.int32]
Bits = NDArray[np.int64]
Offsets = NDArray[np.int64]


@kernel
def look_up_plain(
    index: Index, dz: Floats, z0: int, corners: Offsets, first: int, count: int, filters: int, pitch: int, pixel: int,
    columns: int, where: Where, living: Bits,
) -> None:  # fmt: skip
    """where and living of `count` windows of columns x columns places; window k begins at the pixel corners[first + k] of an
    image with `pitch` pixels in a row and `pixel` numbers in a pixel."""
    for f in range(filters):
        living[f] = 0
    for k in range(count):
        for f in range(filters):
            place = np.int64(index[z0 + k * filters + f])
            where[k * filters + f] = (corners[first + k] + place // columns * pitch + place % columns) * pixel
            living[f] |= np.int64(dz[z0 + k * filters + f] != 0) << k


@kernel
def choose_plain(index: Index, dz: Floats, z0: int, count: int, filters: int, places: int, choices: Bits) -> None:
    """choices of `count` windows."""
    words = (filters + WORD - 1) // WORD
    for i in range(count * places * words):
        choices[i] = 0
    for k in range(count):
        for f in range(filters):
            if dz[z0 + k * filters + f] != 0:
                place = np.int64(index[z0 + k * filters + f])
                choices[(k * places + place) * words + f // WORD] |= np.int64(1) << f % WORD


# ---------------------------------------------------------------------------- the same in registers


def over_bits(
    builder: Any, bits: Any, start: Sequence[Any], body: Callable[[Any, list[Any]], list[Any]]
) -> list[Any]:  # fmt: skip
    """The values after `for number in the bits that are set: values = body(number, values)`, lowest bit first."""
    kind = ir.FunctionType(INDEX, [INDEX, ir.IntType(1)])
    count_zeros = cgutils.get_or_insert_function(builder.module, kind, "llvm.cttz.i64")

    def one(values: list[Any]) -> list[Any]:
        left, *others = values
        number = builder.call(count_zeros, [left, ir.Constant(ir.IntType(1), 1)])
        return [builder.and_(left, builder.sub(left, ir.Constant(INDEX, 1))), *body(number, others)]

    return repeat(builder, [bits, *start], lambda v: builder.icmp_unsigned("!=", v[0], ir.Constant(INDEX, 0)), one)[1:]


def many(kind: Any) -> Any:
    """A vector of HALF such numbers."""
    return ir.VectorType(kind, HALF)


def same(e: Emitter, kind: Any, value: Any) -> Any:
    """HALF times the same number."""
    if isinstance(value, int):
        return ir.Constant(many(kind), [value] * HALF)
    nothing = ir.Constant(many(kind), ir.Undefined)
    first = e.builder.insert_element(nothing, value, ir.Constant(INT, 0))
    return e.builder.shuffle_vector(first, nothing, ir.Constant(many(INT), [0] * HALF))


def load_many(builder: Any, pointer: Any, kind: Any) -> Any:
    """HALF numbers from `pointer` on."""
    return builder.load(builder.bitcast(pointer, many(kind).as_pointer()), align=kind.width // 8 if kind != FLOAT else 4)


def store_many(builder: Any, values: Any, pointer: Any, kind: Any) -> None:
    """HALF integers to `pointer` and on."""
    builder.store(values, builder.bitcast(pointer, many(kind).as_pointer()), align=kind.width // 8)


def not_zero(builder: Any, dz: Any) -> Any:
    """Which of HALF numbers are not 0. NaN is not."""
    return builder.fcmp_unordered("!=", load_many(builder, dz, FLOAT), ir.Constant(many(FLOAT), [0.0] * HALF))


def write_look_up(
    builder: Any, index: Any, dz: Any, corners: Any, count: Any, filters: Any, pitch: Any, pixel: Any, columns: Any, where: Any,
    living: Any,
) -> None:  # fmt: skip
    """The body of look_up's LLVM function. No vector division: of places 0-3 place * 16 >> 5 is place // 2, and of places 0-8
    place * 11 >> 5 is place // 3."""
    e = Emitter(builder)
    third = builder.icmp_signed("==", columns, ir.Constant(INDEX, 3))
    factor = same(e, INT, builder.select(third, ir.Constant(INT, 11), ir.Constant(INT, 16)))
    down = same(e, INT, builder.trunc(builder.sub(pitch, columns), INT))
    size = same(e, INT, builder.trunc(pixel, INT))

    def half(f: Any, _: list[Any]) -> list[Any]:
        """HALF filters from f on."""

        def window(k: Any, values: list[Any]) -> list[Any]:
            at = builder.add(builder.mul(k, filters), f)
            place = builder.zext(load_many(builder, e.at(index, at), BYTE), many(INT))
            row = builder.ashr(builder.mul(place, factor), same(e, INT, 5))
            corner = same(e, INT, builder.trunc(builder.load(e.at(corners, k)), INT))
            chosen = builder.add(builder.add(corner, place), builder.mul(row, down))
            store_many(builder, builder.mul(chosen, size), e.at(where, at), INT)
            bit = same(e, INDEX, builder.shl(ir.Constant(INDEX, 1), k))
            return [builder.or_(values[0], builder.select(not_zero(builder, e.at(dz, at)), bit, same(e, INDEX, 0)))]

        (bits,) = count_up(builder, count, 1, [same(e, INDEX, 0)], window)
        store_many(builder, bits, e.at(living, f), INDEX)
        return []

    count_up(builder, filters, HALF, [], half)


def write_choose(builder: Any, index: Any, dz: Any, count: Any, filters: Any, places: Any, choices: Any) -> None:
    """The body of choose's LLVM function: HALF bits at a time."""
    e = Emitter(builder)
    words = builder.lshr(builder.add(filters, ir.Constant(INDEX, WORD - 1)), ir.Constant(INDEX, 6))
    row = e.times(words, WORD // HALF)
    halves = builder.lshr(filters, ir.Constant(INDEX, 4))

    def window(k: Any, _: list[Any]) -> list[Any]:
        def half(h: Any, _: list[Any]) -> list[Any]:
            at = builder.add(builder.mul(k, filters), e.times(h, HALF))
            chosen, alive = load_many(builder, e.at(index, at), BYTE), not_zero(builder, e.at(dz, at))
            start = builder.add(builder.mul(builder.mul(k, places), row), h)

            def place(number: Any, _: list[Any]) -> list[Any]:
                hit = builder.and_(builder.icmp_signed("==", chosen, same(e, BYTE, builder.trunc(number, BYTE))), alive)
                builder.store(builder.bitcast(hit, SHORT), e.at(choices, builder.add(start, builder.mul(number, row))))
                return []

            return count_up(builder, places, 1, [], place)

        return count_up(builder, halves, 1, [], half)

    count_up(builder, count, 1, [], window)


@intrinsic  # type: ignore[untyped-decorator]
def look_up_vectors(
    typing: Any, index: Any, dz: Any, z0: Any, corners: Any, first: Any, count: Any, filters: Any, pitch: Any, pixel: Any,
    columns: Any, where: Any, living: Any,
) -> Any:  # fmt: skip
    """As look_up_plain, in vector registers."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        index, dz, z0, corners, first, count, filters, pitch, pixel, columns, where, living = arguments(context, builder, signature, values)
        given = [
            e.at(index, z0), e.at(dz, z0), e.at(corners, first), count, filters, pitch, pixel, columns, where, living
        ]  # fmt: skip
        kinds = [BYTES, FLOATS, INDICES, INDEX, INDEX, INDEX, INDEX, INDEX, INTS, INDICES]
        return call(context, builder, "look_up", kinds, write_look_up, given)

    return types.void(index, dz, n, corners, n, n, n, n, n, n, where, living), generate


@intrinsic  # type: ignore[untyped-decorator]
def choose_vectors(
    typing: Any, index: Any, dz: Any, z0: Any, count: Any, filters: Any, places: Any, choices: Any
) -> Any:  # fmt: skip
    """As choose_plain, in vector registers. Bits from `filters` to a whole WORD must be 0 before: they stay."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        index, dz, z0, count, filters, places, choices = arguments(context, builder, signature, values)
        given = [e.at(index, z0), e.at(dz, z0), count, filters, places, builder.bitcast(choices, SHORTS)]
        kinds = [BYTES, FLOATS, INDEX, INDEX, INDEX, SHORTS]
        return call(context, builder, "choose", kinds, write_choose, given)

    return types.void(index, dz, n, n, n, n, choices), generate


look_up = look_up_plain if PLAIN_TWINS else look_up_vectors
choose = choose_plain if PLAIN_TWINS else choose_vectors
