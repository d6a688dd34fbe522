"""Matrix products by register tiles: C[outs[r] + j] (+)= sum over k of A[rows[r] + taps[k]] * B[k, j].

B is stored in panels, as in register_tile.py. `pack` copies any matrix into panels and pads the last one with zeros (step = COLUMNS,
panel = depth * COLUMNS). A row-major matrix whose width is a multiple of COLUMNS can be used in place (step = width,
panel = COLUMNS).

A deep product is split into DEPTH numbers at a time, so that a panel, which all rows use, stays in a near cache.
Goto & van de Geijn (2008), section 5.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS, RELU, ROWS, SMALL, by_lines, by_narrow_tiles, by_small_tiles, by_tiles
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear, copy
from tinyseq.kernels.movement.transposing import copy_line, transpose

DEPTH = 2048
"""Rows of a panel that are used at a time: 2048 of 32 floats are 256 KiB, half of a second-level cache."""

FEW = 5 if LANES == 4 else 2
"""Most rows left over from whole tiles that are computed line by line. One row of 1024 x 128 by lines takes 0.3 (SSE) or 0.6
(AVX-512) of a tile's time, which is the same for one row as for all."""

LINES = 16
"""Lines of a panel that `pack` copies before it goes to the next panel: panels of 256 lines lie 32 KiB apart, and such addresses fall on
the same few places of a cache (256 x 512 numbers: 33 us line by line, 20 so; Xeon, AVX-512)."""

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]


def panels(columns: int) -> int:
    """The number of panels for that many columns."""
    return -(-columns // COLUMNS)


def padded(columns: int) -> int:
    """`columns`, rounded up to whole panels."""
    return panels(columns) * COLUMNS


@lru_cache(maxsize=256)
def steps(count: int, step: int = 1) -> Offsets:
    """The offsets 0, step, 2*step ...: where the rows or columns of a plain matrix begin. Shared: do not write to it."""
    return np.arange(count, dtype=np.int64) * step


@kernel
def multiply_planes(
    planes: int, a: Floats, a0: int, a_plane: int, rows: Offsets, first: int, stop: int, taps: Offsets, depth: int,
    b: Floats, b0: int, b_plane: int, step: int, panel: int, c: Floats, c0: int, c_plane: int, outs: Offsets, columns: int,
    bias: Floats, bias0: int, biased: int, flags: int,
) -> None:  # fmt: skip
    """Rows first..stop-1 of `planes` products, whose matrices lie a_plane, b_plane and c_plane apart. `flags` as in register_tile.py,
    for all of them, and BIAS for plane `biased`. The module's docstring has the formula.

    All planes in one call, because a call takes some 50 cycles (Zen 3) where 6 rows of 32 columns and 32 numbers each are 400.
    """
    whole, small = cut(stop - first)
    small_first, line_first = first + whole, first + whole + small
    for p in range(planes):
        a1, b1, c1 = a0 + p * a_plane, b0 + p * b_plane, c0 + p * c_plane
        own = flags | BIAS if p == biased else flags
        for k in range(0, max(depth, 1), DEPTH):
            block = min(DEPTH, depth - k)
            now = (own & (ADD | BIAS)) if k == 0 else ADD
            if k + block == depth:
                now |= own & RELU
            b2 = b1 + k * step
            if whole > 0 and columns <= LANES:
                by_narrow_tiles(
                    a, a1, rows, first, small_first - 1, taps, k, block, b, b2, step, panel, c, c1, outs, columns, bias, bias0, now
                )  # fmt: skip
            elif whole > 0:
                by_tiles(
                    a, a1, rows, first, small_first - 1, taps, k, block, b, b2, step, panel, c, c1, outs, columns, bias, bias0, now
                )  # fmt: skip
            if small > 0:
                by_small_tiles(
                    a, a1, rows, small_first, line_first - 1, taps, k, block, b, b2, step, panel, c, c1, outs, columns, bias, bias0,
                    now,
                )  # fmt: skip
            if line_first < stop:
                by_lines(
                    a, a1, rows, line_first, stop - 1, taps, k, block, b, b2, step, panel, c, c1, outs, columns, bias, bias0, now
                )  # fmt: skip


@kernel(part=True)
def cut(count: int) -> tuple[int, int]:
    """How many of so many rows are computed in whole tiles, and how many in small ones; the others, FEW at most, in lines."""
    rest = count % ROWS
    if 0 < rest == 2 * SMALL - ROWS and count > ROWS:  # 8 = 6 + 2 = 4 + 4
        return count - 2 * SMALL, 2 * SMALL
    if rest <= FEW:
        return count - rest, 0
    if rest <= SMALL:
        return count - rest, rest
    return count, 0


@kernel(part=True)
def multiply(
    a: Floats, a0: int, rows: Offsets, first: int, stop: int, taps: Offsets, depth: int, b: Floats, b0: int, step: int,
    panel: int, c: Floats, c0: int, outs: Offsets, columns: int, bias: Floats, bias0: int, flags: int,
) -> None:  # fmt: skip
    """Rows first..stop-1 of one product, for kernels; from Python, which would compile it, call multiply_planes."""
    multiply_planes(
        1, a, a0, 0, rows, first, stop, taps, depth, b, b0, 0, step, panel, c, c0, 0, outs, columns, bias, bias0, -1, flags
    )  # fmt: skip


@kernel
def pack(source: Floats, source0: int, rows: Offsets, columns: Offsets, packed: Floats, packed0: int) -> None:
    """The matrix source[source0 + rows[k] + columns[j]] as panels, the last one padded with zeros.

    If neighbours in j are neighbours in memory, lines are copied, LINES of each panel at a time. Else (a transposed matrix, most likely)
    eight rows at a time: if neighbours in k are neighbours in memory, a cache line is used eight times before it is evicted.
    """
    depth, width = rows.size, columns.size
    full = width // COLUMNS * COLUMNS
    if columns[width - 1] - columns[0] == width - 1:
        for block in range(0, depth, LINES):
            for first in range(0, full, COLUMNS):
                for k in range(block, min(block + LINES, depth)):
                    copy_line(source, source0 + columns[first] + rows[k], packed, packed0 + first * depth + k * COLUMNS)
        for k in range(depth):
            if full < width:
                place = packed0 + full * depth + k * COLUMNS
                copy(source, source0 + columns[full] + rows[k], packed, place, width - full)
    else:
        for first in range(0, width, COLUMNS):
            begin = packed0 + first * depth
            for block in range(0, depth, 8):
                for j in range(min(COLUMNS, width - first)):
                    column = source0 + columns[first + j]
                    for k in range(block, min(block + 8, depth)):
                        packed[begin + k * COLUMNS + j] = source[column + rows[k]]
    for k in range(depth if full < width else 0):
        place = packed0 + full * depth + k * COLUMNS
        clear(packed, place + width - full, place + COLUMNS)


@kernel
def pack_transposed(source: Floats, depth: int, width: int, packed: Floats) -> None:
    """The matrix B[k, j] = source[j * depth + k] as panels, the last one padded with zeros."""
    for first in range(0, width, COLUMNS):
        count, begin = min(COLUMNS, width - first), first * depth
        transpose(source, first * depth, depth, count, depth, packed, begin, COLUMNS)
        for k in range(depth if count < COLUMNS else 0):
            clear(packed, begin + k * COLUMNS + count, begin + (k + 1) * COLUMNS)
