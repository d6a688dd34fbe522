"""Direct convolution by register tiles: no matrix of windows is built. geometry.py has the formula, axes and tables.

An image is taken a band of output rows at a time. If windows leave the image, the band's part of it is first copied with
zeros around it; then every pixel of the band and every filter is one product (matmul.py): windows[pixel] + taps[k]
addresses the number k of a pixel's window. The gradient of the image is the same kernel over dy with flipped weights, the
gradient of the weights the same product with the two tables exchanged:

    dw[k, f] += sum over pixels of x[taps[k] + windows[pixel]] dy[pixel, f]

The twins in plain loops are in direct_plain.py, the float64 formulas in reference/convolution.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import geometry
from tinyseq.kernels.convolution.geometry import Geometry, Plan, Sweep
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply, pack, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS, RELU
from tinyseq.kernels.movement.copying import clear, copy
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
NO_BIAS = np.zeros(1, np.float32)


# ---------------------------------------------------------------------------- derived weights


@composed
def pack_forward(calls: Calls, w: Floats, groups: int, into: Floats | None = None) -> Floats:
    """w (window rows, window columns, depth, filters) as panels for `forward`, whatever the image.

    `into`: an earlier result for weights of this shape, which is overwritten.
    """
    packed: Floats = calls.call(pack_for, w, forward_plans(w.shape, groups), into)
    return packed


@composed
def pack_backward(
    calls: Calls, w: Floats, strides: tuple[int, int], dilation: tuple[int, int], groups: int, into: Floats | None = None
) -> Floats:  # fmt: skip
    """w as panels for `input_gradient`: transposed, and only the window rows and columns that a phase uses."""
    packed: Floats = calls.call(pack_for, w, backward_plans(w.shape, strides, dilation, groups), into)
    return packed


def forward_size(shape: tuple[int, ...], groups: int) -> int:
    """The number of floats in the result of `pack_forward` for weights of that shape."""
    return packed_size(forward_plans(shape, groups))


def backward_size(shape: tuple[int, ...], strides: tuple[int, int], dilation: tuple[int, int], groups: int) -> int:
    """The number of floats in the result of `pack_backward`."""
    return packed_size(backward_plans(shape, strides, dilation, groups))


def forward_plans(shape: tuple[int, ...], groups: int) -> tuple[Plan, ...]:
    """The sweep that reads the weights as they are."""
    return (geometry.forward(geometry.packing(shape, (1, 1), groups)),)


def backward_plans(
    shape: tuple[int, ...], strides: tuple[int, int], dilation: tuple[int, int], groups: int
) -> tuple[Plan, ...]:  # fmt: skip
    """The sweeps that read them for the gradient of the image."""
    g = geometry.packing(shape, strides, groups)
    return geometry.backward(g._replace(row_dilation=dilation[0], column_dilation=dilation[1]))


def packed_size(plans: tuple[Plan, ...]) -> int:
    """Floats of the weights of these sweeps as panels."""
    return sum(p.sweep.groups * p.sweep.group_weights for p in plans) or 1


@composed
def pack_for(calls: Calls, w: Floats, plans: tuple[Plan, ...], into: Floats | None) -> Floats:
    """w as panels for these sweeps, group by group."""
    packed = aligned(packed_size(plans)) if into is None else into
    for p in plans:
        for group in range(p.sweep.groups):
            place = p.sweep.weights + group * p.sweep.group_weights
            calls.call(pack, w.reshape(-1), group * p.pack_group, p.pack_rows, p.pack_columns, packed, place)
    return packed


# ---------------------------------------------------------------------------- the three passes


def units(g: Geometry, batch: int) -> int:
    """The number of work units of `forward`."""
    return batch * geometry.forward(g).sweep.bands


def forward_scratch(g: Geometry) -> int:
    """How many floats of scratch `forward` needs."""
    return geometry.forward(g).sweep.scratch


@composed
def forward(
    calls: Calls, x: Floats, packed: Floats, b: Floats | None, y: Floats, g: Geometry, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of y; `packed` from `pack_forward`. relu leaves NaN as it is."""
    p = geometry.forward(g)
    flags = (RELU if relu else 0) | (0 if b is None else BIAS)
    bias = NO_BIAS if b is None else b
    calls.call(convolve, x.reshape(-1), p, packed, bias, y.reshape(-1), scratch, flags, start, stop)


def input_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `input_gradient` needs."""
    return max(p.sweep.scratch for p in geometry.backward(g))


@composed
def input_gradient(calls: Calls, dy: Floats, packed: Floats, dx: Floats, g: Geometry, scratch: Floats) -> None:
    """dx; `packed` from `pack_backward`."""
    calls.call(transposed, dy, packed, None, dx, g, False, scratch, 0, transposed_units(g, dy.shape[0]))


def transposed_units(g: Geometry, batch: int) -> int:
    """The number of parts into which the work of `transposed` can be split: the bands of all phases."""
    return batch * sum(p.sweep.bands for p in geometry.backward(g))


@composed
def transposed(
    calls: Calls, dy: Floats, packed: Floats, b: Floats | None, dx: Floats, g: Geometry, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of dx + b, a transposed convolution of dy; `packed` from `pack_backward`. Phases that no row of the
    window meets are b alone."""
    flags = (RELU if relu else 0) | (0 if b is None else BIAS)
    bias, out, begin = NO_BIAS if b is None else b, dx.reshape(-1), 0
    for p in geometry.backward(g):
        whole = dy.shape[0] * p.sweep.bands
        first, last = max(start - begin, 0), min(stop - begin, whole)
        if first < last:
            calls.call(convolve, dy.reshape(-1), p, packed, bias, out, scratch, flags, first, last)
        begin += whole


def weight_gradient_scratch(g: Geometry) -> int:
    """How many floats of scratch `weight_gradient` needs: a padded band of x and, if need be, dy's as panels."""
    p = geometry.forward(g)
    return p.sweep.scratch + (padded(p.sweep.share) * p.windows.size if p.sweep.share % COLUMNS else 0)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, g: Geometry, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    p = geometry.forward(g)
    whole = dy.shape[0] * p.sweep.bands
    lines = steps(p.taps.size, g.filters)
    pixels = steps(p.windows.size, g.filters)
    calls.call(correlate, x.reshape(-1), p, dy.reshape(-1), pixels, dw.reshape(-1), lines, scratch, 0, whole)


# ---------------------------------------------------------------------------- kernels


@kernel(part=True)
def pad(x: Floats, image: int, s: Sweep, row: int, rows: int, out: Floats) -> None:
    """Image rows row..row+rows-1 (the image begins at x[image]), `left` zeros before each, filled up to `pitch` pixels."""
    first = max(0, -s.left) * s.channels  # left < 0: -left pixels are skipped
    before = max(0, s.left) * s.channels
    whole = s.pitch * s.channels
    length = min(s.width * s.channels - first, whole - before)
    for r in range(rows):
        line = r * whole
        source = image + (row + r) * s.width * s.channels + first
        if row + r < 0 or row + r >= s.height or length <= 0:
            clear(out, line, line + whole)
            continue
        clear(out, line, line + before)
        copy(x, source, out, line + before, length)
        clear(out, line + before + length, line + whole)


@kernel
def convolve(x: Floats, p: Plan, w: Floats, b: Floats, y: Floats, scratch: Floats, flags: int, start: int, stop: int) -> None:
    """Bands start..stop-1 of all images' bands: y = x * w + b."""
    s, windows, taps, outs = p.sweep, p.windows, p.taps, p.outs
    bands = -(-s.rows // s.band)
    for unit in range(start, stop):
        n, r = unit // bands, unit % bands * s.band
        rows = min(s.band, s.rows - r)
        image = n * s.height * s.width * s.channels
        top = r * s.row_stride - s.top
        if s.padded:
            pad(x, image, s, top, (rows - 1) * s.row_stride + s.extent, scratch)
        source = scratch if s.padded else x
        begin = 0 if s.padded else image + (top * s.width - s.left) * s.channels
        out = n * s.sample + s.origin + r * s.line
        for g in range(s.groups):
            multiply(
                source, begin + g * s.depth, windows, 0, rows * s.columns, taps, taps.size, w,
                s.weights + g * s.group_weights, COLUMNS, taps.size * COLUMNS, y, out + g * s.share, outs, s.share,
                b, g * s.share, flags,
            )  # fmt: skip


@kernel
def correlate(
    x: Floats, p: Plan, dy: Floats, pixels: Offsets, dw: Floats, lines: Offsets, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """dw += the terms of bands start..stop-1. pixels: the offsets of the pixels of dy; lines: of the window's numbers in dw."""
    s, windows, taps, columns = p.sweep, p.windows, p.taps, p.pack_columns
    bands = -(-s.rows // s.band)
    fits = s.share % COLUMNS == 0
    image_scratch = ((s.band - 1) * s.row_stride + s.extent) * s.pitch * s.channels if s.padded else 1
    for unit in range(start, stop):
        n, r = unit // bands, unit % bands * s.band
        rows = min(s.band, s.rows - r)
        count = rows * s.columns
        image = n * s.height * s.width * s.channels
        top = r * s.row_stride - s.top
        if s.padded:
            pad(x, image, s, top, (rows - 1) * s.row_stride + s.extent, scratch)
        source = scratch if s.padded else x
        begin = 0 if s.padded else image + (top * s.width - s.left) * s.channels
        for g in range(s.groups):
            gradient = n * s.sample + r * s.line + g * s.share
            if not fits:
                pack(dy, gradient, pixels[:count], columns, scratch, image_scratch)
            b, b0 = (dy, gradient) if fits else (scratch, image_scratch)
            multiply(
                source, begin + g * s.depth, taps, 0, taps.size, windows, count, b, b0,
                s.groups * s.share if fits else COLUMNS, COLUMNS if fits else count * COLUMNS,
                dw, g * s.share, lines, s.share, b, 0, ADD,
            )  # fmt: skip
