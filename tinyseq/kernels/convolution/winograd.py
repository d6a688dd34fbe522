"""3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): 36 products of matrices instead of 9 * 16 = 144; or F(6x6, 3x3): 64, not 324.

The output is cut in tiles of 4x4 or 6x6 pixels; a tile sees 6x6 or 8x8 pixels of the input. In the transformed world
(formula and source: winograd_formulas.py) each of these places p is a matrix product of its own, over a block of tiles t:

    M[p, t, f] = sum over c of V[p, t, c] U[p, c, f]         V = transformed inputs, U = filters, M = outputs
    dU[p, c, f] += sum over t of V[p, t, c] D[p, t, f]       D = transformed gradients of the outputs

U is computed once for each version of the weights. The gradient of the image is the forward pass over dy with the filters
turned by half a turn and c, f exchanged. In tiles over the border, pixels outside are read as zeros and never stored.
Vectors run over channels, so at least LANES channels and filters are needed; if they are not a multiple of LANES, the last
vector overlaps the one before it. The bias is added when outputs are transformed. A NaN, an infinity or an overflow would spread over
its whole tile: a tile in which an output is not finite is computed again by the definition. The kernels are in winograd_kernels.py.
`tile` is 4 or 6 everywhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.winograd_formulas import SIZES
from tinyseq.kernels.convolution.winograd_kernels import (
    BLOCK,
    BLOCK_GRADIENT,
    GAP,
    Order,
    Tables,
    convolve,
    correlate,
    define,
    transform_filters,
)
from tinyseq.kernels.matrix.matmul import padded, steps
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
NO_BIAS = np.zeros(1, np.float32)


# ---------------------------------------------------------------------------- when, and how much memory


def fits(g: Geometry) -> bool:
    """Whether Winograd's method computes such a convolution."""
    moves = (g.window_rows, g.window_columns, g.row_stride, g.column_stride, g.row_dilation, g.column_dilation, g.groups)
    return moves == (3, 3, 1, 1, 1, 1, 1)


def wins(channels: int, filters: int, rows: int, columns: int) -> bool:
    """Whether it is faster than the direct convolution: whole vectors, and tiles that are mostly inside of the image.

    Per tile it is 1.7 times as fast with 32 channels and 3 times with 256 (Xeon, AVX-512, one thread), so up to 0.4 or
    0.6 of its tiles' pixels may be wasted.
    """
    inside = rows * columns / (16 * tiles(rows, 4) * tiles(columns, 4))
    least = min(channels, filters)
    return least >= LANES and inside >= (0.4 if least >= 64 else 0.6)


def tile_for(channels: int, rows: int, columns: int) -> int:
    """Outputs along a side of the tiles, 4 or 6, that is fastest for an output of rows x columns, each a sum over so many channels.

    A tile of 6 takes twice the time of a tile of 4 (1.9 to 2.05 times; Zen 4), for 36 outputs instead of 16. It wins, by 1.02
    to 1.7, where it needs at most half as many tiles: borders decide (24x24: 16 and 36; 26x26: 25 and 49). With fewer tiles
    than a register tile has rows it is slower. Its results err by four times as much: by at most 0.00008 standard deviations of y for
    up to 256 channels, 0.00012 for 512 (230,000 outputs, weights and inputs random).
    """
    small, large = (tiles(rows, tile) * tiles(columns, tile) for tile in SIZES)
    return 6 if small >= 2 * large and large >= 8 and channels <= 256 else 4


def tiles(size: int, tile: int) -> int:
    """Tiles along an axis."""
    return -(-size // tile)


def places(tile: int) -> int:
    """Numbers of a tile in the transformed world."""
    return (tile + 2) ** 2


def forward_scratch(g: Geometry) -> int:
    """How many floats of scratch `forward` needs: V and M."""
    return max(two_planes(g, tile, BLOCK[tile]) for tile in SIZES)


def two_planes(g: Geometry, tile: int, block: int) -> int:
    """Floats of V and M, or of V and D, of a block of tiles."""
    return places(tile) * (block * (g.channels + padded(g.filters)) + 2 * GAP)


def input_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `input_gradient` needs."""
    return forward_scratch(flipped(g))


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: V, D and dU."""
    tile = tile_for(g.channels, g.rows, g.columns)
    return two_planes(g, tile, BLOCK_GRADIENT[tile]) + u_size(g.channels, g.filters, tile)


def flipped(g: Geometry) -> Geometry:
    """The convolution over dy whose output is dx."""
    return Geometry(
        g.rows, g.columns, g.filters, 3, 3, g.channels, g.height, g.width, top=2 - g.top, left=2 - g.left
    )  # fmt: skip


# ---------------------------------------------------------------------------- the passes


def forward_order(w: Floats) -> Order:
    """The filters as they are; w (3, 3, channels, filters)."""
    channels, filters = w.shape[2:]
    return Order(0, channels * filters, filters, 1)


def backward_order(w: Floats) -> Order:
    """The filters turned by half a turn, channels and filters exchanged."""
    channels, filters = w.shape[2:]
    return Order(8 * channels * filters, -channels * filters, 1, filters)


@composed
def pack_forward(calls: Calls, w: Floats, into: Floats | None = None, tile: int = 4) -> Floats:
    """U for `forward` in such tiles, from w (3, 3, channels, filters). `into`: where to, forward_size(w.shape, tile) floats."""
    channels, filters = w.shape[2:]
    u = aligned(forward_size(w.shape, tile)) if into is None else into
    calls.call(transform_filters, w.reshape(-1), channels, filters, 0, channels * filters, u, tile_of(u.size, channels, filters))
    return u


@composed
def pack_backward(calls: Calls, w: Floats, into: Floats | None = None, tile: int = 4) -> Floats:
    """U for `input_gradient`, followed by w with channels and filters exchanged; `into` as above."""
    channels, filters = w.shape[2:]
    tap = channels * filters
    u = aligned(backward_size(w.shape, tile)) if into is None else into
    size = u.size - 9 * tap
    for t in range(9):
        calls.call(transpose, w.reshape(-1), t * tap, filters, channels, filters, u, size + t * tap, channels)
    calls.call(transform_filters, u, filters, channels, size + 8 * tap, -tap, u, tile_of(size, filters, channels))
    return u


def forward_size(shape: tuple[int, ...], tile: int = 4) -> int:
    """The number of floats in the result of `pack_forward` for weights of that shape."""
    return u_size(shape[2], shape[3], tile)


def backward_size(shape: tuple[int, ...], tile: int = 4) -> int:
    """The number of floats in the result of `pack_backward`."""
    return u_size(shape[3], shape[2], tile) + 9 * shape[2] * shape[3]


def u_size(channels: int, filters: int, tile: int) -> int:
    """Floats of U."""
    return places(tile) * (channels * padded(filters) + GAP)


def tile_of(size: int, channels: int, filters: int) -> int:
    """The tile size for which a U of that size was computed."""
    return next(tile for tile in SIZES if u_size(channels, filters, tile) == size)


def units(g: Geometry, batch: int, tile: int = 4) -> int:
    """The number of work units of `forward`: its tiles."""
    return batch * tiles(g.rows, tile) * tiles(g.columns, tile)


class Filters(NamedTuple):
    """The transformed filters, the filters themselves, where their numbers are in w, and the tile."""

    u: Floats
    w: Floats
    order: Order
    tile: int


@composed
def forward(
    calls: Calls, x: Floats, u: Floats, w: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y; `u` from `pack_forward(w)`. relu leaves NaN as it is."""
    filters = Filters(u, w, forward_order(w), tile_of(u.size, g.channels, g.filters))
    calls.call(run, x, filters, b, y, g, relu, scratch, start, stop)


@composed
def input_gradient(calls: Calls, dy: Floats, u: Floats, w: Floats, dx: Floats, g: Geometry, scratch: Floats) -> None:
    """dx; `u` from `pack_backward(w)`."""
    calls.call(transposed, dy, u, w, None, dx, g, False, scratch, 0, transposed_units(g, dy.shape[0], backward_tile(u, g)))


def backward_tile(u: Floats, g: Geometry) -> int:
    """The tiles for which `pack_backward` made u."""
    return tile_of(u.size - 9 * g.channels * g.filters, g.filters, g.channels)


def transposed_units(g: Geometry, batch: int, tile: int) -> int:
    """The number of parts into which the work of `transposed` can be split."""
    return units(flipped(g), batch, tile)


@composed
def transposed(
    calls: Calls, dy: Floats, u: Floats, w: Floats, b: Floats | None, dx: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of dx + b, a transposed convolution of dy; `u` from `pack_backward(w)`."""
    filters = Filters(u, w, backward_order(w), backward_tile(u, g))
    calls.call(run, dy, filters, b, dx, flipped(g), relu, scratch, start, stop)


@composed
def run(
    calls: Calls, x: Floats, filters: Filters, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Tiles start..stop-1 of the convolution of x with the filters."""
    u, w, order, tile = filters
    flags = (2 if relu else 0) | (0 if b is None else 1)
    bias = NO_BIAS if b is None else b
    tables = Tables(tile, steps(BLOCK[tile], g.channels), steps(g.channels), steps(BLOCK[tile], padded(g.filters)))
    calls.call(convolve, x.reshape(-1), g, u, bias, y.reshape(-1), flags, tables, scratch, start, stop)
    calls.call_unless(define, x.reshape(-1), g, w.reshape(-1), order, bias, flags, y.reshape(-1), start, stop, tile)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    tile, width = tile_for(g.channels, g.rows, g.columns), padded(g.filters)
    tables = Tables(tile, steps(g.channels), steps(BLOCK_GRADIENT[tile], g.channels), steps(g.channels, width))
    whole = units(g, dy.shape[0], tile)
    calls.call(correlate, x.reshape(-1), g, dy.reshape(-1), dw.reshape(-1), tables, scratch, 0, whole)
