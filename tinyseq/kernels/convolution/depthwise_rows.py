"""Depthwise convolution by a 3x3 window, row by row: each channel separately, 16 channels at once.

    y[n, r, p, c]   = b[c] + sum over i, j of x[n, r*stride - top + i, p*stride - left + j, c] w[i, j, c]
    dw[i, j, c]    += sum over n, r, p of x[n, r*stride - top + i, p*stride - left + j, c] dy[n, r, p, c]
    dx[n, h, v, c]  = sum over i, j of dy[n, r, p, c] w[i, j, c], where r = (h + top - i) / stride and p = (v + left - j) / stride
                      are whole numbers

with stride 1 or 2, as many channels as a multiple of 16, and pixels outside of the image as 0. Four pixels of a row are computed
together: in stride 1 their windows have 6 columns in all, so that 6 numbers are read for 12 products, and sums and weights stay in
registers. Nothing is copied to pad the image: rows outside of it are skipped (`inside`), as is the first or last column.

All other windows, and any number of channels, use depthwise.py's tables, which are slower. A Xeon with AVX-512, one thread, 4
images, by tables and by rows: 32x32 of 16 channels forward 68 and 26 us, dw 69 and 20; 32x32 of 32, stride 2, dx 77 and 35, dw 54 and 17.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.lanes16 import LANES, add, bounded, load, multiply_add, splat, store
from tinyseq.kernels.matrix.register_tile import BIAS, RELU

F32 = np.float32
Floats = NDArray[np.float32]
WINDOW = 3
PIXELS = 4
"""Pixels of a row that are computed together: as many sums as one unit has multiply-adds in flight."""


def fits(g: Geometry, multiplier: int) -> bool:
    """Whether these kernels compute a depthwise convolution of such sizes."""
    square = g.window_rows == g.window_columns == WINDOW and g.row_stride == g.column_stride and g.row_stride in (1, 2)
    near = g.row_dilation == g.column_dilation == 1 and multiplier == 1 and g.channels % LANES == 0
    over = (g.columns - 1) * g.column_stride - g.left + WINDOW - g.width
    return not PLAIN_TWINS and square and near and 0 <= g.left <= 1 and over <= 1 and g.columns >= PIXELS


@kernel(part=True)
def inside(first: int, size: int) -> tuple[int, int]:
    """(begin, stop) of the i in range(3) with 0 <= first + i < size."""
    return max(0, -first), min(WINDOW, size - first)


@kernel(part=True)
def edge(
    x: Floats, at: int, line: int, rows: tuple[int, int], columns: tuple[int, int], channels: int, w: Floats, w0: int, turn: int,
    total: Floats,
) -> Floats:  # fmt: skip
    """The sum of one pixel over those rows and columns of its window: i in rows, j in columns; weight (i, j) is at w0 + turn (3 i + j)."""
    for i in range(rows[0], rows[1]):
        for j in range(columns[0], columns[1]):
            weight = load(w, w0 + turn * (WINDOW * i + j))
            total = multiply_add(load(x, at + i * line + j * channels), weight, total)
    return total


@kernel
def slide_rows(
    x: Floats, w: Floats, b: Floats, y: Floats, g: Geometry, flags: int, back: bool, start: int, stop: int
) -> None:  # fmt: skip
    """Rows start..stop-1 of all images' rows of y, stride 1 or 2. flags: BIAS, RELU.

    back: the gradient of the image in stride 1, which is the same with the window turned by half a turn: x is then dy, y is dx,
    and `g` has the sizes of that (`turned`).
    """
    step, size = g.row_stride, g.channels
    line, turn, breadth = g.width * size, -size if back else size, (PIXELS - 1) * g.row_stride + WINDOW
    low, high = splat(F32(0 if flags & RELU else -np.inf)), splat(F32(np.inf))
    for unit in range(start, stop):
        n, r = unit // g.rows, unit % g.rows
        rows = inside(r * step - g.top, g.height)
        for c in range(0, size, LANES):
            begin = (n * g.height + r * step - g.top) * line + c
            out, w0 = unit * g.columns * size + c, c + (8 * size if back else 0)
            bias = load(b, c) if flags & BIAS else splat(F32(0))
            for p in range(0, g.columns, PIXELS):
                p = min(p, g.columns - PIXELS)  # the last four may overlap the ones before
                column = p * step - g.left
                at, place = begin + column * size, out + p * size
                if column < -1 or column + breadth - 1 > g.width:
                    for k in range(PIXELS):
                        columns = inside(column + k * step, g.width)
                        total = edge(x, at + k * step * size, line, rows, columns, size, w, w0, turn, bias)
                        store(y, place + k * size, bounded(total, low, high))
                    continue
                ends = column >= 0, column + breadth <= g.width
                if step == 1:
                    sums = four(x, at, line, rows, ends, size, w, w0, turn, bias)
                else:
                    sums = four_by_two(x, at, line, rows, ends, size, w, w0, turn, bias)
                store(y, place, bounded(sums[0], low, high))
                store(y, place + size, bounded(sums[1], low, high))
                store(y, place + 2 * size, bounded(sums[2], low, high))
                store(y, place + 3 * size, bounded(sums[3], low, high))


@kernel(part=True)
def four(
    x: Floats, at: int, line: int, rows: tuple[int, int], ends: tuple[bool, bool], channels: int, w: Floats, w0: int, turn: int,
    start: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """The sums of four neighbouring pixels in stride 1. ends: whether the first and the last of their six columns are in the image."""
    a, b, c, d = start, start, start, start
    zero = splat(F32(0))
    for i in range(rows[0], rows[1]):
        q, v = at + i * line, w0 + turn * WINDOW * i
        left, middle, right = load(w, v), load(w, v + turn), load(w, v + 2 * turn)
        x0 = load(x, q) if ends[0] else zero
        x1, x2, x3, x4 = load(x, q + channels), load(x, q + 2 * channels), load(x, q + 3 * channels), load(x, q + 4 * channels)
        x5 = load(x, q + 5 * channels) if ends[1] else zero
        a, b, c, d = multiply_add(x0, left, a), multiply_add(x1, left, b), multiply_add(x2, left, c), multiply_add(x3, left, d)
        a, b = multiply_add(x1, middle, a), multiply_add(x2, middle, b)
        c, d = multiply_add(x3, middle, c), multiply_add(x4, middle, d)
        a, b, c, d = multiply_add(x2, right, a), multiply_add(x3, right, b), multiply_add(x4, right, c), multiply_add(x5, right, d)
    return a, b, c, d


@kernel(part=True)
def four_by_two(
    x: Floats, at: int, line: int, rows: tuple[int, int], ends: tuple[bool, bool], channels: int, w: Floats, w0: int, turn: int,
    start: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """Like `four`, in stride 2, of nine columns."""
    a, b, c, d = start, start, start, start
    zero = splat(F32(0))
    for i in range(rows[0], rows[1]):
        q, v = at + i * line, w0 + turn * WINDOW * i
        left, middle, right = load(w, v), load(w, v + turn), load(w, v + 2 * turn)
        x0 = load(x, q) if ends[0] else zero
        x2, x4, x6 = load(x, q + 2 * channels), load(x, q + 4 * channels), load(x, q + 6 * channels)
        x8 = load(x, q + 8 * channels) if ends[1] else zero
        a, b, c, d = multiply_add(x0, left, a), multiply_add(x2, left, b), multiply_add(x4, left, c), multiply_add(x6, left, d)
        a, b = multiply_add(load(x, q + channels), middle, a), multiply_add(load(x, q + 3 * channels), middle, b)
        c, d = multiply_add(load(x, q + 5 * channels), middle, c), multiply_add(load(x, q + 7 * channels), middle, d)
        a, b, c, d = multiply_add(x2, right, a), multiply_add(x4, right, b), multiply_add(x6, right, c), multiply_add(x8, right, d)
    return a, b, c, d


@kernel
def spread_rows(dy: Floats, w: Floats, dx: Floats, g: Geometry, start: int, stop: int) -> None:
    """Rows start..stop-1 of all images' rows of dx, stride 2: pixel v received from dy's pixels (v + left - j) / 2, j = 0 and 2 or 1."""
    line, size = g.columns * g.channels, g.channels
    # m counts pairs of pixels, v = 2 m - left and the next one; those without an edge have dy at m - 1 and m
    first, last = 1, min(g.columns, (g.width + g.left) // 2)
    for unit in range(start, stop):
        n, h = unit // g.height, unit % g.height
        odd = (h + g.top) % 2
        for c in range(0, size, LANES):
            out = unit * g.width * size + c
            for v in range(2 * first - g.left):
                store(dx, out + v * size, received(dy, w, g, n, h, v, c))
            for v in range(2 * last - g.left, g.width):
                store(dx, out + v * size, received(dy, w, g, n, h, v, c))
            for m in range(first, last):
                even, other = splat(F32(0)), splat(F32(0))
                for i in range(odd, WINDOW, 2):
                    r = (h + g.top - i) // 2
                    if 0 <= r < g.rows:
                        q, v0 = (n * g.rows + r) * line + m * size + c, WINDOW * i * size + c
                        here = load(dy, q)
                        even = multiply_add(here, load(w, v0), multiply_add(load(dy, q - size), load(w, v0 + 2 * size), even))
                        other = multiply_add(here, load(w, v0 + size), other)
                place = out + (2 * m - g.left) * size
                store(dx, place, even)
                store(dx, place + size, other)


@kernel(part=True)
def received(dy: Floats, w: Floats, g: Geometry, n: int, h: int, v: int, c: int) -> Floats:
    """16 channels of dx[n, h, v], one product after the other."""
    total: Floats = splat(F32(0))
    for i in range((h + g.top) % 2, WINDOW, 2):
        r = (h + g.top - i) // 2
        for j in range((v + g.left) % 2, WINDOW, 2):
            p = (v + g.left - j) // 2
            if 0 <= r < g.rows and 0 <= p < g.columns:
                weight = load(w, (WINDOW * i + j) * g.channels + c)
                total = multiply_add(load(dy, ((n * g.rows + r) * g.columns + p) * g.channels + c), weight, total)
    return total


@kernel
def gather_rows(x: Floats, dy: Floats, dw: Floats, g: Geometry, start: int, stop: int) -> None:
    """dw += what rows start..stop-1 of all images' rows of dy add to it: two pixels at a time, for three weights each."""
    step, line, size = g.row_stride, g.width * g.channels, g.channels
    begin, end = g.left, g.columns  # the window of the first and the last pixel may leave the image
    if (g.columns - 1) * step - g.left + WINDOW > g.width:
        end -= 1
    zero = splat(F32(0))
    for unit in range(start, stop):
        n, r = unit // g.rows, unit % g.rows
        rows = inside(r * step - g.top, g.height)
        for c in range(0, size, LANES):
            for i in range(rows[0], rows[1]):
                at = (n * g.height + r * step - g.top + i) * line - g.left * size + c
                gradient, v = unit * g.columns * size + c, WINDOW * i * size + c
                left, middle, right = load(dw, v), load(dw, v + size), load(dw, v + 2 * size)
                left2, middle2, right2 = zero, zero, zero
                if begin > 0:
                    d = load(dy, gradient)
                    middle, right = multiply_add(load(x, at + size), d, middle), multiply_add(load(x, at + 2 * size), d, right)
                for p in range(begin, end - 1, 2):
                    d, q = load(dy, gradient + p * size), at + p * step * size
                    d2, q2 = load(dy, gradient + (p + 1) * size), at + (p + 1) * step * size
                    left, left2 = multiply_add(load(x, q), d, left), multiply_add(load(x, q2), d2, left2)
                    middle = multiply_add(load(x, q + size), d, middle)
                    middle2 = multiply_add(load(x, q2 + size), d2, middle2)
                    right = multiply_add(load(x, q + 2 * size), d, right)
                    right2 = multiply_add(load(x, q2 + 2 * size), d2, right2)
                if (end - begin) % 2 != 0:
                    d, q = load(dy, gradient + (end - 1) * size), at + (end - 1) * step * size
                    left, middle = multiply_add(load(x, q), d, left), multiply_add(load(x, q + size), d, middle)
                    right = multiply_add(load(x, q + 2 * size), d, right)
                if end < g.columns:
                    d, q = load(dy, gradient + end * size), at + end * step * size
                    left2, middle2 = multiply_add(load(x, q), d, left2), multiply_add(load(x, q + size), d, middle2)
                store(dw, v, add(left, left2))
                store(dw, v + size, add(middle, middle2))
                store(dw, v + 2 * size, add(right, right2))


def turned(g: Geometry) -> Geometry:
    """The geometry of the pass from dy to dx in stride 1."""
    return g._replace(
        height=g.rows, width=g.columns, rows=g.height, columns=g.width, top=WINDOW - 1 - g.top, left=WINDOW - 1 - g.left
    )  # fmt: skip
