"""3x3x3 convolution of volumes, stride 1, by Winograd's F(4x4, 3x3) in each slice: 36 products instead of 144, as in winograd.py.

An output slice is the sum of three convolutions of slices, so the transformed world adds up over slices l, too:

    M[p, t, f] = sum over l, c of V[z + l][p, t, c] U[p, l, c, f]

V of a slice is computed once, for the three output slices that read it: a unit of work is a block of tiles that goes through the volume
slice by slice, with V of three slices in a ring, where slice z + 3 takes the place of slice z. The gradient of the volume is the same
over dy with the filters turned. The functions are those of volume.py, and its layers choose by `fits` and `wins`. Bias, borders, NaN
and infinity are as in winograd.py. The float64 formulas are in reference/volume.py, the twins in plain loops in volume_plain.py.

Arrays: V (3, 36, block, channels), M (36, block, filters as panels), D for each place panels of (block, COLUMNS), U for each place panels
of (3 * channels, COLUMNS), dU (36, 3 * channels, filters as panels).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import winograd
from tinyseq.kernels.convolution.direct import NO_BIAS
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.volume_geometry import Volume
from tinyseq.kernels.convolution.winograd_kernels import (
    FOUR,
    GAP,
    PLANES,
    block_size,
    panels_of,
    tile_at,
    transform_gradients,
    transform_inputs,
    transform_outputs,
)
from tinyseq.kernels.convolution.winograd_transforms import filter_gradient_tile, filter_tile
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply_planes, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear, copy_flat
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Triple = tuple[int, int, int]
TILE = 4
SIDE = TILE + 2
PLACES = winograd.places(TILE)
BLOCK = FOUR
SLICES, TAPS = 3, 27


class Pass(NamedTuple):
    """The sizes, those of a slice, and the offsets of the products: rows and taps in V, rows in M or dU. Of the table over slices and
    channels there is one for each turn of the ring."""

    volume: Volume
    plane: Geometry
    rows: Offsets
    taps: Offsets
    outs: Offsets


# ---------------------------------------------------------------------------- when, and how much memory


def fits(v: Volume) -> bool:
    """Whether Winograd's method computes such a convolution."""
    windows = v.window_slices, v.window_rows, v.window_columns
    moves = v.slice_stride, v.row_stride, v.column_stride, v.slice_dilation, v.row_dilation, v.column_dilation, v.groups
    return windows == (3, 3, 3) and moves == (1,) * 7


def wins(v: Volume) -> bool:
    """Whether it is faster than the direct convolution, forward and backward."""
    return winograd.wins(v.channels, v.filters, v.rows, v.columns) and winograd.wins(v.filters, v.channels, v.height, v.width)


def forward_scratch(v: Volume) -> int:
    """How many floats of scratch `forward` needs: V of three slices, and M."""
    return PLACES * (SLICES * (BLOCK * v.channels + GAP) + BLOCK * padded(v.filters) + GAP)


def input_gradient_scratch(v: Volume) -> int:
    """How many floats of scratch `transposed` needs."""
    return forward_scratch(flipped(v))


def weight_gradient_scratch(v: Volume) -> int:
    """How many floats of scratch `weight_gradient` needs: V, D and dU."""
    return forward_scratch(v) + u_size(v.channels, v.filters)


def u_size(channels: int, filters: int) -> int:
    """Floats of U."""
    return PLACES * (SLICES * channels * padded(filters) + GAP)


def flipped(v: Volume) -> Volume:
    """The convolution over dy whose output is dx."""
    return Volume(
        v.slices, v.rows, v.columns, v.filters, 3, 3, 3, v.channels, v.depth, v.height, v.width, front=2 - v.front, top=2 - v.top,
        left=2 - v.left,
    )  # fmt: skip


def units(v: Volume, batch: int) -> int:
    """Into how many parts the work of `forward` can be cut: the blocks of tiles."""
    return batch * -(-winograd.tiles(v.rows, TILE) * winograd.tiles(v.columns, TILE) // BLOCK)


def transposed_units(v: Volume, batch: int) -> int:
    """Into how many parts the work of `transposed` can be cut."""
    return units(flipped(v), batch)


@lru_cache(maxsize=256)
def ring(channels: int) -> Offsets:
    """Row `turn`: where number (l, c) of V lies if output slice z is the turn-th of three."""
    size = PLACES * (BLOCK * channels + GAP)
    slots = (np.arange(SLICES)[:, None] + np.arange(SLICES)) % SLICES
    found: Offsets = (slots[:, :, None] * size + np.arange(channels)).reshape(SLICES, -1)
    return found


# ---------------------------------------------------------------------------- the passes


def forward_size(shape: tuple[int, ...], groups: int) -> int:
    """The number of floats in the result of `pack_forward` for weights of that shape: U, then the weights."""
    return u_size(*shape[3:]) + TAPS * shape[3] * shape[4]


def backward_size(shape: tuple[int, ...], strides: Triple, dilation: Triple, groups: int) -> int:
    """The number of floats in the result of `pack_backward`."""
    return u_size(shape[4], shape[3]) + TAPS * shape[3] * shape[4]


@composed
def pack_forward(calls: Calls, w: Floats, groups: int, into: Floats | None = None) -> Floats:
    """U for `forward`, from w (3, 3, 3, channels, filters), followed by w; `into` as in volume.py, and `groups` is 1."""
    u = aligned(forward_size(w.shape, groups)) if into is None else into
    calls.call(copy_flat, w.reshape(-1), u[u.size - w.size :])
    calls.call(transform_filters, u, u.size - w.size, w.shape[3], w.shape[4])
    return u


@composed
def pack_backward(calls: Calls, w: Floats, strides: Triple, dilation: Triple, groups: int, into: Floats | None = None) -> Floats:
    """U for `transposed`, followed by w turned by half a turn with channels and filters exchanged; strides, dilation, groups are 1."""
    channels, filters = w.shape[3:]
    u = aligned(backward_size(w.shape, strides, dilation, groups)) if into is None else into
    tap, begin = channels * filters, u.size - w.size
    for t in range(TAPS):
        calls.call(transpose, w.reshape(-1), t * tap, filters, channels, filters, u, begin + (TAPS - 1 - t) * tap, channels)
    calls.call(transform_filters, u, begin, filters, channels)
    return u


@composed
def forward(
    calls: Calls, x: Floats, u: Floats, b: Floats | None, y: Floats, v: Volume, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of y; `u` from `pack_forward`. relu leaves NaN as it is."""
    flags, bias = (2 if relu else 0) | (0 if b is None else 1), NO_BIAS if b is None else b
    f = Pass(v, v.plane, steps(BLOCK, v.channels), ring(v.channels), steps(BLOCK, padded(v.filters)))
    calls.call(convolve, x.reshape(-1), f, u, bias, y.reshape(-1), flags, scratch, start, stop)
    calls.call_unless(define, x.reshape(-1), f, u, bias, y.reshape(-1), flags, start, stop)


@composed
def input_gradient(calls: Calls, dy: Floats, u: Floats, dx: Floats, v: Volume, scratch: Floats) -> None:
    """dx; `u` from `pack_backward`."""
    calls.call(transposed, dy, u, None, dx, v, False, scratch, 0, transposed_units(v, dy.shape[0]))


@composed
def transposed(
    calls: Calls, dy: Floats, u: Floats, b: Floats | None, dx: Floats, v: Volume, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of dx + b, a transposed convolution of dy; `u` from `pack_backward`."""
    calls.call(forward, dy, u, b, dx, flipped(v), relu, scratch, start, stop)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, v: Volume, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    f = Pass(v, v.plane, steps(BLOCK, v.channels), ring(v.channels), steps(SLICES * v.channels, padded(v.filters)))
    calls.call(correlate, x.reshape(-1), f, dy.reshape(-1), dw.reshape(-1), scratch, units(v, dy.shape[0]))


# ---------------------------------------------------------------------------- kernels


@kernel
def transform_filters(u: Floats, w0: int, channels: int, filters: int) -> None:
    """U of the filters u[w0:] (27, channels, filters), with zeros for filters beyond the last."""
    width, tap = panels_of(filters) * COLUMNS, channels * filters
    depth = SLICES * channels
    step = depth * width + GAP
    for k in range(depth):
        begin = w0 + k // channels * 9 * tap + k % channels * filters
        for f in range(0, width, LANES):
            place = (f // COLUMNS * depth + k) * COLUMNS + f % COLUMNS
            filter_tile(TILE, u, begin + f, 3 * tap, tap, u, place, SIDE * step, step, 0, 3, 0, 3, filters - f, 0)


@kernel(part=True)
def block_at(unit: int, g: Geometry) -> tuple[int, int, int, int]:
    """Of a unit of work: (sample, tiles in a slice, its first tile there, how many it has)."""
    in_slice = (g.rows + TILE - 1) // TILE * ((g.columns + TILE - 1) // TILE)
    blocks = (in_slice + BLOCK - 1) // BLOCK
    size = block_size(in_slice, BLOCK)
    first = unit % blocks * size
    return unit // blocks, in_slice, first, min(size, in_slice - first)


@kernel(part=True)
def transform_slices(x: Floats, f: Pass, n: int, z: int, in_slice: int, first: int, count: int, scratch: Floats) -> tuple[int, int]:
    """V of the slices that output slice z reads and the one before it did not; the slices l of the window that exist: from, to."""
    v = f.volume
    for slice_ in range(0 if z == 0 else SLICES - 1, SLICES):
        d = z - v.front + slice_
        if 0 <= d < v.depth:
            place = (z + slice_) % SLICES * PLACES * (BLOCK * v.channels + GAP)
            transform_inputs(x, f.plane, (n * v.depth + d) * in_slice + first, count, BLOCK, scratch[place:], TILE)
    begin = min(max(0, v.front - z), SLICES)
    return begin, max(begin, min(SLICES, v.depth + v.front - z))


@kernel
def convolve(x: Floats, f: Pass, u: Floats, b: Floats, y: Floats, flags: int, scratch: Floats, start: int, stop: int) -> int:
    """Units start..stop-1 of y; 0 if some tiles are not finite: these are marked for `define`. scratch: V, then M."""
    v, g = f.volume, f.plane
    width, depth = panels_of(v.filters) * COLUMNS, SLICES * v.channels
    plane_v, plane_m, plane_u = BLOCK * v.channels + GAP, BLOCK * width + GAP, depth * width + GAP
    m0 = SLICES * PLACES * plane_v
    finite = 1
    for unit in range(start, stop):
        n, in_slice, first, count = block_at(unit, g)
        for z in range(v.slices):
            begin, end = transform_slices(x, f, n, z, in_slice, first, count, scratch)
            taps, u0 = f.taps[z % SLICES, begin * v.channels :], begin * v.channels * COLUMNS
            for p in range(0, PLACES, PLANES):
                multiply_planes(
                    PLANES, scratch, p * plane_v, plane_v, f.rows, 0, count, taps, (end - begin) * v.channels, u, p * plane_u + u0,
                    plane_u, COLUMNS, depth * COLUMNS, scratch, m0 + p * plane_m, plane_m, f.outs, v.filters, b, 0, -1, 0,
                )  # fmt: skip
            finite &= transform_outputs(scratch, m0, g, (n * v.slices + z) * in_slice + first, count, width, b, flags, y, TILE)
    return finite


@kernel
def define(x: Floats, f: Pass, u: Floats, b: Floats, y: Floats, flags: int, start: int, stop: int) -> None:
    """Computes those tiles of units start..stop-1 that begin with NaN by the definition: non-finite values follow IEEE 754."""
    v, g = f.volume, f.plane
    for unit in range(start, stop):
        n, in_slice, first, count = block_at(unit, g)
        for z in range(v.slices):
            for t in range(first, first + count):
                image, r, q = tile_at((n * v.slices + z) * in_slice + t, g, TILE)
                if not np.isnan(y[((image * v.rows + r) * v.columns + q) * v.filters]):
                    continue
                for i in range(r, min(r + TILE, v.rows)):
                    for j in range(q, min(q + TILE, v.columns)):
                        define_pixel(x, v, u, b, y[((image * v.rows + i) * v.columns + j) * v.filters :], flags, n, z, i, j)


@kernel(part=True)
def define_pixel(x: Floats, v: Volume, u: Floats, b: Floats, y: Floats, flags: int, n: int, z: int, i: int, j: int) -> None:
    """y[f] of pixel (z, i, j): the sum over its window."""
    tap = v.channels * v.filters
    for f in range(v.filters):
        total = b[f] if flags & 1 else np.float32(0)
        for k in range(TAPS):
            d, row, column = z - v.front + k // 9, i - v.top + k // 3 % 3, j - v.left + k % 3
            if 0 <= d < v.depth and 0 <= row < v.height and 0 <= column < v.width:
                pixel = (((n * v.depth + d) * v.height + row) * v.width + column) * v.channels
                weights = u.size - (TAPS - k) * tap + f
                for c in range(v.channels):
                    total += x[pixel + c] * u[weights + c * v.filters]
        y[f] = np.float32(0) if flags & 2 and total < 0 else total


@kernel
def correlate(x: Floats, f: Pass, dy: Floats, dw: Floats, scratch: Floats, stop: int) -> None:
    """dw += what the first `stop` units add to it. scratch: V, D, dU."""
    v, g = f.volume, f.plane
    width, depth = panels_of(v.filters) * COLUMNS, SLICES * v.channels
    plane_v, plane_d, step = BLOCK * v.channels + GAP, BLOCK * width + GAP, depth * width + GAP
    d0 = SLICES * PLACES * plane_v
    u0 = d0 + PLACES * plane_d
    clear(scratch, u0, u0 + PLACES * step)
    for unit in range(stop):
        n, in_slice, first, count = block_at(unit, g)
        for z in range(v.slices):
            begin, end = transform_slices(x, f, n, z, in_slice, first, count, scratch)
            transform_gradients(dy, g, (n * v.slices + z) * in_slice + first, count, BLOCK, width, scratch, d0, TILE)
            lines = f.taps[z % SLICES]
            for p in range(0, PLACES, PLANES):
                multiply_planes(
                    PLANES, scratch, p * plane_v, plane_v, lines, begin * v.channels, end * v.channels, f.rows, count, scratch,
                    d0 + p * plane_d, plane_d, COLUMNS, BLOCK * COLUMNS, scratch, u0 + p * step, step, f.outs, width, dw, 0, -1, ADD,
                )  # fmt: skip
    for k in range(depth if stop > 0 else 0):
        begin, tap = k // v.channels * 9 * v.channels * v.filters + k % v.channels * v.filters, v.channels * v.filters
        for c in range(0, v.filters, LANES):
            filter_gradient_tile(
                TILE, scratch, u0 + k * width + c, SIDE * step, step, dw, begin + c, 3 * tap, tap, 0, 3, 0, 3, v.filters - c, 0
            )  # fmt: skip
