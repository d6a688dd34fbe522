"""Convolution with a stride by Winograd's method, phase by phase: for images whose pixels have at least a vector of channels.

strided_winograd.py folds the stride into the channels: the convolution is one of stride 1 over s*s images, its *phases*, each with every
s-th row and column of x. So does this module. But where the channels fill vectors the folded image need not be laid out: each phase is
transformed where it lies, by the transforms of winograd.py with longer steps. Phase (a, b) has a window of its own, of two or three rows:

    y[n, r, q, f] = sum over phases (a, b), I, J, c of x[n, s*(r+I) + a - top, s*(q+J) + b - left, c] w[s*I + a, s*J + b, c, f]

Tiles have 4x4 outputs. Where a phase has two rows, w = 0 at I = 2, so that it takes no part at the places (5, j); columns likewise.
So 4x4 windows by 2 take 4 * 25 multiplications for 16 outputs, where the definition takes 4 * 64.

The gradient of the image (and a transposed convolution) goes the other way. All phases of dx read the same tile of dy, at most
shifted by one pixel: its transform V is computed once, and each phase is a product and an output transform of its own:

    dx[n, s*q + a - top, ..., c] = sum over I, f of dy[n, q - I, ..., f] w[s*I + a, ..., c, f]

From the first row of the tile on, the window of a phase is at rows shift, shift + 1 ...: two rows with a shift of 1 take no part at the
places (0, j) instead. The kernels are in phase_winograd_kernels.py. NaN, infinity, borders and the bias as in winograd.py.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import winograd
from tinyseq.kernels.convolution.geometry import Geometry
from tinyseq.kernels.convolution.phase_winograd_kernels import (
    BLOCK,
    PLACES,
    SIDE,
    TILE,
    Axis,
    Phases,
    Tables,
    convolve,
    correlate,
    define_phases,
    spread,
    transform_filters,
    transform_flipped_filters,
)
from tinyseq.kernels.convolution.winograd import NO_BIAS
from tinyseq.kernels.convolution.winograd_kernels import GAP, define
from tinyseq.kernels.matrix.matmul import padded, steps
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.transposing import transpose
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]


# ---------------------------------------------------------------------------- when


def fits(g: Geometry) -> bool:
    """Whether all three passes can be computed so: every phase has two or three rows and columns, and lies in one window of three."""
    plain = (g.row_dilation, g.column_dilation, g.groups) == (1, 1, 1)
    axes = (g.window_rows, g.row_stride), (g.window_columns, g.column_stride)
    two_or_three = all(stride > 1 and 2 * stride <= window <= 3 * stride for window, stride in axes)
    return plain and min(g.channels, g.filters) >= LANES and two_or_three and all(found.reach <= 3 for found in placings(g))


def wins(g: Geometry) -> bool:
    """Whether it is faster than the direct convolution: more than one vector of channels or of filters, and tiles that are mostly inside
    of an image large enough to earn the transform of the filters.

    4x4 by 2 with 32 channels and 64 filters, 32x32 outputs: forward 1.29 times as fast, gradient of the weights 1.57, of the image 1.49;
    64 and 128, 16x16 1.84, 1.1, 1.5; 16 and 32, 32x32 1.5, 0.95, 1.1, and with 16 filters 0.8, 1.1, 1; 14x14, which fill 0.77 of their
    tiles, 0.6, 1.35, 1.1. 5x5 by 2, 32x32 2.0, 1.9, 2.4 (folded 1.6, 1.4, not at all), 6x6 by 3 1.3, 1.3, 1.2, 8x8 by 4 0.8, 1.1, 1.4.
    To transform 64 x 128 filters for both directions takes 0.8 ms, as much as is won with eight images of 8x8 (Xeon, AVX-512, 1 thread).
    """
    outputs = g.rows * g.columns
    inside = outputs / (TILE**2 * winograd.tiles(g.rows, TILE) * winograd.tiles(g.columns, TILE))
    enough = max(g.channels, g.filters) >= 2 * LANES and outputs >= 100
    return enough and inside >= 0.8 and max(g.row_stride, g.column_stride) <= 3


class Placing(NamedTuple):
    """Where the phases of one axis of the image lie, and their windows in a tile of dy."""

    axis: Axis
    rows: tuple[int, ...]
    """Rows of the window of each phase, and where in the tile they begin."""
    shifts: tuple[int, ...]
    before: int
    """Rows of dy that the first tile reads before the first row of dy."""
    pixels: int
    """Of the longest phase."""
    reach: int
    """Rows of dy that one pixel of all phases reads: at most 3, or Winograd's tile is too small."""


def placing(size: int, window: int, stride: int, padding: int) -> Placing:
    """Phase a of the image has the pixels s*q + a - padding. Its first q reads the rows q - rows + 1 .. q of dy."""
    begins = [-((a - padding) // stride) for a in range(stride)]
    rows = tuple(-(-(window - a) // stride) for a in range(stride))
    lows = [begin - many + 1 for begin, many in zip(begins, rows, strict=True)]
    shifts = tuple(low - min(lows) for low in lows)
    first = [stride * begin + a - padding for a, begin in enumerate(begins)]
    pixels = [max(0, -(-(size - start) // stride)) for start in first]
    begin_places = [int(shift > 0) for shift in shifts]
    end_places = [SIDE - 1 if many + shift < 3 else SIDE for many, shift in zip(rows, shifts, strict=True)]
    axis = Axis(*(np.array(numbers, np.int64) for numbers in (first, pixels, begin_places, end_places)))
    return Placing(axis, rows, shifts, -min(lows), max(pixels), max(many + shift for many, shift in zip(rows, shifts, strict=True)))


@lru_cache(maxsize=512)
def placings(g: Geometry) -> tuple[Placing, Placing]:
    """Of rows and of columns."""
    return placing(g.height, g.window_rows, g.row_stride, g.top), placing(g.width, g.window_columns, g.column_stride, g.left)


@lru_cache(maxsize=512)
def phases(g: Geometry) -> Phases:
    """What the kernels read of them."""
    rows, columns = placings(g)
    return Phases(flipped(g), g, rows.axis, columns.axis)


@lru_cache(maxsize=512)
def flipped(g: Geometry) -> Geometry:
    """The convolution of stride 1 over dy that has as many outputs as the longest phase of dx."""
    rows, columns = placings(g)
    return Geometry(
        g.rows, g.columns, g.filters, 3, 3, g.channels, rows.pixels, columns.pixels, top=rows.before, left=columns.before
    )  # fmt: skip


# ---------------------------------------------------------------------------- memory


def folded(g: Geometry) -> int:
    """Channels of all phases."""
    return g.row_stride * g.column_stride * g.channels


def forward_scratch(g: Geometry) -> int:
    """How many floats of scratch `forward` needs: V and M."""
    return PLACES * (BLOCK * (folded(g) + padded(g.filters)) + 2 * GAP)


def input_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `transposed` needs: V, and M of one phase."""
    return PLACES * (BLOCK * (g.filters + padded(g.channels)) + 2 * GAP)


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: V, D and dU."""
    return forward_scratch(g) + PLACES * (folded(g) * padded(g.filters) + GAP)


def forward_size(shape: tuple[int, ...], strides: tuple[int, int]) -> int:
    """The number of floats in the result of `pack_forward` for weights of that shape."""
    return PLACES * (strides[0] * strides[1] * shape[2] * padded(shape[3]) + GAP)


def backward_size(shape: tuple[int, ...], strides: tuple[int, int]) -> int:
    """The number of floats in the result of `pack_backward`: U of each phase, and the weights with channels and filters exchanged."""
    rows, columns, channels, filters = shape
    return strides[0] * strides[1] * PLACES * (filters * padded(channels) + GAP) + rows * columns * channels * filters


# ---------------------------------------------------------------------------- the passes


@composed
def pack_forward(calls: Calls, w: Floats, strides: tuple[int, int], into: Floats | None = None) -> Floats:
    """U for `forward`, from w (window rows, window columns, channels, filters); `into` as for winograd.pack_forward."""
    u = aligned(forward_size(w.shape, strides)) if into is None else into
    calls.call(transform_filters, w, strides, u)
    return u


@composed
def pack_backward(calls: Calls, w: Floats, g: Geometry, into: Floats | None = None) -> Floats:
    """U for `transposed` and `input_gradient` of that geometry, on whose padding the shifts depend; `into` as above."""
    channels, filters = w.shape[2:]
    u = aligned(backward_size(w.shape, (g.row_stride, g.column_stride))) if into is None else into
    tap, begin = channels * filters, u.size - w.size
    for t in range(g.window_rows * g.window_columns):
        calls.call(transpose, w.reshape(-1), t * tap, filters, channels, filters, u, begin + t * tap, channels)
    rows, columns = placings(g)
    for a in range(g.row_stride):
        for b in range(g.column_stride):
            shape = rows.rows[a], columns.rows[b], rows.shifts[a], columns.shifts[b]
            calls.call(transform_flipped_filters, u, begin, g, a, b, shape)
    return u


def units(g: Geometry, batch: int) -> int:
    """The number of work units of `forward`: its tiles."""
    return winograd.units(g, batch, TILE)


@composed
def forward(
    calls: Calls, x: Floats, u: Floats, w: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of y; `u` from `pack_forward(w)`. relu leaves NaN as it is."""
    flags = (2 if relu else 0) | (0 if b is None else 1)
    bias, t = NO_BIAS if b is None else b, Tables(steps(BLOCK, folded(g)), steps(folded(g)), steps(BLOCK, padded(g.filters)))
    calls.call(convolve, x.reshape(-1), g, t, u, bias, y.reshape(-1), flags, scratch, start, stop)
    order = winograd.forward_order(w)
    calls.call_unless(define, x.reshape(-1), g, w.reshape(-1), order, bias, flags, y.reshape(-1), start, stop, TILE)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    t = Tables(steps(folded(g)), steps(BLOCK, folded(g)), steps(folded(g), padded(g.filters)))
    calls.call(correlate, x.reshape(-1), g, t, dy.reshape(-1), dw.reshape(-1), scratch, 0, units(g, dy.shape[0]))


@composed
def input_gradient(calls: Calls, dy: Floats, u: Floats, w: Floats, dx: Floats, g: Geometry, scratch: Floats) -> None:
    """dx; `u` from `pack_backward(w, g)`."""
    calls.call(transposed, dy, u, w, None, dx, g, False, scratch, 0, transposed_units(g, dy.shape[0]))


def transposed_units(g: Geometry, batch: int) -> int:
    """The number of parts into which the work of `transposed` can be split."""
    return units(flipped(g), batch)


@composed
def transposed(
    calls: Calls, dy: Floats, u: Floats, w: Floats, b: Floats | None, dx: Floats, g: Geometry, relu: bool, scratch: Floats, start: int,
    stop: int,
) -> None:  # fmt: skip
    """Tiles start..stop-1 of each phase of dx + b, a transposed convolution of dy; `u` from `pack_backward(w, g)`."""
    flags, bias = (2 if relu else 0) | (0 if b is None else 1), NO_BIAS if b is None else b
    t = Tables(steps(BLOCK, g.filters), steps(g.filters), steps(BLOCK, padded(g.channels)))
    calls.call(spread, dy.reshape(-1), phases(g), t, u, bias, dx.reshape(-1), flags, scratch, start, stop)
    calls.call_unless(define_phases, dy.reshape(-1), phases(g), w.reshape(-1), bias, flags, dx.reshape(-1), start, stop)
