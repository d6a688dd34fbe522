"""The two inner loops of pooled.py, LANES channels at a time: nine taps of one pixel, chosen by an index.

    collect:  sums[t] += sum over windows k of dz[k] * x[pixel(k) + tap(t)]            for one filter
    scatter:  dx[pixel(k, f) + tap(t)] += sum over filters f of dz[k, f] * w[f, t]     for windows k

`pixel` is where the 3x3 window of the convolution begins for the place that the pooling window chose. collect reads it from
a table `where`, made of the index; scatter knows where a pooling window begins (`corners`) and counts places in registers.
tap(t) = t // 3 * line + t % 3 * pixel, t < 9.

collect keeps the nine sums in registers and reads x where the index says. scatter keeps all pixels that a pooling window
can reach in registers, (rows + 2) x (columns + 2) of them, because which of them a filter adds to would else be known only
at run time: for each place in turn, the filters that chose it are found by comparing 32 bytes of the index at once, and
taken bit by bit. A filter whose dz is 0 (a dead relu) costs nothing.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.simd import FLOATS, INDEX, INDICES, INT, LANES, Emitter, arguments, call, repeat

TAPS = 9
HALF = 16
"""Bytes of the index that are compared at once; a block of filters is two of them."""
BLOCK = 2 * HALF

BYTE = ir.IntType(8)
BYTES = BYTE.as_pointer()

Floats = NDArray[np.float32]
Index = NDArray[np.uint8]
Where = NDArray[np.int32]
Offsets = NDArray[np.int64]


@kernel
def collect_plain(
    x: Floats, x0: int, line: int, pixel: int, where: Where, f: int, count: int, dz: Floats, z0: int, filters: int,
    sums: Floats, s0: int,
) -> None:  # fmt: skip
    """collect in plain loops, for filter f and `count` windows; dz of the first one lies at z0."""
    for k in range(count):
        place = x0 + where[f + k * filters]
        for t in range(TAPS):
            for c in range(LANES):
                sums[s0 + t * LANES + c] += dz[z0 + k * filters] * x[place + t // 3 * line + t % 3 * pixel + c]


@kernel
def scatter_plain(
    dx: Floats, x0: int, line: int, pixel: int, corners: Offsets, columns: int, first: int, count: int, index: Index,
    dz: Floats, z0: int, filters: int, block: int, w: Floats, w0: int,
) -> None:  # fmt: skip
    """scatter in plain loops, for windows of `columns` columns and for `block` filters from z0 on."""
    for k in range(count):
        for f in range(block):
            gradient = dz[z0 + k * filters + f]
            if gradient != 0:
                place = np.int64(index[z0 + k * filters + f])
                begin = x0 + corners[first + k] + place // columns * line + place % columns * pixel
                for t in range(TAPS):
                    for c in range(LANES):
                        weight = w[w0 + (f * TAPS + t) * LANES + c]
                        dx[begin + t // 3 * line + t % 3 * pixel + c] += gradient * weight


# ---------------------------------------------------------------------------- the same in registers


def write_collect(
    builder: Any, x: Any, line: Any, pixel: Any, where: Any, count: Any, dz: Any, filters: Any, sums: Any
) -> None:  # fmt: skip
    """The body of collect's LLVM function."""
    e = Emitter(builder)

    def window(values: list[Any]) -> list[Any]:
        """One window: (windows left, its place in `where` and dz, the nine sums)."""
        left, at, *totals = values
        begin = e.at(x, builder.sext(builder.load(e.at(where, at)), INDEX))
        gradient = e.splat(builder.load(e.at(dz, at)))
        taps = nine(e, begin, line, pixel)
        added = [e.multiply_add(gradient, e.load(tap), total) for tap, total in zip(taps, totals, strict=True)]
        return [builder.sub(left, ir.Constant(INDEX, 1)), builder.add(at, filters), *added]

    zero = ir.Constant(INDEX, 0)
    start = [e.load(e.at(sums, t * LANES)) for t in range(TAPS)]
    _, _, *totals = repeat(builder, [count, zero, *start], lambda v: builder.icmp_signed(">", v[0], zero), window)
    for t, total in enumerate(totals):
        e.store(total, e.at(sums, t * LANES))


def nine(e: Emitter, begin: Any, line: Any, pixel: Any) -> list[Any]:
    """The addresses of the nine taps."""
    return grid(e, begin, line, pixel, 3, 3)


def grid(e: Emitter, begin: Any, line: Any, pixel: Any, rows: int, columns: int) -> list[Any]:
    """The addresses of rows x columns pixels, row by row."""
    builder, found = e.builder, []
    for i in range(rows):
        start = e.at(begin, builder.mul(line, ir.Constant(INDEX, i)))
        found += [e.at(start, builder.mul(pixel, ir.Constant(INDEX, j))) for j in range(columns)]
    return found


def write_scatter(
    rows: int, columns: int, builder: Any, dx: Any, line: Any, pixel: Any, corners: Any, count: Any, index: Any, dz: Any,
    filters: Any, block: Any, w: Any,
) -> None:  # fmt: skip
    """The body of scatter's LLVM function, for pooling windows of that size."""
    e = Emitter(builder)
    two = builder.icmp_signed(">", block, ir.Constant(INDEX, HALF))
    second = builder.select(two, ir.Constant(INDEX, HALF), ir.Constant(INDEX, 0))
    valid = builder.select(two, ir.Constant(INT, -1), ir.Constant(INT, (1 << HALF) - 1))

    def mask_of(low: Any, high: Any) -> Any:
        """32 bits of two comparisons of 16 lanes."""
        bits = ir.IntType(HALF)
        parts = [builder.zext(builder.bitcast(part, bits), INT) for part in (low, high)]
        return builder.or_(parts[0], builder.shl(parts[1], ir.Constant(INT, HALF)))

    def window(values: list[Any]) -> list[Any]:
        k, at = values
        numbers, gradients = e.at(index, at), e.at(dz, at)
        chosen = [load_many(builder, e.at(numbers, start), BYTE) for start in (0, second)]
        floats = [load_many(builder, e.at(gradients, start), ir.FloatType()) for start in (0, second)]
        none = ir.Constant(ir.VectorType(ir.FloatType(), HALF), [0.0] * HALF)
        alive = builder.and_(mask_of(*[builder.fcmp_unordered("!=", part, none) for part in floats]), valid)
        pixels = grid(e, e.at(dx, builder.load(e.at(corners, k))), line, pixel, rows + 2, columns + 2)
        totals = [e.load(place) for place in pixels]
        for place in range(rows * columns):
            same = ir.Constant(ir.VectorType(BYTE, HALF), [place] * HALF)
            mask = builder.and_(mask_of(*[builder.icmp_signed("==", part, same) for part in chosen]), alive)
            reach = [(place // columns + t // 3) * (columns + 2) + place % columns + t % 3 for t in range(TAPS)]
            added = take_bits(e, mask, gradients, w, [totals[pixel] for pixel in reach])
            for at_pixel, total in zip(reach, added, strict=True):
                totals[at_pixel] = total
        for place, total in zip(pixels, totals, strict=True):
            e.store(total, place)
        return [builder.add(k, ir.Constant(INDEX, 1)), builder.add(at, filters)]

    zero = ir.Constant(INDEX, 0)
    repeat(builder, [zero, zero], lambda v: builder.icmp_signed("<", v[0], count), window)


def take_bits(e: Emitter, mask: Any, gradients: Any, w: Any, totals: list[Any]) -> list[Any]:
    """totals[t] += dz[f] * w[f, t] for every bit f that is set."""
    builder = e.builder
    count_zeros = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(INT, [INT, ir.IntType(1)]), "llvm.cttz.i32"
    )  # fmt: skip

    def filter_of(values: list[Any]) -> list[Any]:
        bits, *sums = values
        f = builder.zext(builder.call(count_zeros, [bits, ir.Constant(ir.IntType(1), 1)]), INDEX)
        gradient = e.splat(builder.load(e.at(gradients, f)))
        weights = e.at(w, builder.mul(f, ir.Constant(INDEX, TAPS * LANES)))
        added = [e.multiply_add(gradient, e.load(e.at(weights, t * LANES)), total) for t, total in enumerate(sums)]
        return [builder.and_(bits, builder.sub(bits, ir.Constant(INT, 1))), *added]

    return repeat(builder, [mask, *totals], lambda v: builder.icmp_unsigned("!=", v[0], ir.Constant(INT, 0)), filter_of)[1:]


def load_many(builder: Any, pointer: Any, kind: Any) -> Any:
    """HALF elements from `pointer` on."""
    return builder.load(builder.bitcast(pointer, ir.VectorType(kind, HALF).as_pointer()), align=1 if kind == BYTE else 4)


@intrinsic  # type: ignore[untyped-decorator]
def collect_vectors(
    typing: Any, x: Any, x0: Any, line: Any, pixel: Any, where: Any, f: Any, count: Any, dz: Any, z0: Any, filters: Any,
    sums: Any, s0: Any,
) -> Any:  # fmt: skip
    """As collect_plain, in vector registers."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        x, x0, line, pixel, where, f, count, dz, z0, filters, sums, s0 = arguments(context, builder, signature, values)
        given = [e.at(x, x0), line, pixel, e.at(where, f), count, e.at(dz, z0), filters, e.at(sums, s0)]
        kinds = [FLOATS, INDEX, INDEX, INT.as_pointer(), INDEX, FLOATS, INDEX, FLOATS]
        return call(context, builder, f"collect_{LANES}", kinds, write_collect, given)

    return types.void(x, n, n, n, where, n, n, dz, n, n, sums, n), generate


def scatter_vectors(rows: int, columns: int) -> Callable[..., Any]:
    """As scatter_plain, in vector registers, for pooling windows of that size."""

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, dx: Any, x0: Any, line: Any, pixel: Any, corners: Any, width: Any, first: Any, count: Any, index: Any,
        dz: Any, z0: Any, filters: Any, block: Any, w: Any, w0: Any,
    ) -> Any:  # fmt: skip
        n = types.int64

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            dx, x0, line, pixel, corners, _, first, count, index, dz, z0, filters, block, w, w0 = arguments(
                context, builder, signature, values
            )
            given = [
                e.at(dx, x0), line, pixel, e.at(corners, first), count, e.at(index, z0), e.at(dz, z0), filters, block,
                e.at(w, w0),
            ]  # fmt: skip
            kinds = [FLOATS, INDEX, INDEX, INDICES, INDEX, BYTES, FLOATS, INDEX, INDEX, FLOATS]
            return call(
                context, builder, f"scatter_{rows}x{columns}_{LANES}", kinds, partial(write_scatter, rows, columns), given
            )  # fmt: skip

        return types.void(dx, n, n, n, corners, n, n, n, index, dz, n, n, n, w, n), generate

    applied: Callable[..., Any] = apply
    return applied


plain = getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0)
collect = collect_plain if plain else collect_vectors
scatter_2x2 = scatter_plain if plain else scatter_vectors(2, 2)
scatter_3x3 = scatter_plain if plain else scatter_vectors(3, 3)
