"""The five transforms of Winograd's convolution F(4x4, 3x3), each on LANES channels at once.

    y = A^T [ (G w G^T) . (B^T x B) ] A        x a 6x6 tile, w a 3x3 filter, y the 4x4 tile of outputs; . element by element

Lavin & Gray (2016), "Fast algorithms for convolutional neural networks", section 4.1 and eq. 8; Winograd (1980). Outputs
cost 36 multiplications for 16 instead of 144; the price is the transforms and some rounding (at points 0, 1, -1, 2, -2).
Gradients are the transposed maps: of the output A y A^T, of the filter G^T u G.

Each transform is written once below as a formula on six (or four, or three) values; values are LLVM vectors while a
kernel is compiled, and the tests run the same formulas on numbers against the matrices BT, G and AT.
"""

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.simd import FLOATS, INDEX, LANES, MASK, VECTOR, ZERO, Emitter, arguments, call, join

BT = np.array(
    [[4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0],
     [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1]], np.float32,
)  # fmt: skip
G = np.array(
    [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]], np.float32
) / np.float32(24)  # fmt: skip
AT = np.array([[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]], np.float32)

Floats = NDArray[np.float32]
Values = list[Any]


def input_1d(x: Values) -> Values:
    """B^T x: 6 -> 6. Rows 1 and 2 of B^T, and 3 and 4, differ in signs only: sum and difference of two parts."""
    even, odd = x[4] - 4 * x[2], x[3] - 4 * x[1]
    near, far = x[4] - x[2], 2 * (x[3] - x[1])
    return [4 * x[0] - 5 * x[2] + x[4], even + odd, even - odd, near + far, near - far, 4 * x[1] - 5 * x[3] + x[5]]


def output_1d(m: Values) -> Values:
    """A^T m: 6 -> 4."""
    sum_1, sum_2, difference_1, difference_2 = m[1] + m[2], m[3] + m[4], m[1] - m[2], m[3] - m[4]
    return [
        m[0] + sum_1 + sum_2,
        difference_1 + 2 * difference_2,
        sum_1 + 4 * sum_2,
        difference_1 + 8 * difference_2 + m[5],
    ]


def filter_1d(w: Values) -> Values:
    """G w: 3 -> 6."""
    near, far = (w[0] + w[2]) * (-1 / 6), w[0] * (1 / 24) + w[2] * (1 / 6)
    near_odd, far_odd = w[1] * (1 / 6), w[1] * (1 / 12)
    return [w[0] * (1 / 4), near - near_odd, near + near_odd, far + far_odd, far - far_odd, w[2]]


def output_gradient_1d(y: Values) -> Values:
    """A y: 4 -> 6."""
    even, odd = y[0] + y[2], y[1] + y[3]
    far_even, far_odd = y[0] + 4 * y[2], 2 * y[1] + 8 * y[3]
    return [y[0], even + odd, even - odd, far_even + far_odd, far_even - far_odd, y[3]]


def filter_gradient_1d(u: Values) -> Values:
    """G^T u: 6 -> 3."""
    near, far = u[1] + u[2], u[3] + u[4]
    return [
        u[0] * (1 / 4) - near * (1 / 6) + far * (1 / 24),
        (u[2] - u[1]) * (1 / 6) + (u[3] - u[4]) * (1 / 12),
        (far - near) * (1 / 6) + u[5],
    ]


BT6 = np.array(
    [[4, 0, -21, 0, 21, 0, -4, 0], [0, 4, 4, -17, -17, 4, 4, 0], [0, -4, 4, 17, -17, -4, 4, 0], [0, 2, 1, -10, -5, 8, 4, 0],
     [0, -2, 1, 10, -5, -8, 4, 0], [0, 8, 16, -10, -20, 2, 4, 0], [0, -8, 16, 10, -20, -2, 4, 0], [0, -4, 0, 21, 0, -21, 0, 4]],
    np.float32,
) / np.float32(4)  # fmt: skip
G6 = np.array(
    [[180, 0, 0], [-40, -40, -40], [-40, 40, -40], [2, 4, 8], [2, -4, 8], [4, 2, 1], [4, -2, 1], [0, 0, 180]], np.float32
) / np.float32(180)  # fmt: skip
AT6 = np.array(
    [[1, 1, 1, 1, 1, 32, 32, 0], [0, 1, -1, 2, -2, 16, -16, 0], [0, 1, 1, 4, 4, 8, 8, 0], [0, 1, -1, 8, -8, 4, -4, 0],
     [0, 1, 1, 16, 16, 2, 2, 0], [0, 1, -1, 32, -32, 1, -1, 1]], np.float32,
)  # fmt: skip


def input6_1d(x: Values) -> Values:
    """B^T x: 8 -> 8."""
    even_1, odd_1 = x[2] + x[6] - x[4] * 4.25, x[1] + x[5] - x[3] * 4.25
    even_2, odd_2 = x[6] + x[2] * 0.25 - x[4] * 1.25, x[5] + x[1] * 0.25 - x[3] * 1.25
    even_3, odd_3 = x[6] + x[2] * 4 - x[4] * 5, x[5] + x[1] * 4 - x[3] * 5
    return [
        x[0] - x[6] + (x[4] - x[2]) * 5.25, even_1 + odd_1, even_1 - odd_1, even_2 + odd_2 * 2, even_2 - odd_2 * 2,
        even_3 + odd_3 * 0.5, even_3 - odd_3 * 0.5, x[7] - x[1] + (x[3] - x[5]) * 5.25,
    ]  # fmt: skip


def output6_1d(m: Values) -> Values:
    """A^T m: 8 -> 6."""
    s1, s2, s3, d1, d2, d3 = m[1] + m[2], m[3] + m[4], m[5] + m[6], m[1] - m[2], m[3] - m[4], m[5] - m[6]
    return [
        m[0] + s1 + s2 + s3 * 32, d1 + d2 * 2 + d3 * 16, s1 + s2 * 4 + s3 * 8, d1 + d2 * 8 + d3 * 4, s1 + s2 * 16 + s3 * 2,
        m[7] + d1 + d2 * 32 + d3,
    ]  # fmt: skip


def filter6_1d(w: Values) -> Values:
    """G w: 3 -> 8."""
    e1, o1 = (w[0] + w[2]) * (-2 / 9), w[1] * (2 / 9)
    e2, o2 = w[0] * (1 / 90) + w[2] * (2 / 45), w[1] * (1 / 45)
    e3, o3 = w[0] * (1 / 45) + w[2] * (1 / 180), w[1] * (1 / 90)
    return [w[0] * 1, e1 - o1, e1 + o1, e2 + o2, e2 - o2, e3 + o3, e3 - o3, w[2]]


def output_gradient6_1d(y: Values) -> Values:
    """A y: 6 -> 8."""
    e1, o1 = y[0] + y[2] + y[4], y[1] + y[3] + y[5]
    e2, o2 = y[0] + y[2] * 4 + y[4] * 16, y[1] + y[3] * 4 + y[5] * 16
    e3, o3 = y[0] * 16 + y[2] * 4 + y[4], y[1] * 16 + y[3] * 4 + y[5]
    return [y[0], e1 + o1, e1 - o1, e2 + o2 * 2, e2 - o2 * 2, e3 * 2 + o3, e3 * 2 - o3, y[5]]


def filter_gradient6_1d(u: Values) -> Values:
    """G^T u: 8 -> 3."""
    s1, s2, s3 = u[1] + u[2], u[3] + u[4], u[5] + u[6]
    d1, d2, d3 = u[2] - u[1], u[3] - u[4], u[5] - u[6]
    return [
        u[0] - s1 * (2 / 9) + s2 * (1 / 90) + s3 * (1 / 45), d1 * (2 / 9) + d2 * (1 / 45) + d3 * (1 / 90),
        u[7] - s1 * (2 / 9) + s2 * (2 / 45) + s3 * (1 / 180),
    ]  # fmt: skip


def both(formula: Callable[[Values], Values], square: list[Values]) -> list[Values]:
    """The formula on every column, then on every row: M x M^T."""
    columns = [formula(list(column)) for column in zip(*square, strict=True)]
    return [formula(list(row)) for row in zip(*columns, strict=True)]


# ---------------------------------------------------------------------------- the formulas as vector code


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

    __rmul__ = __mul__


def transform(name: str, formulas: dict[int, Callable[[Values], Values]], matrices: dict[int, NDArray[np.float32]]) -> Any:
    """The intrinsic that applies the formula of tiles of `tile` outputs (its first argument) to both axes of a square of vectors.

    source[i*row + j*column + lane] -> target[k*target_row + l*target_column + lane], at the given first places. Of the
    square of pixels (the source; for "output" the target) only rows top..bottom-1, columns left..right-1 and the first
    `lanes` lanes exist: the others are read as 0 and never written. For "output": with flag 1, bias[lane] is added, with
    flag 2, what is negative becomes 0 in the end. Returns 0 if an output is NaN or infinite before that, else 1.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, tile: Any, source: Any, s0: Any, row: Any, column: Any, target: Any, t0: Any, target_row: Any,
        target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, bias: Any, bias0: Any, flags: Any,
    ) -> Any:  # fmt: skip
        n = types.int64
        signature = types.int64(n, source, n, n, n, target, n, n, n, n, n, n, n, n, bias, n, n)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            tile, s, s0, row, column, t, t0, t_row, t_column, *edges, b, b0, flags = arguments(context, builder, signature, values)
            kinds = [FLOATS, INDEX, INDEX, FLOATS, INDEX, INDEX, *[INDEX] * 5, FLOATS, INDEX]
            places = [e.at(s, s0), row, column, e.at(t, t0), t_row, t_column, *edges, e.at(b, b0), flags]
            good = {}
            with builder.if_else(builder.icmp_signed("==", tile, ir.Constant(INDEX, 4))) as branches:
                for size, branch in zip((4, 6), branches, strict=True):
                    with branch:
                        many, depth = matrices[size].shape
                        body = partial(write, name, GROUPS[name, size], formulas[size], depth, many)
                        value = call(context, builder, f"winograd_{name}_{size}", kinds, body, places, INDEX)
                        good[builder.block] = value
            return join(builder, good)

        return signature, generate

    plain = getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0)
    return plain_transform(name, matrices) if plain else apply


GROUPS = {
    ("input", 6): ((1, 2), (3, 4), (5, 6), (0, 7)), ("input", 4): ((0, 1, 2), (3, 4, 5)),
    ("output", 6): ((0, 2, 4), (1, 3, 5)), ("output", 4): ((0, 2), (1, 3)),
    ("filter", 6): ((0, 1, 2, 3), (4, 5, 6, 7)), ("filter", 4): ((0, 1, 2), (3, 4, 5)),
    ("output_gradient", 6): ((1, 2), (3, 4), (5, 6), (0, 7)), ("output_gradient", 4): ((0, 1, 2), (3, 4, 5)),
    ("filter_gradient", 6): ((0, 1, 2),), ("filter_gradient", 4): ((0, 1, 2),),
}


def write(
    name: str, groups: Any, formula: Callable[[Values], Values], size: int, many: int, builder: Any, source: Any, row: Any, column: Any,
    target: Any, target_row: Any, target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, bias: Any,
    flags: Any,
) -> Any:  # fmt: skip
    """The body of a transform's LLVM function: columns into `between` on the stack, then its rows into the target."""
    e = Emitter(builder)
    output = name == "output"
    edges = Edges(e, many if output else size, top, bottom, left, right, lanes)
    if output:
        final, final_row, final_column = edges.choose(target, target_row, target_column)
        least = e.choose_least(flags)
    else:
        source, row, column = edges.completed(source, row, column)
        final, final_row, final_column = target, target_row, target_column
    import os
    gr=eval(os.environ.get("GR","{}")).get((name,size))
    if gr:
        total = ZERO
        for group in gr:
            columns = []
            for j in range(size):
                here = e.at(source, e.times(column, j))
                columns.append(formula([Lanes(e, e.load(e.at(here, e.times(row, i)))) for i in range(size)]))
            for k in group:
                result = [value.value for value in formula([line[k] for line in columns])]
                if output:
                    total = reduce(builder.fadd, result, total)
                    result = [e.above(value, least) for value in result]
                there = e.at(final, e.times(final_row, k))
                for m, value in enumerate(result):
                    e.store(value, e.at(there, e.times(final_column, m)))
    else:
        between = builder.bitcast(builder.alloca(VECTOR, many * size), FLOATS)
        with cgutils.for_range(builder, ir.Constant(INDEX, size)) as loop:
            j = loop.index
            here = e.at(source, builder.mul(j, column))
            values = [Lanes(e, e.load(e.at(here, e.times(row, i)))) for i in range(size)]
            there = e.at(between, e.times(j, LANES))
            for k, value in enumerate(formula(values)):
                e.store(value.value, e.at(there, k * size * LANES))
        before = builder.block
        with cgutils.for_range(builder, ir.Constant(INDEX, many)) as loop:
            k = loop.index
            if output:
                here = builder.block
                builder.position_at_start(k.parent)
                total = builder.phi(VECTOR)
                builder.position_at_end(here)
                total.add_incoming(ZERO, before)
            here = e.at(between, e.times(k, size * LANES))
            values = [Lanes(e, e.load(e.at(here, j * LANES))) for j in range(size)]
            there = e.at(final, builder.mul(k, final_row))
            result = [value.value for value in formula(values)]
            if output:
                total.add_incoming(reduce(builder.fadd, result, total), builder.block)
                result = [e.above(value, least) for value in result]
            for m, value in enumerate(result):
                e.store(value, e.at(there, e.times(final_column, m)))
    if not output:
        return ir.Constant(INDEX, 1)
    edges.store(target, target_row, target_column)
    return is_finite(e, total)


class Edges:
    """Which of a size x size square of vectors exist: those of a tile that lies over the border of its image do not all.

    Such a tile is put together in a square of its own on the stack, so that the transform itself is written once.
    """

    def __init__(self, e: Emitter, size: int, top: Any, bottom: Any, left: Any, right: Any, lanes: Any) -> None:
        builder = self.builder = e.builder
        self.e, self.size = e, size
        self.square = builder.bitcast(builder.alloca(VECTOR, size * size), FLOATS)
        inside = [("<=", top, 0), ("<=", left, 0), (">=", bottom, size), (">=", right, size), (">=", lanes, LANES)]
        bits = [builder.icmp_signed(sign, limit, ir.Constant(INDEX, bound)) for sign, limit, bound in inside]
        self.whole = reduce(builder.and_, bits)
        self.limits = top, bottom, left, right, lanes

    def choose(self, place: Any, row: Any, column: Any) -> tuple[Any, Any, Any]:
        """(place, row, column) if the whole square exists, else where its copy stands."""
        own = (self.square, ir.Constant(INDEX, self.size * LANES), ir.Constant(INDEX, LANES))
        found = [self.builder.select(self.whole, a, b) for a, b in zip((place, row, column), own, strict=True)]
        return found[0], found[1], found[2]

    def copy(self, place: Any, row: Any, column: Any, back: bool) -> None:
        """What exists of a square that is not whole into its copy, with zeros for what does not; or `back`.

        What does not exist is not even addressed under a mask of no lanes: on a page that is not there this takes
        500 cycles a vector (Zen 4).
        """
        e, builder = self.e, self.builder
        top, bottom, left, right, lanes = self.limits
        size = ir.Constant(INDEX, self.size)
        with builder.if_then(builder.not_(self.whole), likely=False):
            if not back:
                with cgutils.for_range(builder, ir.Constant(INDEX, self.size * self.size)) as all_places:
                    e.store(ZERO, e.at(self.square, e.times(all_places.index, LANES)))
            mask = e.first(lanes)
            limits = [self.inside(*pair) for pair in ((top, bottom), (left, right))]
            with cgutils.for_range(builder, limits[0][1], limits[0][0]) as rows:
                with cgutils.for_range(builder, limits[1][1], limits[1][0]) as columns:
                    i, j = rows.index, columns.index
                    there = e.at(place, builder.add(builder.mul(i, row), builder.mul(j, column)))
                    own = e.at(self.square, e.times(builder.add(builder.mul(i, size), j), LANES))
                    if back:
                        e.store(e.load(own), there, mask)
                    else:
                        e.store(e.load(there, mask), own)

    def inside(self, first: Any, stop: Any) -> tuple[Any, Any]:
        """(max(first, 0), min(stop, size))."""
        zero, size = ir.Constant(INDEX, 0), ir.Constant(INDEX, self.size)
        above, below = (self.builder.icmp_signed(">", value, limit) for value, limit in ((first, zero), (stop, size)))
        return self.builder.select(above, first, zero), self.builder.select(below, size, stop)

    def completed(self, source: Any, row: Any, column: Any) -> tuple[Any, Any, Any]:
        """(source, row, column) of the whole square, or of its copy with zeros for what does not exist."""
        self.copy(source, row, column, False)
        return self.choose(source, row, column)

    def store(self, target: Any, row: Any, column: Any) -> None:
        """Stores what exists."""
        self.copy(target, row, column, True)


def is_finite(e: Emitter, total: Any) -> Any:
    """1 if no number is NaN or infinite in a sum, else 0. It is subtracted from itself: inf - inf is NaN."""
    builder = e.builder
    zero = builder.fsub(total, total)
    bad = builder.bitcast(builder.fcmp_unordered("uno", zero, zero), ir.IntType(LANES))
    return builder.zext(builder.icmp_unsigned("==", bad, ir.Constant(ir.IntType(LANES), 0)), INDEX)


def plain_transform(name: str, matrices: dict[int, NDArray[np.float32]]) -> Any:
    """As `transform`, by the matrix and in plain loops: its twin, and its stand-in where numba compiles nothing."""
    matrix_4, matrix_6 = matrices[4], matrices[6]
    output = name == "output"

    @kernel
    def apply(
        tile: int, source: Floats, s0: int, row: int, column: int, target: Floats, t0: int, target_row: int,
        target_column: int, top: int, bottom: int, left: int, right: int, lanes: int, bias: Floats, bias0: int, flags: int,
    ) -> int:  # fmt: skip
        good = 1
        matrix = matrix_4 if tile == 4 else matrix_6
        many, size = matrix.shape
        for lane in range(LANES):
            for k in range(many):
                for m in range(many):
                    total = np.float32(0)
                    for i in range(size):
                        for j in range(size):
                            if output or (top <= i < bottom and left <= j < right and lane < lanes):
                                total += matrix[k, i] * matrix[m, j] * source[s0 + i * row + j * column + lane]
                    if not np.isfinite(total):
                        good = 0
                    if output and not (top <= k < bottom and left <= m < right and lane < lanes):
                        continue
                    if flags & 1:
                        total += bias[bias0 + lane]
                    target[t0 + k * target_row + m * target_column + lane] = (
                        np.float32(0) if flags & 2 and total < 0 else total
                    )
        return good if output else 1

    return apply


input_tile = transform("input", {4: input_1d, 6: input6_1d}, {4: BT, 6: BT6})
output_tile = transform("output", {4: output_1d, 6: output6_1d}, {4: AT, 6: AT6})
filter_tile = transform("filter", {4: filter_1d, 6: filter6_1d}, {4: G, 6: G6})
output_gradient_tile = transform("output_gradient", {4: output_gradient_1d, 6: output_gradient6_1d}, {4: np.ascontiguousarray(AT.T), 6: np.ascontiguousarray(AT6.T)})
filter_gradient_tile = transform("filter_gradient", {4: filter_gradient_1d, 6: filter_gradient6_1d}, {4: np.ascontiguousarray(G.T), 6: np.ascontiguousarray(G6.T)})
