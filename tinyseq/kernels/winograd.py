"""3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): 36 products of matrices instead of 9 * 16 / 4 = 36 * 4.

The output is cut in tiles of 4x4 pixels; a tile sees 6x6 pixels of the input. In the transformed world (formula and
source: winograd_transforms.py) each of the 36 places p is a matrix product of its own, over a block of tiles t:

    M[p, t, f] = sum over c of V[p, t, c] U[p, c, f]         V = transformed inputs, U = filters, M = outputs
    dU[p, c, f] += sum over t of V[p, t, c] D[p, t, f]       D = transformed gradients of the outputs

U is made once for each version of the weights. The gradient of the image is the forward pass over dy with the filters
turned by half a turn and c, f exchanged. Of tiles over the border, pixels outside are read as zeros and never stored.
Vectors run over channels, so at least LANES channels and filters are needed; where they are no multiple of LANES, the last
vector overlaps the one before it. A NaN, an infinity or an overflow would spread over its whole tile: a tile in which an
output is not finite is computed again by the definition.

Arrays: V (36, block, channels), M (36, block, filters padded to panels), D: for each p panels of (block, COLUMNS), U: for
each p panels of (channels, COLUMNS), dU (36, channels, padded filters).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.product import aligned, multiply, padded, steps
from tinyseq.kernels.simd import LANES
from tinyseq.kernels.tile import ADD, COLUMNS, ROWS
from tinyseq.kernels.transposing import transpose
from tinyseq.kernels.window import Geometry
from tinyseq.kernels.winograd_transforms import (
    filter_gradient_tile,
    filter_tile,
    input_tile,
    output_gradient_tile,
    output_tile,
)

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
NO_BIAS = np.zeros(1, np.float32)
PLACES = 36
BLOCK = 48
"""At most so many tiles are transformed at a time; a multiple of the register tile's rows. They share one reading of U, and V
and M of 32 channels (442 KB) stay in a second-level cache of 1 MiB: 0.98 ms for 123x123x32, and 1.04 to 1.46 with 96, whose
planes do not fit, and 1.3 with 16 (Zen 4, one thread)."""
GAP = 16
"""Floats between the planes of V, M and D. A transform writes to all 36 planes at once; without the gap these places are a
multiple of 4096 bytes apart for most channel counts and push each other out of the first-level cache (32 channels:
187 GFLOP/s of a direct convolution without, 295 with it)."""


# ---------------------------------------------------------------------------- when, and how much memory


def fits(g: Geometry) -> bool:
    """Whether F(4x4, 3x3) computes such a convolution."""
    moves = (g.window_rows, g.window_columns, g.row_stride, g.column_stride, g.row_dilation, g.column_dilation, g.groups)
    return moves == (3, 3, 1, 1, 1, 1, 1)


def wins(channels: int, filters: int, rows: int, columns: int) -> bool:
    """Whether it is faster than the direct convolution: whole vectors, and tiles that are mostly inside of the image.

    Per tile it is 1.7 times as fast with 32 channels and 3 times with 256 (Xeon, AVX-512, one thread), so it may waste
    0.4 or 0.6 of its tiles' pixels.
    """
    inside = rows * columns / (16 * tiles(rows) * tiles(columns))
    least = min(channels, filters)
    return least >= LANES and inside >= (0.4 if least >= 64 else 0.6)


def tiles(size: int) -> int:
    """Tiles along an axis."""
    return -(-size // 4)


def forward_scratch(g: Geometry) -> int:
    """How many floats of scratch `forward` needs: V and M."""
    return PLACES * (BLOCK * (g.channels + padded(g.filters)) + 2 * GAP)


def input_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `input_gradient` needs."""
    return forward_scratch(flipped(g))


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: V, D and dU."""
    return forward_scratch(g) + PLACES * (g.channels * padded(g.filters) + GAP)


def flipped(g: Geometry) -> Geometry:
    """The convolution over dy whose output is dx."""
    return Geometry(
        g.rows, g.columns, g.filters, 3, 3, g.channels, g.height, g.width, top=2 - g.top, left=2 - g.left
    )  # fmt: skip


# ---------------------------------------------------------------------------- the passes


class Order(NamedTuple):
    """Where in w a filter's numbers lie: w[first + tap*t + channel*c + column*f] for t = 3 * row + column of the window."""

    first: int
    tap: int
    channel: int
    column: int


def forward_order(w: Floats) -> Order:
    """The filters as they are; w (3, 3, channels, filters)."""
    channels, filters = w.shape[2:]
    return Order(0, channels * filters, filters, 1)


def backward_order(w: Floats) -> Order:
    """The filters turned by half a turn, channels and filters exchanged."""
    channels, filters = w.shape[2:]
    return Order(8 * channels * filters, -channels * filters, 1, filters)


def pack_forward(w: Floats, into: Floats | None = None) -> Floats:
    """U for `forward`, from w (3, 3, channels, filters). `into`: an earlier U for weights of this shape, to be written over."""
    channels, filters = w.shape[2:]
    u = aligned(forward_size(w.shape)) if into is None else into
    transform_filters(w.reshape(-1), channels, filters, 0, channels * filters, u)
    return u


def pack_backward(w: Floats, into: Floats | None = None) -> Floats:
    """U for `input_gradient`, and behind it w with channels and filters exchanged; `into` as above."""
    channels, filters = w.shape[2:]
    size, tap = u_size(filters, channels), channels * filters
    u = aligned(backward_size(w.shape)) if into is None else into
    for t in range(9):
        transpose(w.reshape(-1), t * tap, filters, channels, filters, u, size + t * tap, channels)
    transform_filters(u, filters, channels, size + 8 * tap, -tap, u)
    return u


def forward_size(shape: tuple[int, ...]) -> int:
    """Floats that `pack_forward` makes of weights of that shape."""
    return u_size(shape[2], shape[3])


def backward_size(shape: tuple[int, ...]) -> int:
    """Floats that `pack_backward` makes."""
    return u_size(shape[3], shape[2]) + 9 * shape[2] * shape[3]


def u_size(channels: int, filters: int) -> int:
    """Floats of U."""
    return PLACES * (channels * padded(filters) + GAP)


def units(g: Geometry, batch: int) -> int:
    """Into how many parts the work of `forward` can be cut: its tiles."""
    return batch * tiles(g.rows) * tiles(g.columns)


def forward(
    x: Floats, u: Floats, w: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y; `u` from `pack_forward(w)`. relu leaves NaN as it is."""
    run(x, u, w, forward_order(w), b, y, g, relu, scratch, start, stop)


def input_gradient(dy: Floats, u: Floats, w: Floats, dx: Floats, g: Geometry, scratch: Floats) -> None:
    """dx; `u` from `pack_backward(w)`."""
    back = flipped(g)
    run(dy, u, w, backward_order(w), None, dx, back, False, scratch, 0, units(back, dy.shape[0]))


def run(
    x: Floats, u: Floats, w: Floats, order: Order, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of the convolution of x with the filters that `order` finds in w."""
    flags = (2 if relu else 0) | (0 if b is None else 1)
    bias = NO_BIAS if b is None else b
    finite = convolve(
        x.reshape(-1), g, u, bias, y.reshape(-1), flags, steps(BLOCK, g.channels), steps(g.channels),
        steps(BLOCK, padded(g.filters)), scratch, start, stop,
    )  # fmt: skip
    if not finite:
        define(x.reshape(-1), g, w.reshape(-1), order, bias, flags, y.reshape(-1), start, stop)


def weight_gradient(x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    width = padded(g.filters)
    correlate(
        x.reshape(-1), g, dy.reshape(-1), dw.reshape(-1), steps(g.channels), steps(BLOCK, g.channels),
        steps(g.channels, width), scratch, 0, units(g, dy.shape[0]),
    )  # fmt: skip


# ---------------------------------------------------------------------------- kernels


@kernel
def transform_filters(w: Floats, channels: int, filters: int, first: int, tap: int, u: Floats) -> None:
    """U[p, c, f] of every filter w[first + tap*t + filters*c + f], with zeros for filters beyond the last."""
    width = panels_of(filters) * COLUMNS
    step = channels * width + GAP
    for c in range(channels):
        for f in range(0, width, LANES):
            place = (f // COLUMNS * channels + c) * COLUMNS + f % COLUMNS
            filter_tile(
                w, first + filters * c + f, 3 * tap, tap, u, place, 6 * step, step, 0, 3, 0, 3, filters - f, w, 0, 0
            )  # fmt: skip


@kernel(part=True)
def panels_of(columns: int) -> int:
    """product.panels, for kernels."""
    return (columns + COLUMNS - 1) // COLUMNS


@kernel(part=True)
def block_size(tiles: int) -> int:
    """Tiles of a block, such that all blocks have about as many and none is left with a few."""
    blocks = (tiles + BLOCK - 1) // BLOCK
    return (tiles + blocks * ROWS - 1) // (blocks * ROWS) * ROWS if blocks > 0 else BLOCK


@kernel(part=True)
def tile_at(t: int, g: Geometry) -> tuple[int, int, int]:
    """Tile t: (sample, first output row, first output column)."""
    down, across = (g.rows + 3) // 4, (g.columns + 3) // 4
    return t // (down * across), t % (down * across) // across * 4, t % across * 4


@kernel(part=True)
def transform_inputs(x: Floats, g: Geometry, first: int, count: int, v: Floats) -> None:
    """V of tiles first..first+count-1."""
    line = g.width * g.channels
    step = BLOCK * g.channels + GAP
    for t in range(count):
        n, r, s = tile_at(first + t, g)
        r, s = r - g.top, s - g.left
        place = ((n * g.height + r) * g.width + s) * g.channels
        for chunk in range(0, g.channels, LANES):
            c = min(chunk, g.channels - LANES)
            input_tile(
                x, place + c, line, g.channels, v, t * g.channels + c, 6 * step, step, -r, g.height - r, -s, g.width - s,
                LANES, v, 0, 0,
            )  # fmt: skip


@kernel
def convolve(
    x: Floats, g: Geometry, u: Floats, b: Floats, y: Floats, flags: int, lines: Offsets, taps: Offsets, outs: Offsets,
    scratch: Floats, start: int, stop: int,
) -> int:  # fmt: skip
    """Tiles start..stop-1 of y; 0 if some of them are not finite: these are marked for `define`. scratch: V, then M."""
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_m = BLOCK * g.channels + GAP, BLOCK * width + GAP
    m0 = PLACES * plane_v
    size = block_size(stop - start)
    finite = 1
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, scratch)
        for p in range(PLACES):
            multiply(
                scratch, p * plane_v, lines, 0, count, taps, g.channels, u, p * (g.channels * width + GAP),
                COLUMNS, g.channels * COLUMNS, scratch, m0 + p * plane_m, outs, width, b, 0, 0,
            )  # fmt: skip
        finite &= transform_outputs(scratch, m0, g, first, count, width, b, flags, y)
    return finite


@kernel(part=True)
def transform_outputs(
    m: Floats, m0: int, g: Geometry, first: int, count: int, width: int, b: Floats, flags: int, y: Floats
) -> int:  # fmt: skip
    """y of tiles first..first+count-1 out of M, with bias and relu. A tile that is not finite begins with NaN; then 0."""
    step = BLOCK * width + GAP
    line = g.columns * g.filters
    all_finite = 1
    for t in range(count):
        n, r, s = tile_at(first + t, g)
        place = ((n * g.rows + r) * g.columns + s) * g.filters
        finite = 1
        for chunk in range(0, g.filters, LANES):
            f = min(chunk, g.filters - LANES)
            finite &= output_tile(
                m, m0 + t * width + f, 6 * step, step, y, place + f, line, g.filters, 0, g.rows - r, 0, g.columns - s, LANES,
                b, f, flags,
            )  # fmt: skip
        if not finite:
            y[place] = np.nan
            all_finite = 0
    return all_finite


@kernel
def define(
    x: Floats, g: Geometry, w: Floats, order: Order, b: Floats, flags: int, y: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Those of tiles start..stop-1 that begin with NaN, by the definition: what is not finite, in IEEE 754's own way."""
    for t in range(start, stop):
        n, r, s = tile_at(t, g)
        if not np.isnan(y[((n * g.rows + r) * g.columns + s) * g.filters]):
            continue
        for q in range(r, min(r + 4, g.rows)):
            for p in range(s, min(s + 4, g.columns)):
                for f in range(g.filters):
                    total = b[f] if flags & 1 else np.float32(0)
                    for i in range(max(0, g.top - q), min(3, g.height + g.top - q)):
                        for j in range(max(0, g.left - p), min(3, g.width + g.left - p)):
                            pixel = ((n * g.height + q + i - g.top) * g.width + p + j - g.left) * g.channels
                            tap = order.first + order.tap * (3 * i + j) + order.column * f
                            for c in range(g.channels):
                                total += x[pixel + c] * w[tap + order.channel * c]
                    y[((n * g.rows + q) * g.columns + p) * g.filters + f] = (
                        np.float32(0) if flags & 2 and total < 0 else total
                    )


@kernel(part=True)
def transform_gradients(dy: Floats, g: Geometry, first: int, count: int, width: int, d: Floats, d0: int) -> None:
    """D of tiles first..first+count-1, in panels, with zeros for filters beyond the last."""
    step = BLOCK * width + GAP
    for t in range(count):
        n, r, s = tile_at(first + t, g)
        place = ((n * g.rows + r) * g.columns + s) * g.filters
        for f in range(0, width, LANES):
            target = d0 + (f // COLUMNS * BLOCK + t) * COLUMNS + f % COLUMNS
            output_gradient_tile(
                dy, place + f, g.columns * g.filters, g.filters, d, target, 6 * step, step, 0, g.rows - r, 0, g.columns - s,
                g.filters - f, d, 0, 0,
            )  # fmt: skip


@kernel
def correlate(
    x: Floats, g: Geometry, dy: Floats, dw: Floats, channels: Offsets, tiles_in_v: Offsets, outs: Offsets,
    scratch: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """dw += what tiles start..stop-1 add to it. scratch: V, D, dU."""
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_d = BLOCK * g.channels + GAP, BLOCK * width + GAP
    d0 = PLACES * plane_v
    u0 = d0 + PLACES * plane_d
    step = g.channels * width + GAP
    size = block_size(stop - start)
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, scratch)
        transform_gradients(dy, g, first, count, width, scratch, d0)
        for p in range(PLACES):
            multiply(
                scratch, p * plane_v, channels, 0, g.channels, tiles_in_v, count, scratch, d0 + p * plane_d, COLUMNS,
                BLOCK * COLUMNS, scratch, u0 + p * step, outs, width, dw, 0, 0 if first == start else ADD,
            )  # fmt: skip
    for c in range(g.channels if stop > start else 0):
        for f in range(0, g.filters, LANES):
            filter_gradient_tile(
                scratch, u0 + c * width + f, 6 * step, step, dw, c * g.filters + f, 3 * g.channels * g.filters,
                g.channels * g.filters, 0, 3, 0, 3, g.filters - f, dw, 0, 0,
            )  # fmt: skip
