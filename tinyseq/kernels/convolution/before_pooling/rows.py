"""Copies of rows of pixels for gradient_before_pooling.py: LANES numbers at a time, any number of them.

    copy_rows:  target[t0 + r * target_step + i] = source[s0 + r * source_step + i]      r < rows, i < count
    ask_for:    brings source[s0 : s0 + count] into the second-level cache (prefetch.py); it changes no number

LANES divides count.

The loops are written in LLVM's language, where they are vector loops directly. A plain loop of numba is first vectorised,
with a test for overlapping arrays, and unrolled: four such loops took 0.3 s to compile.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.prefetch import LINE, write_prefetch
from tinyseq.kernels.matrix.simd import FLOATS, INDEX, LANES, Emitter, arguments, call, count_up

Floats = NDArray[np.float32]


@kernel
def copy_rows_plain(
    source: Floats, s0: int, source_step: int, target: Floats, t0: int, target_step: int, rows: int, count: int
) -> None:  # fmt: skip
    """The module's formula."""
    for r in range(rows):
        for i in range(count):
            target[t0 + r * target_step + i] = source[s0 + r * source_step + i]


@kernel
def ask_for_plain(source: Floats, s0: int, count: int) -> None:
    """Does nothing: used if intrinsics cannot run."""


def write_copy(
    builder: Any, source: Any, source_step: Any, target: Any, target_step: Any, rows: Any, count: Any
) -> None:  # fmt: skip
    """The body of copy_rows' LLVM function."""
    e = Emitter(builder)

    def row(r: Any, _: list[Any]) -> list[Any]:
        begin, end = e.at(source, builder.mul(r, source_step)), e.at(target, builder.mul(r, target_step))

        def vector(i: Any, _: list[Any]) -> list[Any]:
            e.store(e.load(e.at(begin, i)), e.at(end, i))
            return []

        return count_up(builder, count, LANES, [], vector)

    count_up(builder, rows, 1, [], row)


def write_ask(builder: Any, source: Any, count: Any) -> None:
    """The body of ask_for's LLVM function."""

    def line(i: Any, _: list[Any]) -> list[Any]:
        write_prefetch(builder, Emitter(builder).at(source, i))
        return []

    count_up(builder, count, LINE, [], line)


@intrinsic  # type: ignore[untyped-decorator]
def copy_rows_vectors(
    typing: Any, source: Any, s0: Any, source_step: Any, target: Any, t0: Any, target_step: Any, rows: Any, count: Any
) -> Any:  # fmt: skip
    """As copy_rows_plain, in vector registers."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        e = Emitter(builder)
        source, s0, source_step, target, t0, target_step, rows, count = arguments(context, builder, signature, values)
        given = [e.at(source, s0), source_step, e.at(target, t0), target_step, rows, count]
        return call(context, builder, "copy_rows", [FLOATS, INDEX, FLOATS, INDEX, INDEX, INDEX], write_copy, given)

    return types.void(source, n, n, target, n, n, n, n), generate


@intrinsic  # type: ignore[untyped-decorator]
def ask_for_lines(typing: Any, source: Any, s0: Any, count: Any) -> Any:
    """A hint for each line: an unreadable address is not an error."""
    n = types.int64

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        source, s0, count = arguments(context, builder, signature, values)
        return call(context, builder, "ask_for", [FLOATS, INDEX], write_ask, [Emitter(builder).at(source, s0), count])

    return types.void(source, n, n), generate


copy_rows = copy_rows_plain if PLAIN_TWINS else copy_rows_vectors
ask_for = ask_for_plain if PLAIN_TWINS else ask_for_lines
