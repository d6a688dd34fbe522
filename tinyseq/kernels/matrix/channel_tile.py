"""The register tile of depthwise convolutions: each channel separately, LANES channels at once.

    C[outs[r] + lane] = start + sum over k of A[rows[r] + taps[k] + lane] * B[lines[k] + lane]      r < ROWS, lane < lanes

Rows are pixels and k runs over the window; for the gradient of the weights rows are the places of the window and k runs
over the pixels. A vector of B is loaded once for ROWS multiply-adds. Edges as in register_tile.py: rows after `last` repeat row
`last`; of a vector only the first `lanes` are read and written.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, RELU, finish
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, INDICES, LANES, ZERO, Emitter, arguments, call, join

ROWS = 8
"""Rows of the tile: as many independent sums as two units of four cycles each have multiply-adds in flight."""

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]


@kernel
def channel_tile_plain(
    a: Floats, a0: int, rows: Offsets, row: int, last: int, taps: Offsets, count: int, b: Floats, b0: int, lines: Offsets,
    c: Floats, c0: int, outs: Offsets, lanes: int, bias: Floats, bias0: int, flags: int,
) -> None:  # fmt: skip
    """The formula in plain loops: the tile's twin, used if intrinsics cannot run."""
    for r in range(row, min(row + ROWS, last + 1)):
        for lane in range(min(lanes, LANES)):
            total = np.float32(0)
            if flags & ADD:
                total = c[c0 + outs[r] + lane]
            elif flags & BIAS:
                total = bias[bias0 + lane]
            for k in range(count):
                total += a[a0 + rows[r] + taps[k] + lane] * b[b0 + lines[k] + lane]
            c[c0 + outs[r] + lane] = np.float32(0) if flags & RELU and total < 0 else total


@intrinsic  # type: ignore[untyped-decorator]
def channel_tile_vector(
    typing: Any, a: Any, a0: Any, rows: Any, row: Any, last: Any, taps: Any, count: Any, b: Any, b0: Any, lines: Any,
    c: Any, c0: Any, outs: Any, lanes: Any, bias: Any, bias0: Any, flags: Any,
) -> Any:  # fmt: skip
    """Like channel_tile_plain, in vector registers."""
    n = types.int64
    signature = types.void(a, n, rows, n, n, taps, n, b, n, lines, c, n, outs, n, bias, n, n)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        a, a0, rows, row, last, taps, count, b, b0, lines, c, c0, outs, lanes, bias, bias0, flags = arguments(
            context, builder, signature, values
        )
        places = [e.at(a, a0), rows, row, last, taps, count, e.at(b, b0), lines, e.at(c, c0), outs, lanes]
        kinds = [FLOATS, INDICES, INDEX, INDEX, INDICES, INDEX, FLOATS, INDICES, FLOATS, INDICES, INDEX, FLOATS, INDEX]
        name = f"channel_tile_{ROWS}x{LANES}"
        return call(context, builder, name, kinds, write_tile, [*places, e.at(bias, bias0), flags])

    return signature, generate


channel_tile = (
    channel_tile_plain
    if PLAIN_TWINS
    else channel_tile_vector
)
"""The tile that kernels call."""


def write_tile(
    builder: Any, a: Any, rows: Any, row: Any, last: Any, taps: Any, count: Any, b: Any, lines: Any, c: Any, outs: Any,
    lanes: Any, bias: Any, flags: Any,
) -> None:  # fmt: skip
    """The body of the tile's LLVM function: for whole vectors, and for part of one."""
    e = Emitter(builder)
    a_rows, c_rows = [], []
    for r in range(ROWS):
        place = builder.add(row, ir.Constant(INDEX, r))
        place = builder.select(builder.icmp_signed("<", place, last), place, last)
        a_rows.append(e.at(a, builder.load(e.at(rows, place))))
        c_rows.append(e.at(c, builder.load(e.at(outs, place))))
    some = e.first(lanes)
    with builder.if_else(builder.icmp_signed(">=", lanes, ir.Constant(INDEX, LANES))) as (whole, part):
        for branch, mask in ((whole, None), (part, some)):
            with branch:
                start = start_values(e, c_rows, bias, flags, mask)
                sums = finish(e, [multiply_loop(e, a_rows, taps, count, b, lines, start, mask)], flags)[0]
                for r in range(ROWS):
                    e.store(sums[r], c_rows[r], mask)


def start_values(e: Emitter, c_rows: list[Any], bias: Any, flags: Any, mask: Any) -> list[Any]:
    """ROWS vectors to start the sums from: zero, the bias, or what C contains."""
    builder = e.builder
    values = [ZERO] * ROWS
    for bit, lines in ((BIAS, [bias] * ROWS), (ADD, c_rows)):
        before = builder.block
        wanted = builder.icmp_signed("!=", builder.and_(flags, ir.Constant(INDEX, bit)), ir.Constant(INDEX, 0))
        with builder.if_then(wanted):
            loaded = [e.load(line, mask) for line in lines]
            inside = builder.block
        values = [join(builder, {before: old, inside: new}) for old, new in zip(values, loaded, strict=True)]
    return values


def multiply_loop(
    e: Emitter, a_rows: list[Any], taps: Any, count: Any, b: Any, lines: Any, start: list[Any], mask: Any
) -> list[Any]:
    """for k in range(count): sums[r] += A[rows[r] + taps[k]] * B[lines[k]]. All sums stay in registers."""
    builder = e.builder
    before = builder.block
    head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
    builder.branch(head)
    builder.position_at_end(head)
    k = join(builder, {before: ir.Constant(INDEX, 0)})
    sums = [join(builder, {before: value}) for value in start]
    builder.cbranch(builder.icmp_signed("<", k, count), body, end)

    builder.position_at_end(body)
    tap = builder.load(e.at(taps, k))
    vector = e.load(e.at(b, builder.load(e.at(lines, k))), mask)
    for r in range(ROWS):
        sums[r].add_incoming(e.multiply_add(e.load(e.at(a_rows[r], tap), mask), vector, sums[r]), body)
    k.add_incoming(builder.add(k, ir.Constant(INDEX, 1)), body)
    builder.branch(head)
    builder.position_at_end(end)
    return sums
