"""3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): 36 products of matrices instead of 9 * 16 / 4 = 36 * 4.

The output is cut in tiles of 4x4 pixels; a tile sees 6x6 pixels of the input. In the transformed world (formula and
source: winograd_transforms.py) each of the 36 places p is a matrix product of its own, over a block of tiles t:

    M[p, t, f] = sum over c of V[p, t, c] U[p, c, f]         V = transformed inputs, U = filters, M = outputs
    dU[p, c, f] += sum over t of V[p, t, c] D[p, t, f]       D = transformed gradients of the outputs

U is made once for each version of the weights. The gradient of the image is the forward pass over dy with the filters
turned by half a turn and c, f exchanged. Tiles over the border are copied with zeros around them, and of outputs only the
part inside is stored. Vectors run over channels, so at least LANES channels and filters are needed; where they are no
multiple of LANES, the last vector overlaps the one before it.

Arrays: V (36, block, channels), M (36, block, filters padded to panels), D: for each p panels of (block, COLUMNS), U: for
each p panels of (channels, COLUMNS), dU (36, channels, padded filters).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.copying import clear, copy
from tinyseq.kernels.product import aligned, multiply, padded, steps
from tinyseq.kernels.simd import LANES
from tinyseq.kernels.tile import ADD, COLUMNS
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
BLOCK = 96
"""Tiles transformed at a time: many share one reading of U. (16 ... 128 measured: 32 channels do not care, 256 gain 1.2.)"""
TURN = 16
"""Channels of a turned filter gathered at a time: a cache line of w holds 16 of them."""
GAP = 16
"""Floats between the planes of V, M and D. A transform writes to all 36 planes at once; without the gap these places are a
multiple of 4096 bytes apart for most channel counts and push each other out of the first-level cache (32 channels:
187 GFLOP/s of a direct convolution without, 295 with it)."""


# ---------------------------------------------------------------------------- when, and how much memory


def fits(window: tuple[int, int], strides: tuple[int, int], dilation: tuple[int, int], groups: int) -> bool:
    """Whether F(4x4, 3x3) computes such a convolution."""
    return window == (3, 3) and strides == (1, 1) and dilation == (1, 1) and groups == 1


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
    """How many floats of scratch `forward` needs: V, M and one tile at the border."""
    width = g.channels + padded(g.filters)
    return PLACES * (BLOCK * width + 2 * GAP + width)


def input_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `input_gradient` needs."""
    return forward_scratch(flipped(g))


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: V, D, one tile at the border, dU."""
    return forward_scratch(g) + PLACES * (g.channels * padded(g.filters) + GAP) + 9 * padded(g.filters)


def flipped(g: Geometry) -> Geometry:
    """The convolution over dy whose output is dx."""
    return Geometry(
        g.rows, g.columns, g.filters, 3, 3, g.channels, g.height, g.width, top=2 - g.top, left=2 - g.left
    )  # fmt: skip


# ---------------------------------------------------------------------------- the passes


def pack_forward(w: Floats) -> Floats:
    """U for `forward`, from w (3, 3, channels, filters)."""
    channels, filters = w.shape[2:]
    return transformed(w, channels, filters, 0, channels * filters, filters, 1)


def pack_backward(w: Floats) -> Floats:
    """U for `forward` over dy: w turned by half a turn, channels and filters exchanged."""
    channels, filters = w.shape[2:]
    return transformed(w, filters, channels, 8 * channels * filters, -channels * filters, 1, filters)


def transformed(w: Floats, channels: int, filters: int, first: int, tap: int, channel: int, column: int) -> Floats:
    """U of the filters w[first + tap*t + channel*c + column*f]."""
    u = aligned(PLACES * (channels * padded(filters) + GAP))
    lines = aligned(TURN * 9 * padded(filters))
    lines[...] = 0
    transform_filters(w.reshape(-1), channels, filters, first, tap, channel, column, lines, u)
    return u


def units(g: Geometry, batch: int) -> int:
    """Into how many parts the work of `forward` can be cut: its tiles."""
    return batch * tiles(g.rows) * tiles(g.columns)


def forward(
    x: Floats, u: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y; `u` from `pack_forward`. relu leaves NaN as it is."""
    width = padded(g.filters)
    flags = (2 if relu else 0) | (0 if b is None else 1)
    convolve(
        x.reshape(-1), g, u, NO_BIAS if b is None else b, y.reshape(-1), flags, steps(BLOCK, g.channels),
        steps(g.channels), steps(BLOCK, width), scratch, start, stop,
    )  # fmt: skip


def input_gradient(dy: Floats, u: Floats, dx: Floats, g: Geometry, scratch: Floats) -> None:
    """dx; `u` from `pack_backward`."""
    back = flipped(g)
    forward(dy, u, None, dx, back, False, scratch, 0, units(back, dy.shape[0]))


def weight_gradient(x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    width = padded(g.filters)
    correlate(
        x.reshape(-1), g, dy.reshape(-1), dw.reshape(-1), steps(g.channels), steps(BLOCK, g.channels),
        steps(g.channels, width), scratch, 0, units(g, dy.shape[0]),
    )  # fmt: skip


# ---------------------------------------------------------------------------- kernels


@kernel
def transform_filters(
    w: Floats, channels: int, filters: int, first: int, tap: int, channel: int, column: int, lines: Floats, u: Floats
) -> None:  # fmt: skip
    """U[p, c, f] of every filter; `lines` (TURN, 9, padded filters), zeros at first, takes some channels' taps in order."""
    width = panels_of(filters) * COLUMNS
    step = channels * width + GAP
    for begin in range(0, channels, TURN):
        count = min(TURN, channels - begin)
        for t in range(9):
            source = first + tap * t + channel * begin
            if column == 1:
                for c in range(count):
                    for f in range(filters):
                        lines[(c * 9 + t) * width + f] = w[source + channel * c + f]
            else:
                for f in range(filters):
                    for c in range(count):
                        lines[(c * 9 + t) * width + f] = w[source + channel * c + column * f]
        for c in range(count):
            for f in range(0, width, LANES):
                place = (f // COLUMNS * channels + begin + c) * COLUMNS + f % COLUMNS
                filter_tile(lines, c * 9 * width + f, 3 * width, width, u, place, 6 * step, step, w, 0, 0)


@kernel
def panels_of(columns: int) -> int:
    """product.panels, for kernels."""
    return (columns + COLUMNS - 1) // COLUMNS


@kernel
def copy_tile(
    x: Floats, image: int, height: int, width: int, channels: int, row: int, column: int, size: int, out: Floats,
    out0: int, pitch: int,
) -> None:  # fmt: skip
    """Pixels row..row+size-1, column..column+size-1 of an image, `pitch` apart, with zeros for those outside of it."""
    left, right = min(max(0, -column), size), max(0, min(size, width - column))
    for i in range(size):
        line = out0 + i * size * pitch
        if not (0 <= row + i < height and left < right):
            clear(out, line, line + size * pitch)
            continue
        source = image + ((row + i) * width + column + left) * channels
        clear(out, line, line + left * pitch)
        if pitch == channels:
            copy(x, source, out, line + left * pitch, (right - left) * channels)
        else:
            for j in range(right - left):
                to = line + (left + j) * pitch
                copy(x, source + j * channels, out, to, channels)
                clear(out, to + channels, to + pitch)
        clear(out, line + right * pitch, line + size * pitch)


@kernel
def transform_inputs(x: Floats, g: Geometry, first: int, count: int, v: Floats, spare: int) -> None:
    """V of tiles first..first+count-1; v[spare:] has room for one tile over the border."""
    down, across = (g.rows + 3) // 4, (g.columns + 3) // 4
    for t in range(count):
        n, rest = (first + t) // (down * across), (first + t) % (down * across)
        r, s = rest // across * 4 - g.top, rest % across * 4 - g.left
        image = n * g.height * g.width * g.channels
        inside = r >= 0 and s >= 0 and r + 6 <= g.height and s + 6 <= g.width
        if not inside:
            copy_tile(x, image, g.height, g.width, g.channels, r, s, 6, v, spare, g.channels)
        source, begin = (x, image + (r * g.width + s) * g.channels) if inside else (v, spare)
        line = (g.width if inside else 6) * g.channels
        step = BLOCK * g.channels + GAP
        for chunk in range(0, g.channels, LANES):
            c = min(chunk, g.channels - LANES)
            input_tile(source, begin + c, line, g.channels, v, t * g.channels + c, 6 * step, step, v, 0, 0)


@kernel
def convolve(
    x: Floats, g: Geometry, u: Floats, b: Floats, y: Floats, flags: int, lines: Offsets, taps: Offsets,
    outs: Offsets, scratch: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y. scratch: V, then M, then one tile of 6x6 pixels (input) or 4x4 (output)."""
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_m = BLOCK * g.channels + GAP, BLOCK * width + GAP
    m0 = PLACES * plane_v
    spare = m0 + PLACES * plane_m
    for first in range(start, stop, BLOCK):
        count = min(BLOCK, stop - first)
        transform_inputs(x, g, first, count, scratch, spare)
        for p in range(PLACES):
            multiply(
                scratch, p * plane_v, lines, 0, count, taps, g.channels, u, p * (g.channels * width + GAP),
                COLUMNS, g.channels * COLUMNS, scratch, m0 + p * plane_m, outs, width, b, 0, 0,
            )  # fmt: skip
        transform_outputs(scratch, m0, g, first, count, width, b, flags, y, spare)


@kernel
def transform_outputs(
    m: Floats, m0: int, g: Geometry, first: int, count: int, width: int, b: Floats, flags: int, y: Floats,
    spare: int,
) -> None:  # fmt: skip
    """y of tiles first..first+count-1 out of M, with bias and relu."""
    down, across = (g.rows + 3) // 4, (g.columns + 3) // 4
    step = BLOCK * width + GAP
    for t in range(count):
        n, rest = (first + t) // (down * across), (first + t) % (down * across)
        r, s = rest // across * 4, rest % across * 4
        image = n * g.rows * g.columns * g.filters
        inside = r + 4 <= g.rows and s + 4 <= g.columns
        target, begin = (y, image + (r * g.columns + s) * g.filters) if inside else (m, spare)
        line = (g.columns if inside else 4) * g.filters
        for chunk in range(0, g.filters, LANES):
            f = min(chunk, g.filters - LANES)
            output_tile(m, m0 + t * width + f, 6 * step, step, target, begin + f, line, g.filters, b, f, flags)
        if not inside:
            for i in range(min(4, g.rows - r)):
                length = min(4, g.columns - s) * g.filters
                to, source = image + ((r + i) * g.columns + s) * g.filters, spare + i * 4 * g.filters
                copy(m, source, y, to, length)


@kernel
def transform_gradients(
    dy: Floats, g: Geometry, first: int, count: int, width: int, d: Floats, d0: int, spare: int
) -> None:  # fmt: skip
    """D of tiles first..first+count-1, in panels. Vectors must not cross panels: filters beyond whole ones are padded."""
    down, across = (g.rows + 3) // 4, (g.columns + 3) // 4
    step = BLOCK * width + GAP
    filters = (g.filters + LANES - 1) // LANES * LANES
    for t in range(count):
        n, rest = (first + t) // (down * across), (first + t) % (down * across)
        r, s = rest // across * 4, rest % across * 4
        image = n * g.rows * g.columns * g.filters
        inside = r + 4 <= g.rows and s + 4 <= g.columns and filters == g.filters
        if not inside:
            copy_tile(dy, image, g.rows, g.columns, g.filters, r, s, 4, d, spare, filters)
        source, begin = (dy, image + (r * g.columns + s) * g.filters) if inside else (d, spare)
        line = (g.columns if inside else 4) * filters
        for f in range(0, filters, LANES):
            place = d0 + (f // COLUMNS * BLOCK + t) * COLUMNS + f % COLUMNS
            output_gradient_tile(source, begin + f, line, filters, d, place, 6 * step, step, d, 0, 0)


@kernel
def correlate(
    x: Floats, g: Geometry, dy: Floats, dw: Floats, channels: Offsets, tiles_in_v: Offsets, outs: Offsets,
    scratch: Floats, start: int, stop: int,
) -> None:  # fmt: skip
    """dw += what tiles start..stop-1 add to it. scratch: V, D, one tile over the border, dU, one channel of dw."""
    width = panels_of(g.filters) * COLUMNS
    plane_v, plane_d = BLOCK * g.channels + GAP, BLOCK * width + GAP
    d0 = PLACES * plane_v
    spare = d0 + PLACES * plane_d
    u0 = spare + PLACES * (g.channels + width)
    if width > g.filters:
        clear(scratch, d0, spare)  # columns beyond the last filter are multiplied too
    for first in range(start, stop, BLOCK):
        count = min(BLOCK, stop - first)
        transform_inputs(x, g, first, count, scratch, spare)
        transform_gradients(dy, g, first, count, width, scratch, d0, spare)
        for p in range(PLACES):
            multiply(
                scratch, p * plane_v, channels, 0, g.channels, tiles_in_v, count, scratch, d0 + p * plane_d,
                COLUMNS, BLOCK * COLUMNS, scratch, u0 + p * (g.channels * width + GAP), outs, width, dw, 0, 0 if first == start else ADD,
            )  # fmt: skip
    step = g.channels * width + GAP
    row = u0 + PLACES * step
    for c in range(g.channels if stop > start else 0):
        for f in range(0, width, LANES):
            filter_gradient_tile(
                scratch, u0 + c * width + f, 6 * step, step, scratch, row + f, 3 * width, width, dw, 0, 0
            )  # fmt: skip
        for t in range(9):
            for f in range(g.filters):
                dw[(t * g.channels + c) * g.filters + f] += scratch[row + t * width + f]
