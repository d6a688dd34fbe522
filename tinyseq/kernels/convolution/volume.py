"""Convolution of volumes by register tiles, directly: direct.py with one axis more. volume_geometry.py has formula, axes and tables.

A unit of work is a band of rows of one output slice. Where windows leave the volume, that band is copied out of every slice that
they meet, with zeros around it, and kept for the next slice; then pixels and filters are one product, as in direct.py. The float64
formulas are in reference/volume.py, the twins in plain loops in volume_plain.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.alignment import aligned
from tinyseq.kernels.convolution import volume_geometry
from tinyseq.kernels.convolution.direct import NO_BIAS, pad
from tinyseq.kernels.convolution.volume_geometry import Volume, VolumePlan
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply, pack, padded, steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS, RELU
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Triple = tuple[int, int, int]
ONES: Triple = (1, 1, 1)


# ---------------------------------------------------------------------------- derived weights


@composed
def pack_forward(calls: Calls, w: Floats, groups: int, into: Floats | None = None) -> Floats:
    """w (window slices, rows, columns, channels / groups, filters) as panels for `forward`. `into`: where to, or None."""
    packed: Floats = calls.call(_pack, w, forward_plans(w.shape, groups), into)
    return packed


@composed
def pack_backward(
    calls: Calls, w: Floats, strides: Triple, dilation: Triple, groups: int, into: Floats | None = None
) -> Floats:  # fmt: skip
    """w as panels for `transposed` and `input_gradient`."""
    packed: Floats = calls.call(_pack, w, backward_plans(w.shape, strides, dilation, groups), into)
    return packed


def forward_size(shape: tuple[int, ...], groups: int) -> int:
    """Floats that `pack_forward` makes of weights of that shape."""
    return _packed_size(forward_plans(shape, groups))


def backward_size(shape: tuple[int, ...], strides: Triple, dilation: Triple, groups: int) -> int:
    """Floats that `pack_backward` makes."""
    return _packed_size(backward_plans(shape, strides, dilation, groups))


def forward_plans(shape: tuple[int, ...], groups: int) -> tuple[VolumePlan, ...]:
    """The sweep that reads the weights as they are."""
    return (volume_geometry.forward(volume_geometry.packing(shape, ONES, ONES, groups)),)


def backward_plans(shape: tuple[int, ...], strides: Triple, dilation: Triple, groups: int) -> tuple[VolumePlan, ...]:
    """The sweeps that read them for the gradient of the volume."""
    return volume_geometry.backward(volume_geometry.packing(shape, strides, dilation, groups))


def _packed_size(plans: tuple[VolumePlan, ...]) -> int:
    return sum(p.sweep.groups * p.sweep.group_weights for p in plans) or 1


@composed
def _pack(calls: Calls, w: Floats, plans: tuple[VolumePlan, ...], into: Floats | None) -> Floats:
    """w as panels for these sweeps, group by group."""
    packed = aligned(_packed_size(plans)) if into is None else into
    for p in plans:
        for group in range(p.sweep.groups):
            place = p.sweep.weights + group * p.sweep.group_weights
            calls.call(pack, w.reshape(-1), group * p.pack_group, p.pack_rows, p.pack_columns, packed, place)
    return packed


# ---------------------------------------------------------------------------- the passes


def units(v: Volume, batch: int) -> int:
    """Into how many parts the work of `forward` can be cut."""
    return batch * volume_geometry.forward(v).units


def forward_scratch(v: Volume) -> int:
    """How many floats of scratch `forward` needs."""
    return volume_geometry.forward(v).scratch


@composed
def forward(
    calls: Calls, x: Floats, packed: Floats, b: Floats | None, y: Floats, v: Volume, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of y; `packed` from `pack_forward`. relu leaves NaN as it is."""
    calls.call(_sweep, volume_geometry.forward(v), x, packed, b, y, relu, scratch, start, stop)


@composed
def _sweep(
    calls: Calls, p: VolumePlan, x: Floats, packed: Floats, b: Floats | None, y: Floats, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of one sweep."""
    flags, bias = (RELU if relu else 0) | (0 if b is None else BIAS), NO_BIAS if b is None else b
    calls.call(convolve, x.reshape(-1), p, packed, bias, y.reshape(-1), scratch, flags, start, stop)


def input_gradient_scratch(v: Volume) -> int:
    """How many floats of scratch `transposed` needs."""
    return max(p.scratch for p in volume_geometry.backward(v))


@composed
def input_gradient(calls: Calls, dy: Floats, packed: Floats, dx: Floats, v: Volume, scratch: Floats) -> None:
    """dx; `packed` from `pack_backward`."""
    calls.call(transposed, dy, packed, None, dx, v, False, scratch, 0, transposed_units(v, dy.shape[0]))


def transposed_units(v: Volume, batch: int) -> int:
    """Into how many parts the work of `transposed` can be cut."""
    return batch * sum(p.units for p in volume_geometry.backward(v))


@composed
def transposed(
    calls: Calls, dy: Floats, packed: Floats, b: Floats | None, dx: Floats, v: Volume, relu: bool, scratch: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """Work units start..stop-1 of dx + b, a transposed convolution of dy; `packed` from `pack_backward`."""
    begin = 0
    for p in volume_geometry.backward(v):
        whole = dy.shape[0] * p.units
        first, last = max(start - begin, 0), min(stop - begin, whole)
        if first < last:
            calls.call(_sweep, p, dy, packed, b, dx, relu, scratch, first, last)
        begin += whole


def weight_gradient_scratch(v: Volume) -> int:
    """How many floats of scratch `weight_gradient` needs: padded bands of x and, if need be, dy's as panels."""
    p = volume_geometry.forward(v)
    return p.scratch + 1 + (padded(p.sweep.share) * p.windows.size if p.sweep.share % COLUMNS else 0)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, v: Volume, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    p = volume_geometry.forward(v)
    pixels, lines = steps(p.windows.size, v.filters), steps(p.taps.shape[1], v.filters)
    calls.call(correlate, x.reshape(-1), p, dy.reshape(-1), pixels, dw.reshape(-1), lines, scratch, dy.shape[0] * p.units)


# ---------------------------------------------------------------------------- kernels


@kernel
def bands(x: Floats, n: int, p: VolumePlan, z: int, row: int, rows: int, fresh: bool, out: Floats) -> None:
    """Image rows row..row+rows-1 of every slice that a window of output slice z meets, padded; those that are not in the ring."""
    s, t, met = p.sweep, p.slices, p.met
    for k in range(0 if fresh or t.ring == 1 else met.size - 1, met.size):
        d = z * t.stride - t.front + met[k]
        begin = ((z + k) % t.ring if t.ring > 1 else k) * t.band
        if d < 0 or d >= t.depth:
            clear(out, begin, begin + rows * s.pitch * s.channels)
        else:
            pad(x, n * t.volume + d * s.height * s.width * s.channels, s, row, rows, out[begin:])


@kernel
def convolve(x: Floats, p: VolumePlan, w: Floats, b: Floats, y: Floats, scratch: Floats, flags: int, start: int, stop: int) -> None:
    """Units start..stop-1 of all volumes, in each band after band and in each of these slice after slice: y = x * w + b."""
    s, t, windows, taps, outs = p.sweep, p.slices, p.windows, p.taps, p.outs
    in_slice = -(-s.rows // s.band)
    for unit in range(start, stop):
        n, r, z = unit // t.outputs // in_slice, unit // t.outputs % in_slice * s.band, unit % t.outputs
        rows, top = min(s.band, s.rows - r), r * s.row_stride - s.top
        begin = n * t.volume + (((z * t.stride - t.front) * s.height + top) * s.width - s.left) * s.channels
        if s.padded:
            begin = 0
            bands(x, n, p, z, top, (rows - 1) * s.row_stride + s.extent, z == 0 or unit == start, scratch)
        source, own = scratch if s.padded else x, taps[z % t.ring]
        out = n * s.sample + s.origin + z * t.step + r * s.line
        for g in range(s.groups):
            multiply(
                source, begin + g * s.depth, windows, 0, rows * s.columns, own, own.size, w, s.weights + g * s.group_weights,
                COLUMNS, own.size * COLUMNS, y, out + g * s.share, outs, s.share, b, g * s.share, flags,
            )  # fmt: skip


@kernel
def correlate(
    x: Floats, p: VolumePlan, dy: Floats, pixels: Offsets, dw: Floats, lines: Offsets, scratch: Floats, stop: int
) -> None:  # fmt: skip
    """dw += the terms of the first `stop` units. pixels: the offsets of the pixels of dy; lines: of the window's numbers in dw."""
    s, t, windows, taps, columns, met = p.sweep, p.slices, p.windows, p.taps, p.pack_columns, p.met
    in_slice, fits, behind = -(-s.rows // s.band), s.share % COLUMNS == 0, met.size * t.band + 1
    for unit in range(stop):
        n, r, z = unit // t.outputs // in_slice, unit // t.outputs % in_slice * s.band, unit % t.outputs
        rows, top = min(s.band, s.rows - r), r * s.row_stride - s.top
        count = rows * s.columns
        begin = n * t.volume + (((z * t.stride - t.front) * s.height + top) * s.width - s.left) * s.channels
        if s.padded:
            begin = 0
            bands(x, n, p, z, top, (rows - 1) * s.row_stride + s.extent, z == 0, scratch)
        source, own = scratch if s.padded else x, taps[z % t.ring]
        for g in range(s.groups):
            gradient = n * s.sample + z * t.step + r * s.line + g * s.share
            if not fits:
                pack(dy, gradient, pixels[:count], columns, scratch, behind)
            a, a0 = (dy, gradient) if fits else (scratch, behind)
            multiply(
                source, begin + g * s.depth, own, 0, own.size, windows, count, a, a0, s.groups * s.share if fits else COLUMNS,
                COLUMNS if fits else count * COLUMNS, dw, g * s.share, lines, s.share, a, 0, ADD,
            )  # fmt: skip
