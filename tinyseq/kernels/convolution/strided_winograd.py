"""Convolution with a stride by Winograd's method: the stride is folded into the channels, which leaves a 3x3 window at most.

Row i of a window with stride s is row I = i // s of the a-th of s images, a = i % s, each with every s-th row of x; columns
likewise. So a 5x5 window with stride 2 over 3 channels is a 3x3 window with stride 1 over 2 * 2 * 3 channels (a, b, c):

    y[n, r, q, f] = sum over I, J, a, b, c of x[n, s*(r+I) + a - top, s*(q+J) + b - left, c] w[s*I + a, s*J + b, c, f]

with w = 0 beyond the window. "Polyphase decomposition": Vaidyanathan (1990), "Multirate digital filters, filter banks,
polyphase networks, and applications: a tutorial", section III; "space to depth". This convolution is winograd.py's, in
tiles of 6: 36 outputs take 675 multiplications of each filter where the definition does 2700.

The folded image is never stored. B^T x is computed along whole lines of x into scratch for a few tiles at a time (a line keeps
its order, and neighbouring tiles share columns), and (B^T x) B reads the runs of s * channels floats that are one row of a
folded pixel; see strided_winograd_transforms.py. A *phase* (a, b) with two rows in the window has w = 0 at I = 2, so that it takes
no part in the places p = (7, j) of V; likewise for columns and (i, 7). The channels are ordered so that those that take
part are a range: of row phases with 3 rows (many) or 2 (few) and columns alike,

    (many, few), (many, many), (few, many), (few, few):        p = (7, j): the first two, (i, 7): the middle two

Arrays: T (8, row phases, line), V (64, block, lanes), where a run begins at a multiple of HALF_LANES lanes; the lanes between contain
garbage and are never read. M, D, U, dU as in winograd.py. NaN, infinity and borders as there, too.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import winograd
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.strided_winograd_transforms import HALF_LANES, along_columns, along_lines
from tinyseq.kernels.convolution.winograd import NO_BIAS
from tinyseq.kernels.convolution.winograd_kernels import (
    FAR,
    GAP,
    PLANES,
    SIX,
    Seen,
    ask_for,
    block_size,
    define,
    panels_of,
    tile_at,
    transform_filters,
    transform_gradients,
    transform_outputs,
)
from tinyseq.kernels.convolution.winograd_transforms import filter_gradient_tile
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS, ROWS, SMALL, by_small_tiles, by_tiles
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
TILE = 6
"""Outputs along a side of a tile. With tiles of 4, 123x123 outputs of 3 channels take 1.13 times as long, 30x30 1.3 times, and 14x14,
of which these cover 18x18, 0.95 times (Zen 3, one thread)."""
SIDE = TILE + 2
PLACES = winograd.places(TILE)
BLOCK = SIX
LINES = 5120
"""Most floats of T: they stay in a first-level cache of 32 KiB while V is computed from them."""


# ---------------------------------------------------------------------------- when, and how it is folded


def fits(g: Geometry) -> bool:
    """Whether it folds to a window of at most three rows and columns, and at least two: 4x4 to 6x6 by 2, 6x6 to 9x9 by 3, 11x11 by 4."""
    plain = (g.row_dilation, g.column_dilation, g.groups) == (1, 1, 1)
    axes = (g.window_rows, g.row_stride), (g.window_columns, g.column_stride)
    return plain and all(stride > 1 and 2 * stride <= window <= 3 * stride for window, stride in axes)


def wins(g: Geometry) -> bool:
    """Whether it is faster than the direct convolution: a whole vector of filters, many numbers in a window, tiles that are
    mostly inside of an image that is not small.

    With 32 filters on one thread (Zen 3), forward and gradient of the weights: 5x5 by 2 of 30x30 outputs is 0.85 and 0.97 times as
    fast with 1 channel, 1.3 and 1.3 with 2, 1.4 and 1.3 with 3, 1.6 and 1.8 with 8; 55x55 outputs 1.25 and 1.3 with 3, 14x14, which
    fill 0.6 of their tiles, 0.95 and 0.96, 8x8 0.7 and 0.7. 7x7 by 3 of 30x30 outputs 1.5 and 1.6, 11x11 by 4 2.2 and 1.9.
    A window of two rows leaves more to the transforms: 4x4 by 2 of 32x32 outputs is 1.0 and 1.1 times as fast with 8 channels, 1.2 and
    1.25 with 16, of 64x64 with 3 channels 0.8 and 0.9; 16x16 with 16 filters 0.8 and 0.9 (Xeon with AVX-512).
    """
    outputs = g.rows * g.columns
    inside = outputs / (TILE**2 * winograd.tiles(g.rows, TILE) * winograd.tiles(g.columns, TILE))
    numbers = g.window_rows * g.window_columns * g.channels
    more = 1 if g.window_rows > 2 * g.row_stride and g.window_columns > 2 * g.column_stride else 2
    return g.filters >= more * LANES and outputs >= 100 and inside >= 0.6 and numbers * inside >= more * 50


class Fold(NamedTuple):
    """The integers of a fold, as the kernels read them."""

    row_phases: int
    """Row phases, and how many of them have three rows in the window; columns likewise."""
    rows_many: int
    column_phases: int
    columns_many: int
    run: int
    """Floats of a folded pixel that lie together in x, and of them with the lanes that fill up halves of vectors."""
    run_lanes: int
    lanes: int
    """Floats of V for a tile, at each place."""
    channels: int
    """Folded channels, and the range of them that takes part at the places (i, 7)."""
    middle: int
    middle_stop: int
    upper_stop: int
    """The end of the range that takes part at the places (7, j)."""
    segment: int
    """Tiles whose T is computed at a time."""
    line: int
    """Floats of a line of T."""


class Tables(NamedTuple):
    """For each folded channel in its order: (a, b, c) as one number (a * column phases + b) * channels + c, and its lane."""

    order: Offsets
    lanes: Offsets


@lru_cache(maxsize=512)
def fold(g: Geometry) -> Fold:
    """How the convolution is folded."""
    down, across = g.row_stride, g.column_stride
    many = g.window_rows - 2 * down, g.window_columns - 2 * across
    run = across * g.channels
    run_lanes = -(-run // HALF_LANES) * HALF_LANES
    lanes = -(-down * run_lanes // LANES) * LANES
    first = many[0] * (across - many[1]) * g.channels
    room = LINES // (SIDE * down) - 2 * run - 2 * LANES
    segment = max(1, min(BLOCK, winograd.tiles(g.columns, TILE), room // (TILE * run)))
    line = -(-((TILE * segment + 2) * run + LANES) // 16) * 16
    return Fold(
        down, many[0], across, many[1], run, run_lanes, lanes, down * run, first, first + down * many[1] * g.channels,
        many[0] * run, segment, line,
    )  # fmt: skip


class Pass(NamedTuple):
    """A fold and the offsets of the products of a pass: tiles and lanes in V, rows in M or dU."""

    fold: Fold
    tiles: Offsets
    lanes: Offsets
    outs: Offsets


@lru_cache(maxsize=512)
def tables(g: Geometry) -> Tables:
    """The order of the folded channels; the module's docstring has the groups."""
    f = fold(g)
    shape = (f.row_phases, f.column_phases, g.channels)
    a, b, _ = np.indices(shape).reshape(3, -1)
    rows, columns = a < f.rows_many, b < f.columns_many
    group = np.where(rows, np.where(columns, 1, 0), np.where(columns, 2, 3))
    order = np.argsort(group, kind="stable").astype(np.int64)
    return Tables(order, order // f.run * f.run_lanes + order % f.run)


def packing(shape: tuple[int, ...], strides: tuple[int, int]) -> Geometry:
    """A partial geometry for packing weights of that shape."""
    return Geometry(1, 1, shape[2], shape[0], shape[1], shape[3], 1, 1, *strides)


# ---------------------------------------------------------------------------- memory


def forward_scratch(g: Geometry) -> int:
    """How many floats of scratch `forward` needs: T, V and M."""
    f = fold(g)
    return SIDE * f.row_phases * f.line + PLACES * (BLOCK * (f.lanes + padded(g.filters)) + 2 * GAP)


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: T, V, D and dU."""
    return forward_scratch(g) + PLACES * (fold(g).channels * padded(g.filters) + GAP)


def forward_size(shape: tuple[int, ...], strides: tuple[int, int]) -> int:
    """The number of floats in the result of `pack_forward` for weights of that shape."""
    channels = strides[0] * strides[1] * shape[2]
    return PLACES * (channels * padded(shape[3]) + GAP) + 9 * channels * shape[3]


# ---------------------------------------------------------------------------- the passes


@composed
def pack_forward(calls: Calls, w: Floats, strides: tuple[int, int], into: Floats | None = None) -> Floats:
    """U for `forward`, from w (window rows, window columns, channels, filters), followed by the folded weights; `into` as for
    winograd.pack_forward."""
    u = aligned(forward_size(w.shape, strides)) if into is None else into
    channels, filters = strides[0] * strides[1] * w.shape[2], w.shape[3]
    folded = u.size - 9 * channels * filters
    calls.call(fold_weights, w, strides, tables(packing(w.shape, strides)).order, u, folded)
    calls.call(transform_filters, u, channels, filters, folded, channels * filters, u, TILE)
    return u


@kernel
def fold_weights(w: Floats, strides: tuple[int, int], order: Offsets, folded: Floats, start: int) -> None:
    """folded[start:] = the weights of the folded convolution, (3, 3, folded channels in their order, filters), with zeros
    beyond the window."""
    rows, columns, channels, filters = w.shape
    target = start
    for i in range(3):
        for j in range(3):
            for channel in order:
                phase, c = channel // channels, channel % channels
                row, column = i * strides[0] + phase // strides[1], j * strides[1] + phase % strides[1]
                inside = row < rows and column < columns
                for f in range(filters):
                    folded[target + f] = w[row, column, c, f] if inside else np.float32(0)
                target += filters


def units(g: Geometry, batch: int) -> int:
    """The number of work units of `forward`: its tiles."""
    return winograd.units(g, batch, TILE)


@composed
def forward(
    calls: Calls, x: Floats, u: Floats, w: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y; `u` from `pack_forward(w)`. relu leaves NaN as it is."""
    f = fold(g)
    flags = (2 if relu else 0) | (0 if b is None else 1)
    bias = NO_BIAS if b is None else b
    t = Pass(f, steps(BLOCK, f.lanes), tables(g).lanes, steps(BLOCK, padded(g.filters)))
    calls.call(convolve, x.reshape(-1), g, t, u, bias, y.reshape(-1), flags, scratch, start, stop)
    order = winograd.forward_order(w)
    calls.call_unless(define, x.reshape(-1), g, w.reshape(-1), order, bias, flags, y.reshape(-1), start, stop, TILE)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    f, (order, lanes) = fold(g), tables(g)
    t = Pass(f, steps(BLOCK, f.lanes), lanes, steps(f.channels, padded(g.filters)))
    calls.call(correlate, x.reshape(-1), g, t, dy.reshape(-1), dw.reshape(-1), order, scratch, 0, units(g, dy.shape[0]))


# ---------------------------------------------------------------------------- kernels


@kernel(part=True)
def taking_part(p: int, f: Fold) -> tuple[int, int]:
    """The range of folded channels whose U can be nonzero at place p."""
    last_row, last_column = p // SIDE == SIDE - 1, p % SIDE == SIDE - 1
    first = f.middle if last_column else 0
    if not last_row:
        return first, f.middle_stop if last_column else f.channels
    return first, min(f.middle_stop, f.upper_stop) if last_column else f.upper_stop


@kernel(part=True)
def fold_lines(x: Floats, g: Geometry, f: Fold, n: int, r: int, s: int, many: int, scratch: Floats) -> None:
    """T of `many` tiles, the first of them at output row r and column s. Pixels in no window of y are also read as 0."""
    height = min(g.height, (g.rows - 1) * g.row_stride + g.window_rows - g.top)
    width = min(g.width, (g.columns - 1) * g.column_stride + g.window_columns - g.left)
    pixels = (TILE * many + 2) * f.column_phases
    before = s * f.column_phases - g.left
    first, stop = min(max(0, -before), pixels), max(0, min(pixels, width - before))
    if first > 0 or stop < pixels:
        clear(scratch, 0, SIDE * f.row_phases * f.line)
    for a in range(f.row_phases):
        row = r * f.row_phases - g.top + a
        above, below = (f.row_phases - 1 - row) // f.row_phases, (height - row + f.row_phases - 1) // f.row_phases
        place, step = a * f.line, f.row_phases * f.line
        if first < stop:
            along_lines(
                x, ((n * g.height + row) * g.width + before + first) * g.channels, f.row_phases * g.width * g.channels,
                scratch, place + first * g.channels, step, (stop - first) * g.channels, above, below,
            )  # fmt: skip


@kernel(part=True)
def transform_inputs(x: Floats, g: Geometry, f: Fold, first: int, count: int, scratch: Floats, v0: int) -> None:
    """V of tiles first..first+count-1. scratch: T, and V from v0 on."""
    across = (g.columns + TILE - 1) // TILE
    step = BLOCK * f.lanes + GAP
    pieces = f.run_lanes // HALF_LANES
    done = 0
    while done < count:
        n, r, s = tile_at(first + done, g, TILE)
        many = min(f.segment, count - done, across - s // TILE)
        fold_lines(x, g, f, n, r, s, many, scratch)
        for t in range(many):
            for lane in range(0, f.lanes, LANES):
                piece = lane // HALF_LANES
                other = min(piece + 1, f.row_phases * pieces - 1)
                along_columns(
                    scratch, piece // pieces * f.line + piece % pieces * HALF_LANES + TILE * t * f.run,
                    other // pieces * f.line + other % pieces * HALF_LANES + TILE * t * f.run, f.row_phases * f.line, f.run,
                    scratch, v0 + (done + t) * f.lanes + lane, SIDE * step, step,
                )  # fmt: skip
        done += many


@kernel(part=True)
def multiply_flat(
    a: Floats, a0: int, rows: Offsets, first: int, stop: int, taps: Offsets, tap: int, depth: int, b: Floats, b0: int,
    panel: int, c: Floats, c0: int, outs: Offsets, columns: int, bias: Floats, flags: int,
) -> None:  # fmt: skip
    """Like product.multiply, with the taps from taps[tap] on. With few channels a call is a large part of a product: with 12 of
    them 190 of 1300 cycles at each place (Zen 4), so it is inlined.
    """
    rest = (stop - first) % ROWS
    whole = stop - rest if rest <= SMALL else stop
    by_tiles(a, a0, rows, first, whole - 1, taps, tap, depth, b, b0, COLUMNS, panel, c, c0, outs, columns, bias, 0, flags)
    by_small_tiles(a, a0, rows, whole, stop - 1, taps, tap, depth, b, b0, COLUMNS, panel, c, c0, outs, columns, bias, 0, flags)


@kernel
def convolve(
    x: Floats, g: Geometry, t: Pass, u: Floats, b: Floats, y: Floats, flags: int, scratch: Floats, start: int, stop: int
) -> int:  # fmt: skip
    """Tiles start..stop-1 of y; 0 if some of them are not finite: these are marked for `define`. scratch: T, V, M."""
    f, tiles, lanes, outs = t
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_m = BLOCK * f.lanes + GAP, BLOCK * width + GAP
    v0 = SIDE * f.row_phases * f.line
    m0 = v0 + PLACES * plane_v
    size = block_size(stop - start, BLOCK)
    far = x.size + y.size > FAR
    finite = 1
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, f, first, count, scratch, v0)
        for p in range(PLACES):
            begin, end = taking_part(p, f)
            if far and p % PLANES == 0:
                ask_for(y, Seen(g.rows, g.columns, g.filters, 0, 0), g, first, count, TILE, TILE, p)
            multiply_flat(
                scratch, v0 + p * plane_v, tiles, 0, count, lanes, begin, end - begin, u,
                p * (f.channels * width + GAP) + begin * COLUMNS, f.channels * COLUMNS, scratch, m0 + p * plane_m, outs,
                g.filters, b, 0,
            )  # fmt: skip
        finite &= transform_outputs(scratch, m0, g, first, count, width, b, flags, y, TILE)
    return finite


@kernel
def correlate(
    x: Floats, g: Geometry, t: Pass, dy: Floats, dw: Floats, order: Offsets, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """dw += what tiles start..stop-1 add to it. scratch: T, V, D, dU."""
    f, tiles, lanes, outs = t
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_d = BLOCK * f.lanes + GAP, BLOCK * width + GAP
    v0 = SIDE * f.row_phases * f.line
    d0 = v0 + PLACES * plane_v
    u0 = d0 + PLACES * plane_d
    step = f.channels * width + GAP
    size = block_size(stop - start, BLOCK)
    far = x.size + dy.size > FAR
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, f, first, count, scratch, v0)
        transform_gradients(dy, g, first, count, BLOCK, width, scratch, d0, TILE)
        for p in range(PLACES):
            begin, end = taking_part(p, f)
            if far and p % PLANES == 0:
                ask_for(dy, Seen(g.rows, g.columns, g.filters, 0, 0), g, first + count, min(size, stop - first - count), TILE, TILE, p)
            multiply_flat(
                scratch, v0 + p * plane_v, lanes, begin, end, tiles, 0, count, scratch, d0 + p * plane_d, BLOCK * COLUMNS,
                scratch, u0 + p * step, outs, width, dw, 0 if first == start else ADD,
            )  # fmt: skip
    if stop > start:
        unfold(scratch, u0, g, f, order, width, dw)


@kernel
def unfold(u: Floats, u0: int, g: Geometry, f: Fold, order: Offsets, width: int, dw: Floats) -> None:
    """dw += what dU adds to it.

    For a channel that takes no part dU contains garbage: G^T adds it only to the third row or column, which is beyond the window.
    """
    step, tap = f.channels * width + GAP, g.channels * g.filters
    for k in range(f.channels):
        a, b, c = order[k] // f.run, order[k] % f.run // g.channels, order[k] % g.channels
        first = (a * g.window_columns + b) * tap + c * g.filters
        rows, columns = 2 + (a < f.rows_many), 2 + (b < f.columns_many)
        for filters in range(0, g.filters, LANES):
            filter_gradient_tile(
                TILE, u, u0 + k * width + filters, SIDE * step, step, dw, first + filters, f.row_phases * g.window_columns * tap,
                f.column_phases * tap, 0, rows, 0, columns, g.filters - filters, 0,
            )  # fmt: skip
