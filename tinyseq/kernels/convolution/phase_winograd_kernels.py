"""The kernels of phase_winograd.py, block by block of tiles.

Arrays: V (36, block, lanes), where the lanes are phases * channels for `convolve` and `correlate`, and filters for `spread`; U for each
place panels of (lanes, COLUMNS), for `spread` of each phase; M, D, dU as in winograd_kernels.py. Tiles have 4x4 outputs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.winograd_kernels import GAP, block_size, panels_of, tile_at, transform_gradients
from tinyseq.kernels.convolution.winograd_kernels import transform_inputs as transform_whole_inputs
from tinyseq.kernels.convolution.winograd_transforms import filter_gradient_tile, filter_tile, input_tile, output_tile
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS, ROWS
from tinyseq.kernels.matrix.simd import LANES

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
TILE = 4
SIDE = TILE + 2
PLACES = SIDE * SIDE
BLOCK = 32 // ROWS * ROWS
"""Most tiles transformed at a time, a multiple of the register tile's rows, to which block_size rounds up. 4x4 by 2, 32 and 64
channels, eight images of 64x64: forward 2.9 ms (16: 3.0, 48: 3.4), gradient of the weights 3.3 (3.8, 3.6), of the image 2.7 (3.3, 2.9);
Xeon with 2 MiB of second-level cache."""


class Tables(NamedTuple):
    """The offsets of the products of a pass: rows and taps in V, rows in M or dU."""

    rows: Offsets
    taps: Offsets
    outs: Offsets


class Axis(NamedTuple):
    """The phases of one axis of an image, a number for each."""

    first: Offsets
    """The first pixel; the others lie a stride apart."""
    pixels: Offsets
    """How many it has."""
    begin: Offsets
    """The places of a tile at which it takes part: begin..end-1."""
    end: Offsets


class Phases(NamedTuple):
    """The phases of an image whose convolution has the geometry `image`; `back` is that of stride 1 over dy."""

    back: Geometry
    image: Geometry
    rows: Axis
    columns: Axis


class Grid(NamedTuple):
    """Where in an image the outputs of a tile are stored: every row_step-th row from `row` on, `rows` of them; columns likewise."""

    height: int
    width: int
    channels: int
    row: int
    column: int
    row_step: int
    column_step: int
    rows: int
    columns: int


@kernel(part=True)
def pixel(s: Grid, n: int, r: int, q: int) -> int:
    """Where output (r, q) of sample n begins."""
    return ((n * s.height + s.row + r * s.row_step) * s.width + s.column + q * s.column_step) * s.channels


# ---------------------------------------------------------------------------- filters


@kernel
def transform_filters(w: Floats, strides: tuple[int, int], u: Floats) -> None:
    """U of every filter of every phase, with zeros for filters beyond the last."""
    rows, columns, channels, filters = w.shape
    down, across = strides
    flat, width, lanes, tap = w.reshape(-1), panels_of(filters) * COLUMNS, down * across * channels, channels * filters
    step = lanes * width + GAP
    for phase in range(down * across):
        a, b = phase // across, phase % across
        bottom, right = (rows - a + down - 1) // down, (columns - b + across - 1) // across
        for c in range(channels):
            for f in range(0, width, LANES):
                place = (f // COLUMNS * lanes + phase * channels + c) * COLUMNS + f % COLUMNS
                filter_tile(
                    TILE, flat, (a * columns + b) * tap + c * filters + f, down * columns * tap, across * tap, u, place, SIDE * step,
                    step, 0, bottom, 0, right, filters - f, 0,
                )  # fmt: skip


@kernel
def transform_flipped_filters(u: Floats, w0: int, g: Geometry, a: int, b: int, shape: tuple[int, int, int, int]) -> None:
    """U of phase (a, b) turned by half a turn, from the weights u[w0:] (window rows, window columns, filters, channels).

    shape: rows and columns of the phase's window, and the rows and columns before it.
    """
    rows, columns, down, right = shape
    width, tap = panels_of(g.channels) * COLUMNS, g.channels * g.filters
    step = g.filters * width + GAP
    row, column = g.row_stride * (rows - 1 + down) + a, g.column_stride * (columns - 1 + right) + b  # of the window's corner, turned
    begin = (a * g.column_stride + b) * PLACES * step
    for f in range(g.filters):
        for c in range(0, width, LANES):
            place = begin + (c // COLUMNS * g.filters + f) * COLUMNS + c % COLUMNS
            filter_tile(
                TILE, u, w0 + (row * g.window_columns + column) * tap + f * g.channels + c, -g.row_stride * g.window_columns * tap,
                -g.column_stride * tap, u, place, SIDE * step, step, down, down + rows, right, right + columns, g.channels - c, 0,
            )  # fmt: skip


# ---------------------------------------------------------------------------- from the image to its gradient's size


@kernel(part=True)
def transform_inputs(x: Floats, g: Geometry, first: int, count: int, v: Floats) -> None:
    """V of all phases of tiles first..first+count-1."""
    down, across = g.row_stride, g.column_stride
    lanes = down * across * g.channels
    step = BLOCK * lanes + GAP
    for t in range(count):
        n, r, q = tile_at(first + t, g, TILE)
        for phase in range(down * across):
            row, column = r * down - g.top + phase // across, q * across - g.left + phase % across
            above, below = (down - 1 - row) // down, (g.height - row + down - 1) // down
            left, right = (across - 1 - column) // across, (g.width - column + across - 1) // across
            place, lane = ((n * g.height + row) * g.width + column) * g.channels, t * lanes + phase * g.channels
            for chunk in range(0, g.channels, LANES):
                c = min(chunk, g.channels - LANES)
                input_tile(
                    TILE, x, place + c, down * g.width * g.channels, across * g.channels, v, lane + c, SIDE * step, step, above, below,
                    left, right, LANES, 0,
                )  # fmt: skip


@kernel(part=True)
def taking_part(p: int, g: Geometry) -> tuple[int, int, int]:
    """The phases that take part at place p are rows of phases: (how many, at most one if they are neighbours; lanes of one; its step)."""
    rows = g.row_stride if p // SIDE < SIDE - 1 else g.window_rows - 2 * g.row_stride
    columns = g.column_stride if p % SIDE < SIDE - 1 else g.window_columns - 2 * g.column_stride
    if columns == g.column_stride:
        return 1, rows * columns * g.channels, 0
    return rows, columns * g.channels, g.column_stride * g.channels


@kernel
def convolve(
    x: Floats, g: Geometry, t: Tables, u: Floats, b: Floats, y: Floats, flags: int, scratch: Floats, start: int, stop: int
) -> int:  # fmt: skip
    """Tiles start..stop-1 of y; 0 if some of them are not finite: these are marked for `define`. scratch: V, then M."""
    width, lanes = panels_of(g.filters) * COLUMNS, t.taps.size
    plane_v, plane_m, plane_u = BLOCK * lanes + GAP, BLOCK * width + GAP, lanes * width + GAP
    m0 = PLACES * plane_v
    whole = Grid(g.rows, g.columns, g.filters, 0, 0, 1, 1, g.rows, g.columns)
    size = block_size(stop - start, BLOCK)
    finite = 1
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, scratch)
        for p in range(PLACES):
            many, depth, run = taking_part(p, g)
            own = 0
            for a in range(max(many, 1)):  # none: M is 0
                multiply(
                    scratch, p * plane_v + a * run, t.rows, 0, count, t.taps, depth if many > 0 else 0, u,
                    p * plane_u + a * run * COLUMNS, COLUMNS, lanes * COLUMNS, scratch, m0 + p * plane_m, t.outs, g.filters, b, 0, own,
                )  # fmt: skip
                own = ADD
        finite &= transform_outputs(scratch, m0, g, whole, first, count, b, flags, y)
    return finite


@kernel(part=True)
def transform_outputs(
    m: Floats, m0: int, g: Geometry, s: Grid, first: int, count: int, bias: Floats, flags: int, y: Floats
) -> int:  # fmt: skip
    """The outputs of tiles first..first+count-1 out of M. flags: 1 with bias, 2 with relu. A tile that is not finite begins with
    NaN; then 0."""
    width = panels_of(s.channels) * COLUMNS
    step = BLOCK * width + GAP
    all_finite = 1
    for t in range(count):
        n, r, q = tile_at(first + t, g, TILE)
        if r >= s.rows or q >= s.columns:
            continue
        place, finite = pixel(s, n, r, q), 1
        for chunk in range(0, s.channels, LANES):
            c = min(chunk, s.channels - LANES)
            finite &= output_tile(
                TILE, m, m0 + t * width + c, SIDE * step, step, y, place + c, s.row_step * s.width * s.channels,
                s.column_step * s.channels, 0, s.rows - r, 0, s.columns - q, LANES, flags & 2, bias,
                c if flags & 1 else -1,
            )  # fmt: skip
        if not finite:
            y[place] = np.nan
            all_finite = 0
    return all_finite


@kernel
def correlate(x: Floats, g: Geometry, t: Tables, dy: Floats, dw: Floats, scratch: Floats, start: int, stop: int) -> None:
    """dw += what tiles start..stop-1 add to it. scratch: V, D, dU."""
    width, lanes = panels_of(g.filters) * COLUMNS, t.rows.size
    plane_v, plane_d = BLOCK * lanes + GAP, BLOCK * width + GAP
    d0 = PLACES * plane_v
    u0 = d0 + PLACES * plane_d
    step = lanes * width + GAP
    size = block_size(stop - start, BLOCK)
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, scratch)
        transform_gradients(dy, g, first, count, BLOCK, width, scratch, d0, TILE)
        for p in range(PLACES):
            many, depth, run = taking_part(p, g)
            for a in range(many if depth > 0 else 0):
                multiply(
                    scratch, p * plane_v + a * run, t.rows, 0, depth, t.taps, count, scratch, d0 + p * plane_d, COLUMNS,
                    BLOCK * COLUMNS, scratch, u0 + p * step + a * run * width, t.outs, width, dw, 0, 0 if first == start else ADD,
                )  # fmt: skip
    if stop > start:
        unfold(scratch, u0, g, width, dw)


@kernel(part=True)
def unfold(u: Floats, u0: int, g: Geometry, width: int, dw: Floats) -> None:
    """dw += what dU adds to it. Where a phase takes no part dU contains garbage: G^T adds it only to a row or column beyond the window."""
    down, across, tap = g.row_stride, g.column_stride, g.channels * g.filters
    step = down * across * g.channels * width + GAP
    for phase in range(down * across):
        a, b = phase // across, phase % across
        rows, columns = (g.window_rows - a + down - 1) // down, (g.window_columns - b + across - 1) // across
        for c in range(g.channels):
            for f in range(0, g.filters, LANES):
                filter_gradient_tile(
                    TILE, u, u0 + (phase * g.channels + c) * width + f, SIDE * step, step, dw,
                    (a * g.window_columns + b) * tap + c * g.filters + f, down * g.window_columns * tap, across * tap, 0, rows, 0,
                    columns, g.filters - f, 0,
                )  # fmt: skip


# ---------------------------------------------------------------------------- back to the image


@kernel(part=True)
def grid(f: Phases, phase: int) -> Grid:
    """Where a phase of the image lies."""
    g, rows, columns = f.image, f.rows, f.columns
    a, b = phase // g.column_stride, phase % g.column_stride
    return Grid(
        g.height, g.width, g.channels, rows.first[a], columns.first[b], g.row_stride, g.column_stride, rows.pixels[a], columns.pixels[b]
    )  # fmt: skip


@kernel(part=True)
def takes_part(f: Phases, phase: int, p: int) -> bool:
    """Whether a phase takes part at place p."""
    a, b = phase // f.image.column_stride, phase % f.image.column_stride
    return bool(f.rows.begin[a] <= p // SIDE < f.rows.end[a] and f.columns.begin[b] <= p % SIDE < f.columns.end[b])


@kernel
def spread(
    dy: Floats, f: Phases, t: Tables, u: Floats, bias: Floats, dx: Floats, flags: int, scratch: Floats, start: int, stop: int
) -> int:  # fmt: skip
    """Tiles start..stop-1 of all phases of dx; 0 if some of them are not finite: these are marked for `define_phases`. scratch: V, M."""
    g = f.image
    width = panels_of(g.channels) * COLUMNS
    plane_v, plane_m, plane_u = BLOCK * g.filters + GAP, BLOCK * width + GAP, g.filters * width + GAP
    m0 = PLACES * plane_v
    size = block_size(stop - start, BLOCK)
    finite = 1
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_whole_inputs(dy, f.back, first, count, BLOCK, scratch, TILE)
        for phase in range(g.row_stride * g.column_stride):
            for p in range(PLACES):
                multiply(
                    scratch, p * plane_v, t.rows, 0, count, t.taps, g.filters if takes_part(f, phase, p) else 0, u,
                    (phase * PLACES + p) * plane_u, COLUMNS, g.filters * COLUMNS, scratch, m0 + p * plane_m, t.outs, g.channels, bias, 0, 0,
                )  # fmt: skip
            finite &= transform_outputs(scratch, m0, f.back, grid(f, phase), first, count, bias, flags, dx)
    return finite


@kernel
def define_phases(dy: Floats, f: Phases, w: Floats, bias: Floats, flags: int, dx: Floats, start: int, stop: int) -> None:
    """Computes those of tiles start..stop-1 that begin with NaN by the definition: non-finite values follow IEEE 754."""
    for t in range(start, stop):
        n, r, q = tile_at(t, f.back, TILE)
        for phase in range(f.image.row_stride * f.image.column_stride):
            s = grid(f, phase)
            if r >= s.rows or q >= s.columns or not np.isnan(dx[pixel(s, n, r, q)]):
                continue
            for i in range(r, min(r + TILE, s.rows)):
                for j in range(q, min(q + TILE, s.columns)):
                    define_pixel(dy, f.image, w, bias, flags, dx, n, s.row + i * s.row_step, s.column + j * s.column_step)


@kernel(part=True)
def define_pixel(dy: Floats, g: Geometry, w: Floats, bias: Floats, flags: int, dx: Floats, n: int, row: int, column: int) -> None:
    """One pixel of dx: the sum over the windows that it is in."""
    for c in range(g.channels):
        total = bias[c] if flags & 1 else np.float32(0)
        for i in range((row + g.top) % g.row_stride, g.window_rows, g.row_stride):
            r = (row + g.top - i) // g.row_stride
            for j in range((column + g.left) % g.column_stride, g.window_columns, g.column_stride):
                q = (column + g.left - j) // g.column_stride
                if 0 <= r < g.rows and 0 <= q < g.columns:
                    gradient = ((n * g.rows + r) * g.columns + q) * g.filters
                    weights = ((i * g.window_columns + j) * g.channels + c) * g.filters
                    for f in range(g.filters):
                        total += dy[gradient + f] * w[weights + f]
        dx[((n * g.height + row) * g.width + column) * g.channels + c] = np.float32(0) if flags & 2 and total < 0 else total
