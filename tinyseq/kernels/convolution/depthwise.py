"""Depthwise convolution: every input channel c has its own filters and produces `multiplier` output channels.

    y[n, r, s, c*multiplier + m] = b[...] + sum over i, j of x[n, r*stride - top + i*dilation, ..., c] w[i, j, c, m]

Axes: x (n, height, width, channels), w (window rows, window columns, channels, multiplier), y (n, rows, columns, channels *
multiplier). It is a convolution with as many groups as channels, and Geometry describes it so: of an image whose channels are
each repeated `multiplier` times (channels = filters = groups = channels * multiplier in the Geometry). The tables are those
of geometry.py; bands are as in direct.py, and with a multiplier the band's copy repeats the channels.
The gradient of the image sums what the repeated channels receive.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.convolution import depthwise_rows, geometry
from tinyseq.kernels.convolution.direct import pad
from tinyseq.kernels.convolution.geometry import Geometry, Plan, Sweep
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.channel_tile import ROWS, channel_tile
from tinyseq.kernels.matrix.matmul import steps
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, RELU
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
NO_BIAS = np.zeros(1, np.float32)


class Tables(NamedTuple):
    """A sweep of a depthwise convolution with its tables."""

    sweep: Sweep
    windows: Offsets
    taps: Offsets
    lines: Offsets
    """Where the numbers of the window are in w."""
    places: Offsets
    """Where a pixel's results are written first: in y, or in the scratch if they are then summed into y at `outs`. For the
    gradient of the weights: where pixels of dy are."""
    outs: Offsets
    repeat: int
    """How often each channel of the image is repeated, and how many neighbouring results are summed."""
    together: int


def units(g: Geometry, batch: int, multiplier: int) -> int:
    """The number of work units of `forward`."""
    return batch * (g.rows if depthwise_rows.fits(g, multiplier) else geometry.forward(g).sweep.bands)


def band(s: Sweep) -> int:
    """Floats of a band of the image, copied."""
    return ((s.band - 1) * s.row_stride + s.extent) * s.pitch * s.channels


def scratch_for(g: Geometry) -> int:
    """How many floats of scratch each of the passes needs."""
    plans = (geometry.forward(g), *geometry.backward(g))
    return max(band(p.sweep) + p.sweep.band * p.sweep.columns * p.sweep.channels for p in plans)


@composed
def forward(
    calls: Calls, x: Floats, w: Floats, b: Floats | None, y: Floats, g: Geometry, multiplier: int, relu: bool, scratch: Floats,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Work units start..stop-1 of y. relu leaves NaN as it is."""
    flags = (RELU if relu else 0) | (0 if b is None else BIAS)
    p, bias = geometry.forward(g), NO_BIAS if b is None else b
    if depthwise_rows.fits(g, multiplier):
        calls.call(depthwise_rows.slide_rows, x.reshape(-1), w.reshape(-1), bias, y.reshape(-1), g, flags, False, start, stop)
        return
    t = Tables(p.sweep, p.windows, p.taps, p.pack_rows, p.outs, p.outs, multiplier, 1)
    calls.call(slide, x.reshape(-1), t, w.reshape(-1), bias, y.reshape(-1), scratch, flags, start, stop)


@composed
def input_gradient(calls: Calls, dy: Floats, w: Floats, dx: Floats, g: Geometry, multiplier: int, scratch: Floats) -> None:
    """dx, phase by phase (geometry.py), or row by row."""
    if depthwise_rows.fits(g, multiplier):
        flat, rows = (dy.reshape(-1), w.reshape(-1)), dx.shape[0] * g.height
        if g.row_stride == 1:
            calls.call(depthwise_rows.slide_rows, *flat, NO_BIAS, dx.reshape(-1), depthwise_rows.turned(g), 0, True, 0, rows)
        else:
            calls.call(depthwise_rows.spread_rows, *flat, dx.reshape(-1), g, 0, rows)
        return
    for p in geometry.backward(g):
        places = p.outs if multiplier == 1 else steps(p.outs.size, g.channels)
        t = Tables(p.sweep, p.windows, p.taps, p.pack_rows, places, p.outs, 1, multiplier)
        calls.call(slide, dy.reshape(-1), t, w.reshape(-1), NO_BIAS, dx.reshape(-1), scratch, 0, 0, dy.shape[0] * p.sweep.bands)


@composed
def weight_gradient(calls: Calls, x: Floats, dy: Floats, dw: Floats, g: Geometry, multiplier: int, scratch: Floats) -> None:
    """dw += sum over all pixels of their window in x times their gradient in dy."""
    if depthwise_rows.fits(g, multiplier):
        calls.call(depthwise_rows.gather_rows, x.reshape(-1), dy.reshape(-1), dw.reshape(-1), g, 0, dy.shape[0] * g.rows)
        return
    p: Plan = geometry.forward(g)
    pixels = steps(p.windows.size, g.filters)
    t = Tables(p.sweep, p.windows, p.taps, p.pack_rows, pixels, p.outs, multiplier, 1)
    calls.call(gather, x.reshape(-1), t, dy.reshape(-1), dw.reshape(-1), scratch, 0, dy.shape[0] * p.sweep.bands)


@kernel
def copy_band(x: Floats, image: int, s: Sweep, row: int, rows: int, repeat: int, out: Floats) -> None:
    """Image rows row..row+rows-1 with zeros around them, every channel `repeat` times."""
    if repeat == 1:
        pad(x, image, s, row, rows, out)
        return
    channels = s.channels // repeat
    for r in range(rows):
        for p in range(s.pitch):
            column = p - s.left
            to = (r * s.pitch + p) * s.channels
            if row + r < 0 or row + r >= s.height or column < 0 or column >= s.width:
                clear(out, to, to + s.channels)
                continue
            source = image + ((row + r) * s.width + column) * channels
            for c in range(channels):
                for m in range(repeat):
                    out[to + c * repeat + m] = x[source + c]


@kernel
def slide(x: Floats, t: Tables, w: Floats, b: Floats, y: Floats, scratch: Floats, flags: int, start: int, stop: int) -> None:
    """Bands start..stop-1: channels of x repeated `repeat` times, results summed over `together` neighbours."""
    s, windows, taps, lines, places, outs, repeat, together = t
    bands = -(-s.rows // s.band)
    copied = s.padded or repeat > 1
    results = ((s.band - 1) * s.row_stride + s.extent) * s.pitch * s.channels
    for unit in range(start, stop):
        n, r = unit // bands, unit % bands * s.band
        rows = min(s.band, s.rows - r)
        pixels = rows * s.columns
        image = n * s.height * s.width * (s.channels // repeat)
        top = r * s.row_stride - s.top
        if copied:
            copy_band(x, image, s, top, (rows - 1) * s.row_stride + s.extent, repeat, scratch)
        source = scratch if copied else x
        begin = 0 if copied else image + (top * s.width - s.left) * s.channels
        target = y if together == 1 else scratch
        out = n * s.sample + s.origin + r * s.line if together == 1 else results
        for c in range(0, s.channels, LANES):
            for p in range(0, pixels, ROWS):
                channel_tile(
                    source, begin + c, windows, p, pixels - 1, taps, taps.size, w, c, lines, target, out + c, places,
                    s.channels - c, b, c, flags,
                )  # fmt: skip
        if together > 1:
            add_together(scratch, results, places, outs, pixels, s.channels, together, y, n * s.sample + s.origin + r * s.line)


@kernel
def add_together(
    source: Floats, source0: int, places: Offsets, outs: Offsets, pixels: int, channels: int, together: int, y: Floats,
    y0: int,
) -> None:  # fmt: skip
    """y[..., c] = sum over m of source[..., c*together + m]; y0 and outs count channels of the source."""
    for p in range(pixels):
        for c in range(channels // together):
            total = np.float32(0)
            for m in range(together):
                total += source[source0 + places[p] + c * together + m]
            y[(y0 + outs[p]) // together + c] = total


@kernel
def gather(x: Floats, t: Tables, dy: Floats, dw: Floats, scratch: Floats, start: int, stop: int) -> None:
    """dw += what bands start..stop-1 add to it: `slide` with pixels and places of the window exchanged."""
    s, windows, taps, lines, pixels, repeat = t.sweep, t.windows, t.taps, t.lines, t.places, t.repeat
    bands = -(-s.rows // s.band)
    copied = s.padded or repeat > 1
    for unit in range(start, stop):
        n, r = unit // bands, unit % bands * s.band
        rows = min(s.band, s.rows - r)
        image = n * s.height * s.width * (s.channels // repeat)
        top = r * s.row_stride - s.top
        if copied:
            copy_band(x, image, s, top, (rows - 1) * s.row_stride + s.extent, repeat, scratch)
        source = scratch if copied else x
        begin = 0 if copied else image + (top * s.width - s.left) * s.channels
        gradient = n * s.sample + r * s.line
        for c in range(0, s.channels, LANES):
            for k in range(0, taps.size, ROWS):
                channel_tile(
                    source, begin + c, taps, k, taps.size - 1, windows, rows * s.columns, dy, gradient + c, pixels, dw, c,
                    lines, s.channels - c, dy, 0, ADD,
                )  # fmt: skip
