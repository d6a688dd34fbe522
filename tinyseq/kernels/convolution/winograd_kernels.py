"""The kernels of Winograd's method: what winograd.py explains, block by block of tiles.

Arrays: V (places, block, channels), M (places, block, filters padded to panels), D: for each p panels of (block, COLUMNS),
U: for each p panels of (channels, COLUMNS), dU (places, channels, padded filters). `tile` is 4 or 6 everywhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.winograd_transforms import filter_gradient_tile, filter_tile, input_tile, output_gradient_tile, output_tile
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply_planes
from tinyseq.kernels.matrix.prefetch import LINE, prefetch
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS, ROWS
from tinyseq.kernels.matrix.simd import LANES

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
BLOCK = {4: 48, 6: 16 if ROWS == 8 else 18}
"""Most tiles transformed at a time; a multiple of the register tile's rows. They share one reading of U, and V
and M of 32 channels (442 and 262 KB) stay in a second-level cache of 1 MiB: 0.98 ms for 123x123x32 in tiles of 4, and 1.04
to 1.46 with 96, whose planes do not fit, and 1.3 with 16; in tiles of 6 0.80, and for 8 such images, which come from main
memory, 7.1 ms, and 7.4 with 24 (Zen 4, one thread)."""
BLOCK_GRADIENT = {4: 48, 6: 2 * BLOCK[6]}
"""The same for the gradient of the filters, whose products add to dU for each block: dU of tiles of 6 is as large as V, and goes
to the second-level cache and back. 123x123x32: 11.4 ms, and 12.7 with BLOCK; 40x40x32 1.03 and 1.17 (Zen 3, one thread)."""
FOUR, SIX = BLOCK[4], BLOCK[6]
FOUR_GRADIENT, SIX_GRADIENT = BLOCK_GRADIENT[4], BLOCK_GRADIENT[6]
PLANES = 4
"""Places whose products are computed in one call; between two calls memory is prefetched. Divides 36 and 64."""
FAR = 1 << 21
"""Images of more than this, 8 MiB of floats in and out, are assumed to be in main memory: then memory is prefetched, which
otherwise costs more time than it saves. Eight images of 123x123x32 on a Zen 4 took 9.1 ms, and 7.4 so; where a third-level cache of
32 MiB holds them (Zen 3), 9.8 and 10.1, and eight of 40x40x32 0.88 and 0.93."""
GAP = 16
"""Floats between the planes of V, M and D. A transform writes to all planes at once; without the gap these places are a
multiple of 4096 bytes apart for most channel counts and push each other out of the first-level cache (32 channels:
187 GFLOP/s of a direct convolution without, 295 with it)."""


class Tables(NamedTuple):
    """The tile and the offsets of the products of a pass: rows and taps in V, rows in M or dU."""

    tile: int
    rows: Offsets
    taps: Offsets
    outs: Offsets


class Seen(NamedTuple):
    """Sizes of an image that tiles see, and the padding before it."""

    height: int
    width: int
    channels: int
    top: int
    left: int


class Order(NamedTuple):
    """Where in w a filter's numbers lie: w[first + tap*t + channel*c + column*f] t counts the window's places row by row."""

    first: int
    tap: int
    channel: int
    column: int


@kernel
def transform_filters(w: Floats, channels: int, filters: int, first: int, tap: int, u: Floats, tile: int) -> None:
    """U[p, c, f] of every filter w[first + tap*t + filters*c + f], with zeros for filters beyond the last."""
    width = panels_of(filters) * COLUMNS
    step = channels * width + GAP
    for c in range(channels):
        for f in range(0, width, LANES):
            place = (f // COLUMNS * channels + c) * COLUMNS + f % COLUMNS
            filter_tile(
                tile, w, first + filters * c + f, 3 * tap, tap, u, place, (tile + 2) * step, step, 0, 3, 0, 3, filters - f, 0
            )  # fmt: skip


@kernel(part=True)
def block_of(tile: int) -> int:
    """BLOCK[tile], for use in kernels."""
    return FOUR if tile == 4 else SIX


@kernel(part=True)
def block_of_gradient(tile: int) -> int:
    """BLOCK_GRADIENT[tile], for kernels."""
    return FOUR_GRADIENT if tile == 4 else SIX_GRADIENT


@kernel(part=True)
def places_of(tile: int) -> int:
    """places(tile), for kernels."""
    return 36 if tile == 4 else 64


@kernel(part=True)
def panels_of(columns: int) -> int:
    """product.panels, for kernels."""
    return (columns + COLUMNS - 1) // COLUMNS


@kernel(part=True)
def block_size(tiles: int, most: int) -> int:
    """Tiles of a block, so that all blocks have about the same number."""
    blocks = (tiles + most - 1) // most
    return (tiles + blocks * ROWS - 1) // (blocks * ROWS) * ROWS if blocks > 0 else most


@kernel(part=True)
def tile_at(t: int, g: Geometry, tile: int) -> tuple[int, int, int]:
    """Tile t: (sample, first output row, first output column)."""
    down, across = (g.rows + tile - 1) // tile, (g.columns + tile - 1) // tile
    return t // (down * across), t % (down * across) // across * tile, t % across * tile


@kernel(part=True)
def transform_inputs(x: Floats, g: Geometry, first: int, count: int, block: int, v: Floats, tile: int) -> None:
    """V, with room for `block` tiles, of tiles first..first+count-1."""
    line = g.width * g.channels
    step = block * g.channels + GAP
    for t in range(count):
        n, r, s = tile_at(first + t, g, tile)
        r, s = r - g.top, s - g.left
        place = ((n * g.height + r) * g.width + s) * g.channels
        for chunk in range(0, g.channels, LANES):
            c = min(chunk, g.channels - LANES)
            input_tile(
                tile, x, place + c, line, g.channels, v, t * g.channels + c, (tile + 2) * step, step, -r, g.height - r, -s, g.width - s,
                LANES, 0,
            )  # fmt: skip


@kernel
def ask_for(image: Floats, seen: Seen, g: Geometry, first: int, count: int, tile: int, size: int, p: int) -> None:
    """Prefetches what tiles first..first+count-1 see of an image (size = tile + 2) or cover (size = tile): before the products
    from place p on, the tiles that belong to it. A kernel of its own, because compiled in each place it takes 0.5 s in all."""
    height, width, channels, top, left = seen
    for t in range(first + p // PLANES, first + count, places_of(tile) // PLANES):
        n, r, s = tile_at(t, g, tile)
        begin, end = max(s - left, 0), min(s - left + tile, width)  # columns beyond the tile belong to the next one
        for row in range(max(r - top, 0), min(r - top + size, height)):
            line = (n * height + row) * width
            for place in range((line + begin) * channels, (line + end) * channels, LINE):
                prefetch(image, place)


@kernel
def convolve(
    x: Floats, g: Geometry, u: Floats, b: Floats, y: Floats, flags: int, t: Tables, scratch: Floats, start: int, stop: int
) -> int:  # fmt: skip
    """Tiles start..stop-1 of y; 0 if some of them are not finite: these are marked for `define`. scratch: V, then M."""
    tile, lines, taps, outs = t
    width = panels_of(g.filters) * COLUMNS
    block = block_of(tile)
    plane_v, plane_m, plane_u = block * g.channels + GAP, block * width + GAP, g.channels * width + GAP
    m0 = places_of(tile) * plane_v
    size = block_size(stop - start, block)
    far = x.size + y.size > FAR
    finite = 1
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, block, scratch, tile)
        following = min(size, stop - first - count)
        for p in range(0, places_of(tile), PLANES):
            if far:
                ask_for(x, Seen(g.height, g.width, g.channels, g.top, g.left), g, first + count, following, tile, tile + 2, p)
                ask_for(y, Seen(g.rows, g.columns, g.filters, 0, 0), g, first, count, tile, tile, p)
            multiply_planes(
                PLANES, scratch, p * plane_v, plane_v, lines, 0, count, taps, g.channels, u, p * plane_u, plane_u, COLUMNS,
                g.channels * COLUMNS, scratch, m0 + p * plane_m, plane_m, outs, g.filters, b, 0, -1, 0,
            )  # fmt: skip
        finite &= transform_outputs(scratch, m0, g, first, count, width, b, flags, y, tile)
    return finite


@kernel(part=True)
def transform_outputs(
    m: Floats, m0: int, g: Geometry, first: int, count: int, width: int, bias: Floats, flags: int, y: Floats, tile: int
) -> int:  # fmt: skip
    """y of tiles first..first+count-1 out of M. flags: 1 with bias, 2 with relu. A tile that is not finite begins with NaN; then 0."""
    step = block_of(tile) * width + GAP
    line = g.columns * g.filters
    all_finite = 1
    for t in range(count):
        n, r, s = tile_at(first + t, g, tile)
        place = ((n * g.rows + r) * g.columns + s) * g.filters
        finite = 1
        for chunk in range(0, g.filters, LANES):
            f = min(chunk, g.filters - LANES)
            finite &= output_tile(
                tile, m, m0 + t * width + f, (tile + 2) * step, step, y, place + f, line, g.filters, 0, g.rows - r, 0, g.columns - s,
                LANES, flags & 2, bias, f if flags & 1 else -1,
            )  # fmt: skip
        if not finite:
            y[place] = np.nan
            all_finite = 0
    return all_finite


@kernel
def define(
    x: Floats, g: Geometry, w: Floats, order: Order, b: Floats, flags: int, y: Floats, start: int, stop: int, tile: int
) -> None:  # fmt: skip
    """Computes those of tiles start..stop-1 that begin with NaN by the definition: non-finite values follow IEEE 754."""
    for t in range(start, stop):
        n, r, s = tile_at(t, g, tile)
        if not np.isnan(y[((n * g.rows + r) * g.columns + s) * g.filters]):
            continue
        for q in range(r, min(r + tile, g.rows)):
            for p in range(s, min(s + tile, g.columns)):
                above, before = g.top - q * g.row_stride, g.left - p * g.column_stride
                for f in range(g.filters):
                    total = b[f] if flags & 1 else np.float32(0)
                    for i in range(max(0, above), min(g.window_rows, g.height + above)):
                        for j in range(max(0, before), min(g.window_columns, g.width + before)):
                            pixel = ((n * g.height + i - above) * g.width + j - before) * g.channels
                            tap = order.first + order.tap * (g.window_columns * i + j) + order.column * f
                            for c in range(g.channels):
                                total += x[pixel + c] * w[tap + order.channel * c]
                    y[((n * g.rows + q) * g.columns + p) * g.filters + f] = (
                        np.float32(0) if flags & 2 and total < 0 else total
                    )


@kernel(part=True)
def transform_gradients(
    dy: Floats, g: Geometry, first: int, count: int, block: int, width: int, d: Floats, d0: int, tile: int
) -> None:  # fmt: skip
    """D, with room for `block` tiles, of tiles first..first+count-1, in panels, with zeros for filters beyond the last."""
    step = block * width + GAP
    for t in range(count):
        n, r, s = tile_at(first + t, g, tile)
        place = ((n * g.rows + r) * g.columns + s) * g.filters
        for f in range(0, width, LANES):
            target = d0 + (f // COLUMNS * block + t) * COLUMNS + f % COLUMNS
            output_gradient_tile(
                tile, dy, place + f, g.columns * g.filters, g.filters, d, target, (tile + 2) * step, step, 0, g.rows - r, 0, g.columns - s,
                g.filters - f, 0,
            )  # fmt: skip


@kernel
def correlate(x: Floats, g: Geometry, dy: Floats, dw: Floats, t: Tables, scratch: Floats, start: int, stop: int) -> None:
    """dw += what tiles start..stop-1 add to it. scratch: V, D, dU."""
    tile, channels, tiles_in_v, outs = t
    width = panels_of(g.filters) * COLUMNS
    block = block_of_gradient(tile)
    plane_v, plane_d = block * g.channels + GAP, block * width + GAP
    d0 = places_of(tile) * plane_v
    u0 = d0 + places_of(tile) * plane_d
    step = g.channels * width + GAP
    size = block_size(stop - start, block)
    far = x.size + dy.size > FAR
    for first in range(start, stop, size):
        count = min(size, stop - first)
        transform_inputs(x, g, first, count, block, scratch, tile)
        transform_gradients(dy, g, first, count, block, width, scratch, d0, tile)
        following = min(size, stop - first - count)
        for p in range(0, places_of(tile), PLANES):
            if far:
                ask_for(x, Seen(g.height, g.width, g.channels, g.top, g.left), g, first + count, following, tile, tile + 2, p)
                ask_for(dy, Seen(g.rows, g.columns, g.filters, 0, 0), g, first + count, following, tile, tile, p)
            multiply_planes(
                PLANES, scratch, p * plane_v, plane_v, channels, 0, g.channels, tiles_in_v, count, scratch, d0 + p * plane_d,
                plane_d, COLUMNS, block * COLUMNS, scratch, u0 + p * step, step, outs, width, dw, 0, -1,
                0 if first == start else ADD,
            )  # fmt: skip
    for c in range(g.channels if stop > start else 0):
        for f in range(0, g.filters, LANES):
            filter_gradient_tile(
                tile, scratch, u0 + c * width + f, (tile + 2) * step, step, dw, c * g.filters + f, 3 * g.channels * g.filters,
                g.channels * g.filters, 0, 3, 0, 3, g.filters - f, 0,
            )  # fmt: skip
