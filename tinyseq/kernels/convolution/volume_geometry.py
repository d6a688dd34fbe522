"""How a window moves through a volume, as tables of offsets: those of geometry.py for one slice, and the slices that a window meets.

    y[n, z, r, s, f] = b[f] + sum over l, i, j, c of x[n, z*stride - front + l*dilation, ...] w[l, i, j, c, f]

Axes: x (n, depth, height, width, channels), w (window slices, window rows, window columns, channels / groups, filters),
y (n, slices, rows, columns, filters). Rows, columns, groups and the phases of the gradient of the volume are as in geometry.py. Of
each slice that a window meets one band of rows is read, padded if it must be; the bands lie one after the other:

    taps[l, i, j, c] = l * (floats of a band) + taps[i, j, c]       (not padded: where slice l*dilation of the volume lies)

Neighbouring output slices meet neighbouring slices: with stride and dilation 1 the bands are a ring, in which the next output slice
overwrites the one that it does not meet any more. Then there are as many tables of taps as the ring has bands (3x3x3, 16 -> 32
channels: weights' gradient 1.1 times as fast, Xeon).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tinyseq.kernels.convolution import geometry
from tinyseq.kernels.convolution.geometry import Geometry, Offsets, Sweep, offsets, span
from tinyseq.kernels.matrix.matmul import padded


class Volume(NamedTuple):
    """Sizes of one convolution of volumes; see the module's first lines."""

    depth: int
    height: int
    width: int
    channels: int
    window_slices: int
    window_rows: int
    window_columns: int
    filters: int
    slices: int
    rows: int
    columns: int
    slice_stride: int = 1
    row_stride: int = 1
    column_stride: int = 1
    front: int = 0
    top: int = 0
    left: int = 0
    slice_dilation: int = 1
    row_dilation: int = 1
    column_dilation: int = 1
    groups: int = 1

    @property
    def plane(self) -> Geometry:
        """The convolution of one slice."""
        return Geometry(
            self.height, self.width, self.channels, self.window_rows, self.window_columns, self.filters, self.rows, self.columns,
            self.row_stride, self.column_stride, self.top, self.left, self.row_dilation, self.column_dilation, self.groups,
        )  # fmt: skip


class Slices(NamedTuple):
    """The integers of a sweep along the depth of volumes, as the kernels read them; Sweep has those of a slice."""

    depth: int
    """Slices of an input volume, and the floats of it."""
    volume: int
    outputs: int
    """Slices of the sweep's output, and in it the floats from one to the next."""
    step: int
    stride: int
    front: int
    """Slices of padding in front of the volume."""
    band: int
    """Floats of a padded band of one slice."""
    ring: int
    """Bands of a ring, 1 if all are read again for each output slice."""


class VolumePlan(NamedTuple):
    """A sweep with its tables: as geometry.Plan, `met`, the slices that a window meets, counted from its first, and taps (ring, number
    k): output slice z reads by taps[z % ring]."""

    sweep: Sweep
    slices: Slices
    met: Offsets
    windows: Offsets
    taps: Offsets
    outs: Offsets
    pack_rows: Offsets
    pack_columns: Offsets
    pack_group: int

    @property
    def units(self) -> int:
        """Work units in one volume: the bands of all its slices."""
        return self.slices.outputs * self.sweep.bands

    @property
    def scratch(self) -> int:
        """How many floats the padded bands of a window take."""
        return max(1, self.met.size * self.slices.band)


@lru_cache(maxsize=256)
def forward(v: Volume) -> VolumePlan:
    """The sweep that computes y."""
    flat, plane = geometry.forward(v.plane), v.rows * v.columns * v.filters
    taps = v.window_slices * flat.taps.size
    met = [slice_ * v.slice_dilation for slice_ in range(v.window_slices)]
    return _joined(
        flat, (v.depth, v.slices, v.slice_stride, v.front), met, (v.slices * plane, 0, plane), 0, span(taps, v.filters)
    )  # fmt: skip


@lru_cache(maxsize=256)
def backward(v: Volume) -> tuple[VolumePlan, ...]:
    """The sweeps over dy that compute dx, one for each phase. Packed weights fit volumes of all sizes."""
    plans, weights, plane = [], 0, v.height * v.width * v.channels
    window = v.window_rows * v.window_columns * (v.channels // v.groups) * v.filters
    for phase in range(v.slice_stride):
        a = (phase - v.front) % v.slice_stride
        met = {k: a + v.front - k * v.slice_dilation for k in range(v.window_slices)}
        met = {k: q // v.slice_stride for k, q in met.items() if q % v.slice_stride == 0}
        front, count = -min(met.values(), default=0), -(-(v.depth - a) // v.slice_stride)
        for flat in geometry.backward(v.plane):
            places = v.depth * plane, a * plane + flat.sweep.origin, v.slice_stride * plane
            plans.append(_joined(
                flat, (v.slices, count, 1, front), [q + front for q in met.values()], places, weights,
                offsets([k * window for k in met], flat.pack_rows),
            ))  # fmt: skip
            weights += v.groups * plans[-1].sweep.group_weights
    return tuple(plans)


def _joined(
    flat: geometry.Plan, steps: tuple[int, int, int, int], met: list[int], target: tuple[int, int, int], weights: int,
    pack_rows: Offsets,
) -> VolumePlan:  # fmt: skip
    """A slice's plan along the depth. steps: input slices, output slices, stride, padding in front; target: floats of an output
    volume, its first pixel, the distance of output slices."""
    (depth, count, stride, front), s = steps, flat.sweep
    leaves = front > 0 or (count - 1) * stride - front + max(met, default=0) >= depth
    pads = bool(s.padded or leaves)
    band = ((s.band - 1) * s.row_stride + s.extent) * s.pitch * s.channels if pads else 0
    plane = s.height * s.width * s.channels
    ring = max(len(met), 1) if pads and stride == 1 and met == list(range(len(met))) else 1
    if pads:
        places = [[(turn + k) % max(len(met), 1) * band for k in range(len(met))] for turn in range(ring)]
    else:
        places = [[q * plane for q in met]]
    taps = np.stack([offsets(place, flat.taps) for place in places])
    sweep = s._replace(
        padded=int(pads), sample=target[0], origin=target[1], weights=weights, group_weights=taps.shape[1] * padded(s.share)
    )
    slices = Slices(depth, depth * plane, count, target[2], stride, front, band, ring)
    return VolumePlan(
        sweep, slices, offsets(met), flat.windows, taps, flat.outs, pack_rows, flat.pack_columns, flat.pack_group
    )  # fmt: skip


def packing(w: tuple[int, ...], strides: tuple[int, int, int], dilation: tuple[int, int, int], groups: int) -> Volume:
    """Enough of a volume's sizes to pack weights of shape w."""
    sizes = [1, 1, 1, w[3] * groups, *w[:3], w[4], 1, 1, 1, *strides, 0, 0, 0, *dilation, groups]
    return Volume(*sizes)
