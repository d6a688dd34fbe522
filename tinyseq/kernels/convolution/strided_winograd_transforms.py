"""Winograd's input transform B^T x B of a folded image (strided_winograd.py) in two steps, each along one axis.

    along_lines     T = B^T x    along whole lines of the image: neighbouring tiles share the columns where they overlap
    along_columns   V = T B      for one tile, on vectors composed of two runs of a line, or of two lines

The formula is in winograd_formulas.py. Both steps have twins in plain loops, by the matrix.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.convolution.winograd_formulas import BT as MATRICES
from tinyseq.kernels.convolution.winograd_formulas import row_pairs
from tinyseq.kernels.convolution.winograd_transforms import Lanes
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, cgutils, ir
from tinyseq.kernels.matrix.simd import FLOAT, FLOATS, INDEX, INT, LANES, VECTOR, ZERO, Emitter, arguments, call, join

Floats = NDArray[np.float32]
HALF_LANES = LANES // 2
"""Neighbouring floats of a line: a vector is made of two such runs."""
BT = MATRICES[6]
SIZE = len(BT)


# ---------------------------------------------------------------------------- along lines


@kernel
def lines_plain(
    source: Floats, s0: int, row: int, target: Floats, t0: int, target_row: int, count: int, first: int, stop: int
) -> None:  # fmt: skip
    """target[t0 + k*target_row + v] = sum over i of B^T[k, i] source[s0 + i*row + v], v < count; lines first <= i < stop exist.

    The vector code stores whole vectors: up to LANES - 1 floats after the last one are 0 afterwards.
    """
    for v in range(count):
        for k in range(SIZE):
            total = np.float32(0)
            for i in range(max(0, first), min(SIZE, stop)):
                total += BT[k, i] * source[s0 + i * row + v]
            target[t0 + k * target_row + v] = total


def write_lines(
    builder: Any, source: Any, row: Any, target: Any, target_row: Any, count: Any, first: Any, stop: Any
) -> None:  # fmt: skip
    """Like lines_plain. A line that does not exist is read repeatedly from a vector of zeros."""
    e = Emitter(builder)
    zeros = builder.bitcast(builder.alloca(VECTOR), FLOATS)
    rest = builder.bitcast(builder.alloca(VECTOR, SIZE), FLOATS)
    e.store(ZERO, zeros)
    begins, moving = [], []
    for i in range(SIZE):
        here = ir.Constant(INDEX, i)
        there = builder.and_(builder.icmp_signed("<=", first, here), builder.icmp_signed("<", here, stop))
        begins.append(builder.select(there, e.at(source, builder.mul(row, here)), zeros))
        moving.append(builder.sext(there, INDEX))
    before = builder.block
    head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
    builder.branch(head)
    builder.position_at_end(head)
    v = join(builder, {before: ir.Constant(INDEX, 0)})
    builder.cbranch(builder.icmp_signed("<", v, count), body, end)

    builder.position_at_end(body)
    places = [e.at(begin, builder.and_(v, moves)) for begin, moves in zip(begins, moving, strict=True)]
    left = builder.sub(count, v)
    whole = builder.block
    copies = [e.at(rest, i * LANES) for i in range(SIZE)]
    with builder.if_then(builder.icmp_signed("<", left, ir.Constant(INDEX, LANES)), likely=False):
        for place, copy in zip(places, copies, strict=True):
            e.store(e.load(place, e.first(left)), copy)
        part = builder.block
    chosen = [join(builder, {whole: place, part: copy}) for place, copy in zip(places, copies, strict=True)]
    result = row_pairs(BT, [Lanes(e, e.load(place)) for place in chosen])
    for k, value in enumerate(result):
        e.store(value.value, e.at(e.at(target, builder.mul(target_row, ir.Constant(INDEX, k))), v))
    v.add_incoming(builder.add(v, ir.Constant(INDEX, LANES)), builder.block)
    builder.branch(head)
    builder.position_at_end(end)


@intrinsic  # type: ignore[untyped-decorator]
def lines_vector(
    typing: Any, source: Any, s0: Any, row: Any, target: Any, t0: Any, target_row: Any, count: Any, first: Any, stop: Any
) -> Any:  # fmt: skip
    """Like lines_plain."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        s, s0, row, t, t0, *rest = arguments(context, builder, signature, values)
        kinds = [FLOATS, INDEX, FLOATS, *[INDEX] * 4]
        return call(context, builder, f"fold_lines_{LANES}", kinds, write_lines, [e.at(s, s0), row, e.at(t, t0), *rest])

    return types.void(source, n, n, target, n, n, n, n, n), generate


# ---------------------------------------------------------------------------- along the columns of a tile


@kernel
def columns_plain(
    source: Floats, low: int, high: int, row: int, column: int, target: Floats, t0: int, target_row: int, target_column: int
) -> None:  # fmt: skip
    """target[t0 + i*target_row + m*target_column + lane] = sum over j of source[run + i*row + j*column] B^T[m, j].

    run = low + lane for the first HALF_LANES lanes, high + lane - HALF_LANES for the others.
    """
    for i in range(SIZE):
        for m in range(SIZE):
            for lane in range(LANES):
                place = (low + lane if lane < HALF_LANES else high + lane - HALF_LANES) + i * row
                total = np.float32(0)
                for j in range(SIZE):
                    total += BT[m, j] * source[place + j * column]
                target[t0 + i * target_row + m * target_column + lane] = total


def write_columns(
    builder: Any, low: Any, high: Any, row: Any, column: Any, target: Any, target_row: Any, target_column: Any
) -> None:  # fmt: skip
    """Like columns_plain."""
    e = Emitter(builder)
    half = ir.VectorType(FLOAT, HALF_LANES).as_pointer()
    both = ir.Constant(ir.VectorType(INT, LANES), list(range(LANES)))
    with cgutils.for_range(builder, ir.Constant(INDEX, SIZE)) as loop:  # unrolled, it takes six times as long to compile
        down = builder.mul(loop.index, row)
        values, places = [], (e.at(low, down), e.at(high, down))
        for _ in range(SIZE):
            runs = [builder.load(builder.bitcast(place, half), align=4) for place in places]
            values.append(Lanes(e, builder.shuffle_vector(*runs, both)))
            places = tuple(e.at(place, column) for place in places)
        place = e.at(target, builder.mul(loop.index, target_row))
        for value in row_pairs(BT, values):
            e.store(value.value, place)
            place = e.at(place, target_column)


@intrinsic  # type: ignore[untyped-decorator]
def columns_vector(
    typing: Any, source: Any, low: Any, high: Any, row: Any, column: Any, target: Any, t0: Any, target_row: Any,
    target_column: Any,
) -> Any:  # fmt: skip
    """Like columns_plain."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        s, low, high, row, column, t, t0, *steps = arguments(context, builder, signature, values)
        kinds = [FLOATS, FLOATS, INDEX, INDEX, FLOATS, INDEX, INDEX]
        places = [e.at(s, low), e.at(s, high), row, column, e.at(t, t0), *steps]
        return call(context, builder, f"fold_columns_{LANES}", kinds, write_columns, places)

    return types.void(source, n, n, n, n, target, n, n, n), generate


along_lines, along_columns = (lines_plain, columns_plain) if PLAIN_TWINS else (lines_vector, columns_vector)
