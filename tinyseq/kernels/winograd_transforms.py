"""The five transforms of Winograd's convolution F(4x4, 3x3), each on LANES channels at once.

    y = A^T [ (G w G^T) . (B^T x B) ] A        x a 6x6 tile, w a 3x3 filter, y the 4x4 tile of outputs; . element by element

Lavin & Gray (2016), "Fast algorithms for convolutional neural networks", section 4.1 and eq. 8; Winograd (1980). Outputs
cost 36 multiplications for 16 instead of 144; the price is the transforms and some rounding (at points 0, 1, -1, 2, -2).
Gradients are the transposed maps: of the output A y A^T, of the filter G^T u G.

Each transform is written once below as a formula on six (or four, or three) values; values are LLVM vectors while a
kernel is compiled, and the tests run the same formulas on numbers against the matrices BT, G and AT.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.simd import FLOATS, INDEX, LANES, MASK, VECTOR, Emitter, arguments, call, join

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


def transform(name: str, formula: Callable[[Values], Values], size: int, matrix: NDArray[np.float32]) -> Any:
    """The intrinsic that applies `formula` to both axes of a size x size square of vectors.

    source[i*row + j*column + lane] -> target[k*target_row + l*target_column + lane], at the given first places. Of the
    square of pixels (the source; for "output" and "filter_gradient" the target) only rows top..bottom-1, columns
    left..right-1 and the first `lanes` lanes exist: the others are read as 0 and never written. "filter_gradient" is added
    to what the target holds. For "output": with flag 1, bias[lane] is added, with flag 2, what is negative becomes 0 in the
    end. Returns 0 if an output is NaN or infinite before that, else 1.
    """
    many = len(matrix)
    edged, adds = name in ("output", "filter_gradient"), name == "filter_gradient"

    def write(
        builder: Any, source: Any, row: Any, column: Any, target: Any, target_row: Any, target_column: Any, top: Any,
        bottom: Any, left: Any, right: Any, lanes: Any, bias: Any, flags: Any,
    ) -> Any:  # fmt: skip
        e = Emitter(builder)
        output = name == "output"
        edges = Edges(e, many if edged else size, top, bottom, left, right, lanes)
        if not edged:
            source, row, column = edges.completed(source, row, column)
        result = both(formula, [[Lanes(e, e.load(e.at(source, place(e, i, row, j, column)))) for j in range(size)] for i in range(size)])
        good = all_finite(e, result) if output else ir.Constant(INDEX, 1)
        if output:
            result = finish(e, result, bias, flags)
        if edged:
            edges.store(result, target, target_row, target_column, adds)
        else:
            for i, line in enumerate(result):
                for j, value in enumerate(line):
                    e.store(value.value, e.at(target, place(e, i, target_row, j, target_column)))
        return good

    @intrinsic  # type: ignore[untyped-decorator]
    def apply(
        typing: Any, source: Any, s0: Any, row: Any, column: Any, target: Any, t0: Any, target_row: Any,
        target_column: Any, top: Any, bottom: Any, left: Any, right: Any, lanes: Any, bias: Any, bias0: Any, flags: Any,
    ) -> Any:  # fmt: skip
        n = types.int64
        signature = types.int64(source, n, n, n, target, n, n, n, n, n, n, n, n, bias, n, n)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            e = Emitter(builder)
            s, s0, row, column, t, t0, t_row, t_column, *edges, b, b0, flags = arguments(context, builder, signature, values)
            kinds = [FLOATS, INDEX, INDEX, FLOATS, INDEX, INDEX, *[INDEX] * 5, FLOATS, INDEX]
            places = [e.at(s, s0), row, column, e.at(t, t0), t_row, t_column, *edges, e.at(b, b0), flags]
            return call(context, builder, f"winograd_{name}_{LANES}", kinds, write, places, INDEX)

        return signature, generate

    plain = getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0)
    return plain_transform(name, matrix) if plain else apply


def place(e: Emitter, i: int, step: Any, j: int, other: Any) -> Any:
    """i*step + j*other."""
    return e.builder.add(e.builder.mul(step, ir.Constant(INDEX, i)), e.builder.mul(other, ir.Constant(INDEX, j)))


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

    def masks(self) -> list[tuple[int, int, Any]]:
        """(i, j, which lanes exist there)."""
        e, builder = self.e, self.builder
        top, bottom, left, right, lanes = self.limits
        some = e.first(lanes)
        rows = [self.between(i, top, bottom) for i in range(self.size)]
        columns = [builder.and_(e.splat(self.between(j, left, right), MASK), some) for j in range(self.size)]
        return [
            (i, j, builder.and_(e.splat(row, MASK), column)) for i, row in enumerate(rows) for j, column in enumerate(columns)
        ]  # fmt: skip

    def between(self, i: int, first: Any, stop: Any) -> Any:
        """first <= i < stop."""
        here = ir.Constant(INDEX, i)
        return self.builder.and_(self.builder.icmp_signed("<=", first, here), self.builder.icmp_signed("<", here, stop))

    def completed(self, source: Any, row: Any, column: Any) -> tuple[Any, Any, Any]:
        """(source, row, column) of the whole square, or of its copy with zeros for what does not exist."""
        e, builder = self.e, self.builder
        before = builder.block
        with builder.if_then(builder.not_(self.whole), likely=False):
            for i, j, mask in self.masks():
                e.store(e.load(e.at(source, place(e, i, row, j, column)), mask), e.at(self.square, (i * self.size + j) * LANES))
            inside = builder.block
        steps = ir.Constant(INDEX, self.size * LANES), ir.Constant(INDEX, LANES)
        pairs = ((source, self.square), (row, steps[0]), (column, steps[1]))
        found = [join(builder, {before: old, inside: new}) for old, new in pairs]
        return found[0], found[1], found[2]

    def store(self, result: list[Values], target: Any, row: Any, column: Any, adds: bool) -> None:
        """Stores what exists, or adds it to what is there."""
        e, builder = self.e, self.builder

        def put(i: int, j: int, mask: Any) -> None:
            value, there = result[i][j], e.at(target, place(e, i, row, j, column))
            e.store((value + Lanes(e, e.load(there, mask))).value if adds else value.value, there, mask)

        with builder.if_else(self.whole) as (whole, part):
            with whole:
                for i, line in enumerate(result):
                    for j in range(len(line)):
                        put(i, j, None)
            with part:
                for i, j, mask in self.masks():
                    put(i, j, mask)


def all_finite(e: Emitter, square: list[Values]) -> Any:
    """1 if no number is NaN or infinite, else 0. The sum of all is subtracted from itself: inf - inf is NaN."""
    builder = e.builder
    total = square[0][0].value
    for value in [lanes.value for line in square for lanes in line][1:]:
        total = builder.fadd(total, value)
    zero = builder.fsub(total, total)
    bad = builder.bitcast(builder.fcmp_unordered("uno", zero, zero), ir.IntType(LANES))
    return builder.zext(builder.icmp_unsigned("==", bad, ir.Constant(ir.IntType(LANES), 0)), INDEX)


def finish(e: Emitter, square: list[Values], bias: Any, flags: Any) -> list[Values]:
    """Bias and relu, as the flags say. Bias is read only if wanted."""
    builder = e.builder
    for bit, change in (
        (1, lambda loaded, lanes: lanes + loaded),
        (2, lambda _, lanes: Lanes(e, e.relu(lanes.value))),
    ):
        before = builder.block
        wanted = builder.icmp_signed("!=", builder.and_(flags, ir.Constant(INDEX, bit)), ir.Constant(INDEX, 0))
        with builder.if_then(wanted):
            loaded = Lanes(e, e.load(bias)) if bit == 1 else None
            changed = [[change(loaded, lanes) for lanes in line] for line in square]
            inside = builder.block
        pairs = [zip(*lines, strict=True) for lines in zip(square, changed, strict=True)]
        square = [
            [Lanes(e, join(builder, {before: old.value, inside: new.value})) for old, new in line] for line in pairs
        ]
    return square


def plain_transform(name: str, matrix: NDArray[np.float32]) -> Any:
    """As `transform`, by the matrix and in plain loops: its twin, and its stand-in where numba compiles nothing."""
    many, size = matrix.shape
    output, adds = name == "output", name == "filter_gradient"
    edged = output or adds

    @kernel
    def apply(
        source: Floats, s0: int, row: int, column: int, target: Floats, t0: int, target_row: int, target_column: int,
        top: int, bottom: int, left: int, right: int, lanes: int, bias: Floats, bias0: int, flags: int,
    ) -> int:  # fmt: skip
        good = 1
        for lane in range(LANES):
            for k in range(many):
                for m in range(many):
                    total = np.float32(0)
                    for i in range(size):
                        for j in range(size):
                            if edged or (top <= i < bottom and left <= j < right and lane < lanes):
                                total += matrix[k, i] * matrix[m, j] * source[s0 + i * row + j * column + lane]
                    if not np.isfinite(total):
                        good = 0
                    if edged and not (top <= k < bottom and left <= m < right and lane < lanes):
                        continue
                    if flags & 1:
                        total += bias[bias0 + lane]
                    if adds:
                        total += target[t0 + k * target_row + m * target_column + lane]
                    target[t0 + k * target_row + m * target_column + lane] = (
                        np.float32(0) if flags & 2 and total < 0 else total
                    )
        return good if output else 1

    return apply


input_tile = transform("input", input_1d, 6, BT)
output_tile = transform("output", output_1d, 6, AT)
filter_tile = transform("filter", filter_1d, 3, G)
output_gradient_tile = transform("output_gradient", output_gradient_1d, 4, np.ascontiguousarray(AT.T))
filter_gradient_tile = transform("filter_gradient", filter_gradient_1d, 6, np.ascontiguousarray(G.T))
