"""How a window moves over an image, as tables of offsets, which turn a convolution into a matrix product.

    y[n, r, s, f] = b[f] + sum over i, j, c of x[n, r*stride - top + i*dilation, ..., g*depth + c] w[i, j, c, f]

Axes: x (n, height, width, channels), w (window rows, window columns, depth, filters), y (n, rows, columns, filters), with
depth = channels / groups, share = filters / groups, g = f // share. Pixels outside of the image count as 0. A sequence is
an image of height 1. The start of the window of output pixel (r, s) in a (padded) image of `pitch` pixels per row, and the
offset of its number k = (i, j, c):

    rows[r, s] = (r * row_stride * pitch + s * column_stride) * channels
    taps[i, j, c] = (i * row_dilation * pitch + j * column_dilation) * channels + c

The gradient of the image is such a sweep too, over dy: image row p received from output row r through window row i if
p = r*stride - top + i*dilation. For the rows p = a, a + stride, a + 2*stride ... always the same i take part, so each such
*phase* is a convolution of stride 1 over dy with those rows of the window, and its results are spread stride apart.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.matrix.matmul import padded

Offsets = NDArray[np.int64]
BAND = 256
"""Output pixels computed at a time: their part of the image, padded, stays in the nearest caches."""


class Geometry(NamedTuple):
    """Sizes of one convolution; see the module's first lines."""

    height: int
    width: int
    channels: int
    window_rows: int
    window_columns: int
    filters: int
    rows: int
    columns: int
    row_stride: int = 1
    column_stride: int = 1
    top: int = 0
    left: int = 0
    row_dilation: int = 1
    column_dilation: int = 1
    groups: int = 1


class Sweep(NamedTuple):
    """The integers of one pass over images, as the kernel `convolve` reads them."""

    height: int
    width: int
    channels: int
    top: int
    """Padding above and left of the image; negative: that many rows are skipped."""
    left: int
    row_stride: int
    extent: int
    """Image rows that a window spans."""
    pitch: int
    """Pixels in a row of the padded image."""
    padded: int
    """1 if the windows leave the image, so that it must be padded."""
    rows: int
    columns: int
    band: int
    """Output rows computed at a time."""
    groups: int
    depth: int
    share: int
    sample: int
    """Floats of an output image, and where in it the sweep's first pixel and the next output row lie."""
    origin: int
    line: int
    weights: int
    """Where the packed weights of this sweep begin, and how many floats a group has."""
    group_weights: int

    @property
    def bands(self) -> int:
        """Work units in one image."""
        return -(-self.rows // self.band)

    @property
    def scratch(self) -> int:
        """How many floats one padded band takes."""
        return ((self.band - 1) * self.row_stride + self.extent) * self.pitch * self.channels if self.padded else 1


class Plan(NamedTuple):
    """A sweep with its tables: windows and taps read, outs is written; the pack_ tables read w (first group)."""

    sweep: Sweep
    windows: Offsets
    taps: Offsets
    outs: Offsets
    pack_rows: Offsets
    pack_columns: Offsets
    pack_group: int
    """Distance in w from one group to the next."""


def packing(w: tuple[int, ...], strides: tuple[int, int], groups: int) -> Geometry:
    """A partial geometry for packing weights of shape w: sizes and padding of the image do not matter."""
    return Geometry(1, 1, w[2] * groups, w[0], w[1], w[3], 1, 1, *strides, groups=groups)


def offsets(*axes: "list[int] | Offsets") -> Offsets:
    """The sums of one number of each axis, the last axis fastest: the offsets in an array of several axes."""
    total = np.zeros(1, np.int64)
    for axis in axes:
        total = (total[:, None] + np.asarray(axis, np.int64)[None, :]).reshape(-1)
    return total


def span(count: int, step: int = 1) -> Offsets:
    """0, step, 2*step ..."""
    return np.arange(count, dtype=np.int64) * step


@lru_cache(maxsize=512)
def forward(g: Geometry) -> Plan:
    """The sweep that computes y."""
    share = g.filters // g.groups
    into = [i * g.row_dilation for i in range(g.window_rows)], [j * g.column_dilation for j in range(g.window_columns)]
    image, steps = (g.height, g.width, g.channels), (g.row_stride, g.column_stride, g.top, g.left)
    places = (g.rows * g.columns * share * g.groups, 0, g.columns * g.filters, g.filters)
    size = g.window_rows * g.window_columns * (g.channels // g.groups)
    return plan(
        image, steps, into, (g.rows, g.columns), g.groups, share, places, 0, (span(size, g.filters), span(share), share)
    )


@lru_cache(maxsize=512)
def backward(g: Geometry) -> tuple[Plan, ...]:
    """The sweeps over dy that compute dx, one for each phase (only one if the stride is 1).

    Phases are counted in the padded image, so that packed weights fit images of all sizes.
    """
    depth, share, plans, weights = g.channels // g.groups, g.filters // g.groups, [], 0
    for row_phase, column_phase in product(range(g.row_stride), range(g.column_stride)):
        a, b = (row_phase - g.top) % g.row_stride, (column_phase - g.left) % g.column_stride
        rows = {i: a + g.top - i * g.row_dilation for i in range(g.window_rows)}
        columns = {j: b + g.left - j * g.column_dilation for j in range(g.window_columns)}
        rows = {i: q // g.row_stride for i, q in rows.items() if q % g.row_stride == 0}
        columns = {j: q // g.column_stride for j, q in columns.items() if q % g.column_stride == 0}
        top, left = -min(rows.values(), default=0), -min(columns.values(), default=0)
        into = [q + top for q in rows.values()], [q + left for q in columns.values()]
        sizes = -(-(g.height - a) // g.row_stride), -(-(g.width - b) // g.column_stride)
        places = (
            g.height * g.width * g.channels, (a * g.width + b) * g.channels, g.row_stride * g.width * g.channels,
            g.column_stride * g.channels,
        )  # fmt: skip
        window = offsets([i * g.window_columns for i in rows], list(columns)) * depth * g.filters
        plans.append(plan(
            (g.rows, g.columns, g.filters), (1, 1, top, left), into, sizes, g.groups, depth, places, weights,
            (offsets(window, span(share)), span(depth, g.filters), share),
        ))  # fmt: skip
        weights += g.groups * plans[-1].sweep.group_weights
    return tuple(plans)


def plan(
    image: tuple[int, int, int], steps: tuple[int, int, int, int], into: tuple[list[int], list[int]],
    sizes: tuple[int, int], groups: int, share: int, places: tuple[int, int, int, int], weights: int,
    pack: tuple[Offsets, Offsets, int],
) -> Plan:  # fmt: skip
    """Tables of a sweep over `image` (height, width, channels).

    steps: row stride, column stride, top, left. into: the offset of its rows and columns in the window. sizes: output
    rows and columns. places: floats of an output image, its first pixel, the distances of output rows and columns. pack: the pack_ tables.
    """
    (height, width, channels), (row_stride, column_stride, top, left) = image, steps
    depth = channels // groups
    extent, breadth = max(into[0], default=0) + 1, max(into[1], default=0) + 1
    below, right = (sizes[0] - 1) * row_stride - top + extent, (sizes[1] - 1) * column_stride - left + breadth
    outside = top > 0 or left > 0 or below > height or right > width
    pitch = right + left if outside else width
    band = max(1, min(sizes[0], BAND // max(sizes[1], 1)))
    taps = offsets([i * pitch * channels for i in into[0]], [j * channels for j in into[1]], span(depth))
    sweep = Sweep(
        *image, top, left, row_stride, extent, pitch, int(outside), *sizes, band, groups, depth, share, *places[:3],
        weights, taps.size * padded(share),
    )  # fmt: skip
    windows = offsets(span(band, row_stride * pitch * channels), span(sizes[1], column_stride * channels))
    outs = offsets(span(band, places[2]), span(sizes[1], places[3]))
    return Plan(sweep, windows, taps, outs, *pack)
