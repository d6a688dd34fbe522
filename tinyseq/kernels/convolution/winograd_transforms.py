"""The five transforms of Winograd's convolution, each on LANES channels at once, for tiles of 4 or of 6 outputs a side.

The formulas are in winograd_formulas.py. They are applied to every column of a square of vectors and then to every row
of the result, M x M^T: two loops, with the square between them on the stack. Unrolled, LLVM keeps no more of the
square in registers: it is not faster, but loops compile in a fraction of the time.
"""

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.convolution.winograd_formulas import AT, BT, SIZES, G, Matrix, Values, column_pairs, row_pairs
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, cgutils, ir
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, LANES, VECTOR, ZERO, Emitter, arguments, call, join

Floats = NDArray[np.float32]
Formula = Callable[[Matrix, Values], Values]


class Lanes:
    """A vector in an LLVM register, with the arithmetic of a number. "contract": a * b + c may become one instruction."""

    def __init__(self, emitter: Emitter, value: Any) -> None:
        self.emitter, self.value = emitter, value

    def __add__(self, other: "Lanes") -> "Lanes":
        return Lanes(self.emitter, self.emitter.builder.fadd(self.value, other.value, flags=("contract",)))

    def __sub__(self, other: "Lanes") -> "Lanes":
        return Lanes(self.emitter, self.emitter.builder.fsub(self.value, other.value, flags=("contract",)))

    def __mul__(self, factor: float) -> "Lanes":
        constant = ir.Constant(VECTOR, [float(np.float32(factor))] * LANES)
        return Lanes(self.emitter, self.emitter.builder.fmul(self.value, constant, flags=("contract",)))


def transform(name: str, formula: Formula, matrices: dict[int, Matrix]) -> Any:
    """The intrinsic that applies `formula` with the matrix for `tile`, its first argument, to both axes of a square of vectors.

    source[i*row + j*column + lane] -> target[k*target_row + l*target_column + lane], at the given first places. Of the
    square of pixels (the source; for "output" and "filter_gradient" the target) only rows top..bottom-1, columns
    left..right-1 and the first `lanes` lanes exist: the others are read as 0 and never written. "filter_gradient" is added
    to what the target holds. "output" has two more arguments, see output_transform. Returns 1.
    """

    @intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, tile: Any, source: Any, s0: Any, row: Any, column: Any, target: Any, t0: Any, target_row: Any,
        target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, relu: Any,
    ) -> Any:  # fmt: skip
        n = types.int64
        known = getattr(tile, "literal_value", None)  # if a kernel has the constant 4, nothing is compiled for 6
        signature = types.int64(n if known is None else tile, source, n, n, n, target, n, n, n, n, n, n, n, n, n)
        return signature, partial(generate, name, formula, matrices, known)

    return plain_transform(name, matrices) if PLAIN_TWINS else apply


def output_transform(formula: Formula, matrices: dict[int, Matrix]) -> Any:
    """As `transform`. bias[b0 + lane] is added to every output; b0 < 0: nothing is. If `relu`, what is negative becomes 0 in the end.

    Returns 0 if an output is NaN or infinite before that, else 1.
    """

    @intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, tile: Any, source: Any, s0: Any, row: Any, column: Any, target: Any, t0: Any, target_row: Any,
        target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, relu: Any, bias: Any, b0: Any,
    ) -> Any:  # fmt: skip
        n = types.int64
        known = getattr(tile, "literal_value", None)
        signature = types.int64(n if known is None else tile, source, n, n, n, target, n, n, n, n, n, n, n, n, n, bias, n)
        return signature, partial(generate, "output", formula, matrices, known)

    return plain_output(matrices) if PLAIN_TWINS else apply


def generate(
    name: str, formula: Formula, matrices: dict[int, Matrix], known: int | None, context: Any, builder: Any, signature: Any, values: Any
) -> Any:
    """The call of a transform's LLVM function: for the tile that is known when a kernel is compiled, or for the one that is passed."""
    e = Emitter(builder)
    tile, s, s0, row, column, t, t0, *rest = arguments(context, builder, signature, values)
    kinds, places = [FLOATS, INDEX, INDEX, FLOATS, *[INDEX] * 8], [e.at(s, s0), row, column, e.at(t, t0), *rest]
    if name == "output":
        kinds, places = [*kinds, FLOATS, INDEX], [*places[:-2], e.at(places[-2], places[-1]), places[-1]]
    if known is not None:
        body = partial(write, name, formula, matrices[known])
        return call(context, builder, f"winograd_{name}_{known}", kinds, body, places, INDEX)
    good = {}
    with builder.if_else(builder.icmp_signed("==", tile, ir.Constant(INDEX, SIZES[0]))) as branches:
        for size, branch in zip(SIZES, branches, strict=True):
            with branch:
                body = partial(write, name, formula, matrices[size])
                value = call(context, builder, f"winograd_{name}_{size}", kinds, body, places, INDEX)
                good[builder.block] = value
    return join(builder, good)


def write(
    name: str, formula: Formula, matrix: Matrix, builder: Any, source: Any, row: Any, column: Any, target: Any,
    target_row: Any, target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, relu: Any, bias: Any = None,
    b0: Any = None,
) -> Any:  # fmt: skip
    """The body of a transform's LLVM function."""
    e, (many, size) = Emitter(builder), matrix.shape
    begin, end = (source, row, column), (target, target_row, target_column)
    adds, at_target = name == "filter_gradient", name in ("output", "filter_gradient")
    edges = Edges(e, many if at_target else size, top, bottom, left, right, lanes, whole=not adds)
    if at_target:
        end = edges.choose(*end)
    else:
        edges.read(*begin)
        begin = edges.choose(*begin)
    between = builder.bitcast(builder.alloca(VECTOR, many * size), FLOATS)
    columns(e, formula, matrix, begin, between)
    added = None if name != "output" else bias_or_zero(e, bias, b0, lanes)
    total = rows(e, formula, matrix, between, end, relu if name == "output" else ir.Constant(INDEX, 0), added)
    if at_target:
        edges.write(target, target_row, target_column, adds)
    return is_finite(e, total) if name == "output" else ir.Constant(INDEX, 1)


def columns(e: Emitter, formula: Formula, matrix: Matrix, source: tuple[Any, Any, Any], between: Any) -> None:
    """The formula on each column of the source; `source`: place, step to the next row, to the next column."""
    size, (place, row, column) = matrix.shape[1], source
    with cgutils.for_range(e.builder, ir.Constant(INDEX, size)) as loop:
        here, there = e.at(place, e.builder.mul(loop.index, column)), e.at(between, e.times(loop.index, LANES))
        values = [Lanes(e, e.load(e.at(here, e.times(row, i)))) for i in range(size)]
        for k, value in enumerate(formula(matrix, values)):
            e.store(value.value, e.at(there, k * size * LANES))


def bias_or_zero(e: Emitter, bias: Any, b0: Any, lanes: Any) -> Any:
    """The vector at `bias`, as many of its lanes as exist; 0 if b0 is negative."""
    builder, before = e.builder, e.builder.block
    with builder.if_then(builder.icmp_signed(">=", b0, ir.Constant(INDEX, 0))):
        loaded = e.load(bias, e.first(lanes))
        inside = builder.block
    return join(builder, {before: ZERO, inside: loaded})


def rows(
    e: Emitter, formula: Formula, matrix: Matrix, between: Any, target: tuple[Any, Any, Any], relu: Any, added: Any = None
) -> Any:  # fmt: skip
    """The formula on each row of that, plus a vector, into the target; the sum of all results before relu."""
    (many, size), (place, row, column), builder = matrix.shape, target, e.builder
    wanted = builder.icmp_signed("!=", relu, ir.Constant(INDEX, 0))
    least = builder.select(wanted, ZERO, ir.Constant(VECTOR, [float("-inf")] * LANES))
    before = builder.block
    with cgutils.for_range(builder, ir.Constant(INDEX, many)) as loop:
        with builder.goto_block(loop.index.parent):
            builder.position_at_start(loop.index.parent)
            total = builder.phi(VECTOR)
        here, there = e.at(between, e.times(loop.index, size * LANES)), e.at(place, builder.mul(loop.index, row))
        result = formula(matrix, [Lanes(e, e.load(e.at(here, j * LANES))) for j in range(size)])
        if added is not None:
            result = [value + Lanes(e, added) for value in result]
        for m, value in enumerate(result):
            bounded = builder.select(builder.fcmp_ordered("<", value.value, least), least, value.value)  # NaN stays
            e.store(bounded, e.at(there, e.times(column, m)))
        total.add_incoming(ZERO, before)
        total.add_incoming(reduce(builder.fadd, [value.value for value in result], total), builder.block)
    return total


def is_finite(e: Emitter, total: Any) -> Any:
    """1 if no number is NaN or infinite in a sum, else 0. It is subtracted from itself: inf - inf is NaN."""
    builder = e.builder
    zero = builder.fsub(total, total)
    bad = builder.bitcast(builder.fcmp_unordered("uno", zero, zero), ir.IntType(LANES))
    return builder.zext(builder.icmp_unsigned("==", bad, ir.Constant(ir.IntType(LANES), 0)), INDEX)


class Edges:
    """Which of a size x size square of vectors exist: those of a tile that lies over the border of its image do not all.

    Such a tile is assembled in a separate square on the stack, so that there is only one transform. Missing pixels
    are not addressed, not even under an empty mask: on an unmapped page this takes 500 cycles for each vector (Zen 4), and the last rows
    of tiles made a convolution of 123x123 take 1.28 ms instead of 0.88.
    """

    def __init__(
        self, e: Emitter, size: int, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, whole: bool
    ) -> None:  # fmt: skip
        """`whole`: whether a complete square can be used in place."""
        builder = self.builder = e.builder
        self.e, self.size = e, size
        self.square = builder.bitcast(builder.alloca(VECTOR, size * size), FLOATS)
        inside = [("<=", top, 0), ("<=", left, 0), (">=", bottom, size), (">=", right, size), (">=", lanes, LANES)]
        bits = [builder.icmp_signed(sign, limit, ir.Constant(INDEX, bound)) for sign, limit, bound in inside]
        self.whole = reduce(builder.and_, bits) if whole else ir.Constant(ir.IntType(1), 0)
        self.limits = top, bottom, left, right, lanes

    def choose(self, place: Any, row: Any, column: Any) -> tuple[Any, Any, Any]:
        """(place, row, column) of the whole square, or of its copy on the stack."""
        own = (self.square, ir.Constant(INDEX, self.size * LANES), ir.Constant(INDEX, LANES))
        found = [self.builder.select(self.whole, a, b) for a, b in zip((place, row, column), own, strict=True)]
        return found[0], found[1], found[2]

    def read(self, place: Any, row: Any, column: Any) -> None:
        """Makes the copy of a square that is not whole, with zeros for what does not exist."""
        e, builder = self.e, self.builder
        with builder.if_then(builder.not_(self.whole), likely=False):
            with cgutils.for_range(builder, ir.Constant(INDEX, self.size**2)) as loop:
                e.store(ZERO, e.at(self.square, e.times(loop.index, LANES)))
            self.each(place, row, column, lambda there, own, mask: e.store(e.load(there, mask), own))

    def write(self, place: Any, row: Any, column: Any, adds: bool) -> None:
        """Stores the existing part of an incomplete square, or adds it to the target."""
        e, builder = self.e, self.builder

        def store(there: Any, own: Any, mask: Any) -> None:
            value = e.load(own)
            e.store(builder.fadd(value, e.load(there, mask)) if adds else value, there, mask)

        with builder.if_then(builder.not_(self.whole), likely=adds):
            self.each(place, row, column, store)

    def each(self, place: Any, row: Any, column: Any, do: Callable[[Any, Any, Any], None]) -> None:
        """do(its place, its place in the copy, which lanes exist) for each vector that exists."""
        e, builder = self.e, self.builder
        top, bottom, left, right, lanes = self.limits
        mask, size = e.first(lanes), ir.Constant(INDEX, self.size)
        zero = ir.Constant(INDEX, 0)
        bounds = [(self.larger(first, zero), self.smaller(stop, size)) for first, stop in ((top, bottom), (left, right))]
        with cgutils.for_range(builder, bounds[0][1], bounds[0][0]) as i, cgutils.for_range(builder, bounds[1][1], bounds[1][0]) as j:
            there = e.at(place, builder.add(builder.mul(i.index, row), builder.mul(j.index, column)))
            do(there, e.at(self.square, e.times(builder.add(builder.mul(i.index, size), j.index), LANES)), mask)

    def larger(self, a: Any, b: Any) -> Any:
        """max(a, b)."""
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def smaller(self, a: Any, b: Any) -> Any:
        """min(a, b)."""
        return self.builder.select(self.builder.icmp_signed("<", a, b), a, b)


def plain_transform(name: str, matrices: dict[int, Matrix]) -> Any:
    """Like `transform`, by the matrix and in plain loops: its twin, used if intrinsics cannot run."""
    matrix_4, matrix_6 = matrices[4], matrices[6]
    adds = name == "filter_gradient"

    @kernel
    def apply(
        tile: int, source: Floats, s0: int, row: int, column: int, target: Floats, t0: int, target_row: int,
        target_column: int, top: int, bottom: int, left: int, right: int, lanes: int, relu: int,
    ) -> int:  # fmt: skip
        matrix = matrix_4 if tile == 4 else matrix_6
        many, size = matrix.shape
        for lane in range(LANES):
            for k in range(many):
                for m in range(many):
                    total = np.float32(0)
                    for i in range(size):
                        for j in range(size):
                            if adds or (top <= i < bottom and left <= j < right and lane < lanes):
                                total += matrix[k, i] * matrix[m, j] * source[s0 + i * row + j * column + lane]
                    if adds and not (top <= k < bottom and left <= m < right and lane < lanes):
                        continue
                    place = t0 + k * target_row + m * target_column + lane
                    target[place] = total + target[place] if adds else total
        return 1

    return apply


def plain_output(matrices: dict[int, Matrix]) -> Any:
    """Like `output_transform`, by the matrix and in plain loops."""
    matrix_4, matrix_6 = matrices[4], matrices[6]

    @kernel
    def apply(
        tile: int, source: Floats, s0: int, row: int, column: int, target: Floats, t0: int, target_row: int, target_column: int,
        top: int, bottom: int, left: int, right: int, lanes: int, relu: int, bias: Floats, b0: int,
    ) -> int:  # fmt: skip
        matrix = matrix_4 if tile == 4 else matrix_6
        many, size = matrix.shape
        good = 1
        for lane in range(LANES):
            for k in range(many):
                for m in range(many):
                    total = bias[b0 + lane] if b0 >= 0 and lane < lanes else np.float32(0)
                    for i in range(size):
                        for j in range(size):
                            total += matrix[k, i] * matrix[m, j] * source[s0 + i * row + j * column + lane]
                    if not np.isfinite(total):
                        good = 0
                    if top <= k < bottom and left <= m < right and lane < lanes:
                        target[t0 + k * target_row + m * target_column + lane] = np.float32(0) if relu and total < 0 else total
        return good

    return apply


def transposed(matrices: dict[int, Matrix]) -> dict[int, Matrix]:
    return {tile: np.ascontiguousarray(matrix.T) for tile, matrix in matrices.items()}


input_tile = transform("input", row_pairs, BT)
output_tile = output_transform(column_pairs, AT)
filter_tile = transform("filter", row_pairs, G)
output_gradient_tile = transform("output_gradient", row_pairs, transposed(AT))
filter_gradient_tile = transform("filter_gradient", column_pairs, transposed(G))
