"""Moving whole vectors: lines of a panel as they are, and matrices with rows and columns exchanged.

    copy_line:   target[t0 + j] = source[s0 + j]                                   j < COLUMNS
    transpose:   target[t0 + j*target_step + i] = source[s0 + i*source_step + j]   i < rows, j < columns

A square of LANES x LANES is exchanged in registers by a perfect shuffle, done log2(LANES) times: of rows i and i + LANES/2
the lanes are interleaved, a0 b0 a1 b1 ... (Stone 1971, "Parallel processing with the perfect shuffle", section III).
Number by number, 9216 x 128 weights take 1.8 ms, by squares 0.16 (Zen 4, one thread); the edges are done number by number.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS, ir, no_value
from tinyseq.kernels.matrix.register_tile import COLUMNS
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, INT, LANES, Emitter, arguments, call

Floats = NDArray[np.float32]


@kernel
def transpose(
    source: Floats, s0: int, source_step: int, rows: int, columns: int, target: Floats, t0: int, target_step: int
) -> None:  # fmt: skip
    """The module's formula, square by square, and the rest number by number."""
    tall, wide = rows // LANES * LANES, columns // LANES * LANES
    for j in range(0, wide, LANES):
        for i in range(0, tall, LANES):
            transpose_square(source, s0 + i * source_step + j, source_step, target, t0 + j * target_step + i, target_step)
    for i in range(rows):
        for j in range(wide if i < tall else 0, columns):
            target[t0 + j * target_step + i] = source[s0 + i * source_step + j]


@kernel
def transpose_all(source: Floats, target: Floats) -> None:
    """(n, rows, columns) -> (n, columns, rows)."""
    samples, rows, columns = source.shape
    x, y = source.reshape(source.size), target.reshape(target.size)
    for n in range(samples):
        transpose(x, n * rows * columns, columns, rows, columns, y, n * rows * columns, rows)


@kernel
def transpose_square_plain(source: Floats, s0: int, source_step: int, target: Floats, t0: int, target_step: int) -> None:
    """LANES x LANES numbers in plain loops: the twin, used if intrinsics cannot run."""
    for i in range(LANES):
        for j in range(LANES):
            target[t0 + j * target_step + i] = source[s0 + i * source_step + j]


@kernel
def copy_line_plain(source: Floats, s0: int, target: Floats, t0: int) -> None:
    """COLUMNS numbers in a plain loop: the twin, used if intrinsics cannot run."""
    for j in range(COLUMNS):
        target[t0 + j] = source[s0 + j]


def write_square(builder: Any, source: Any, source_step: Any, target: Any, target_step: Any) -> None:
    """The body of the LLVM function: loads, shuffles, stores."""
    e = Emitter(builder)
    half = LANES // 2
    deal = [lane // 2 + lane % 2 * LANES for lane in range(LANES)]
    low = ir.Constant(ir.VectorType(INT, LANES), deal)
    high = ir.Constant(ir.VectorType(INT, LANES), [lane + half for lane in deal])
    lines = [e.load(e.at(source, builder.mul(source_step, ir.Constant(INDEX, i)))) for i in range(LANES)]
    for _ in range(LANES.bit_length() - 1):
        lines = [
            builder.shuffle_vector(lines[i], lines[i + half], order) for i in range(half) for order in (low, high)
        ]  # fmt: skip
    for j, line in enumerate(lines):
        e.store(line, e.at(target, builder.mul(target_step, ir.Constant(INDEX, j))))


@intrinsic  # type: ignore[untyped-decorator]
def transpose_square_vectors(
    typing: Any, source: Any, s0: Any, source_step: Any, target: Any, t0: Any, target_step: Any
) -> Any:  # fmt: skip
    """Like transpose_square_plain, in vector registers."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        source, s0, source_step, target, t0, target_step = arguments(context, builder, signature, values)
        places = [e.at(source, s0), source_step, e.at(target, t0), target_step]
        return call(context, builder, f"transpose_{LANES}", [FLOATS, INDEX, FLOATS, INDEX], write_square, places)

    return types.void(source, n, n, target, n, n), generate


@intrinsic  # type: ignore[untyped-decorator]
def copy_line_vectors(typing: Any, source: Any, s0: Any, target: Any, t0: Any) -> Any:
    """Like copy_line_plain, in vector registers."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        source, s0, target, t0 = arguments(context, builder, signature, values)
        lines = [e.load(e.at(e.at(source, s0), j)) for j in range(0, COLUMNS, LANES)]
        for place, line in enumerate(lines):
            e.store(line, e.at(e.at(target, t0), place * LANES))
        return no_value(context)

    return types.void(source, n, target, n), generate


transpose_square = transpose_square_plain if PLAIN_TWINS else transpose_square_vectors
copy_line = copy_line_plain if PLAIN_TWINS else copy_line_vectors
