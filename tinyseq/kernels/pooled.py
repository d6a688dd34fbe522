"""Gradients of a 3x3 convolution whose output goes through max pooling: computed where the gradient is, not where it is 0.

Max pooling hands its gradient to one pixel of every window and filter; the others get 0. With windows of 3x3 that is one
number in nine, so the gradient dy of the convolution's output needs not be written, and eight of nine multiplications not be
done. With z = dz[n, k, f] the gradient of the pooled output (after the slope of an activation), k its windows and
p[n, k, f] the pixel that window k chose for filter f:

    dw[i, j, c, f] += sum over n, k of  z * x[n, p + (i, j), c]
    dx[n, p + (i, j), c] += sum over k, f of  z * w[i, j, c, f]

which is backpropagation's own formula without its zeros (LeCun et al. 1998, "Gradient-based learning applied to document
recognition", section III, where subsampling layers hand gradients back). A zero that is left out is not multiplied by
an infinity or a NaN either: these reach the gradients only through pixels that were chosen.

The weights, and the sums for dw, stand as (chunk of LANES channels, filter, tap, channel): what the inner loops
(pooled_taps.py) read and write lies in one piece. Windows may not overlap, nor leave the image.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.compile import kernel
from tinyseq.kernels.copying import clear, copy
from tinyseq.kernels.pooled_taps import BLOCK, HALF, TAPS, Where, collect, scatter_2x2, scatter_3x3
from tinyseq.kernels.simd import LANES
from tinyseq.kernels.transposing import transpose
from tinyseq.kernels.window import Geometry, Offsets, offsets, span

Floats = NDArray[np.float32]
Index = NDArray[np.uint8]
Window = tuple[int, int, int, int, int, int]
"""Of the pooling: rows, columns, their strides, padding above and on the left."""

PIXELS = 144
"""Pixels of pooling windows that are swept for one filter, then for the next: so many, with those between them, stay in the
first-level cache (123x123x32, windows of 3x3: 0.39 ms, and 0.55 with twice as many; Zen 4, one thread)."""


class Sweep(NamedTuple):
    """The integers that the kernels read."""

    height: int
    width: int
    channels: int
    filters: int
    windows: int
    columns: int
    """Of a pooling window."""
    block: int
    """Pooling windows that are swept at a time."""
    top: int
    left: int
    tall: int
    """Rows and columns of the padded image."""
    pitch: int


def fits(g: Geometry, window: Window, rows: int, columns: int) -> bool:
    """Whether these kernels compute a convolution before max pooling to `rows` x `columns` windows."""
    moves = (g.window_rows, g.window_columns, g.row_stride, g.column_stride, g.row_dilation, g.column_dilation, g.groups)
    tall, wide, down, right, top, left = window
    inside = top == left == 0 and (rows - 1) * down + tall <= g.rows and (columns - 1) * right + wide <= g.columns
    return (
        moves == (3, 3, 1, 1, 1, 1, 1)
        and window[:2] in ((2, 2), (3, 3))
        and down >= tall
        and right >= wide
        and inside
        and g.channels % LANES == 0
        and g.filters % HALF == 0
        and image_size(g) < 1 << 31  # `where` counts in int32
    )


def wins(g: Geometry, window: Window) -> bool:
    """Whether this is faster than writing the pooling's gradient out and Winograd's method on it, which does a fourth of the
    definition's multiplications too: for windows of 2x2 only with few channels, where the transforms weigh most."""
    return window[0] * window[1] > 4 or g.channels <= 32


@lru_cache(maxsize=256)
def plan(g: Geometry, window: Window, rows: int, columns: int) -> tuple[Sweep, Offsets]:
    """The sweep for `rows` x `columns` pooling windows, and where each of them begins in a padded image."""
    tall, pitch = g.rows + 2, g.columns + 2
    sweep = Sweep(
        g.height, g.width, g.channels, g.filters, rows * columns, window[1], block_size(window), g.top, g.left, tall, pitch
    )  # fmt: skip
    corners = offsets(span(rows, window[2] * pitch * g.channels), span(columns, window[3] * g.channels))
    return sweep, corners


def scratch_size(g: Geometry) -> int:
    """How many floats of scratch each gradient needs: weights in their other order, and an image if it is padded."""
    return TAPS * g.channels * g.filters + (image_size(g) if padded(g) else 0)


def where_size(g: Geometry, window: Window) -> int:
    """How many int32 the table of `weight_gradient` takes."""
    return block_size(window) * g.filters


def block_size(window: Window) -> int:
    """Pooling windows in PIXELS."""
    return PIXELS // (window[0] * window[1])


def padded(g: Geometry) -> bool:
    """Whether windows of the convolution leave the image."""
    return (g.height, g.width) != (g.rows + 2, g.columns + 2)


def image_size(g: Geometry) -> int:
    """Floats of a padded image."""
    return (g.rows + 2) * (g.columns + 2) * g.channels


def weight_gradient(
    x: Floats, dz: Floats, index: Index, dw: Floats, g: Geometry, window: Window, scratch: Floats, where: Where
) -> None:  # fmt: skip
    """dw += its gradient. x (n, height, width, channels), dz and index (n, rows, columns, filters) as pooling gives them."""
    sum_weights(
        x.reshape(-1), dz.reshape(-1), index.reshape(-1), dw.reshape(-1), *plan(g, window, *dz.shape[1:3]), x.shape[0],
        int(padded(g)), scratch, where,
    )  # fmt: skip


def input_gradient(
    dz: Floats, index: Index, w: Floats, dx: Floats, g: Geometry, window: Window, scratch: Floats
) -> None:  # fmt: skip
    """dx, whatever it held before; w (3, 3, channels, filters)."""
    spread(
        dz.reshape(-1), index.reshape(-1), w.reshape(-1), dx.reshape(-1), *plan(g, window, *dz.shape[1:3]), dx.shape[0],
        int(padded(g)), scratch,
    )  # fmt: skip


@kernel
def sum_weights(
    x: Floats, dz: Floats, index: Index, dw: Floats, s: Sweep, corners: Offsets, batch: int, pad: int, scratch: Floats,
    where: Where,
) -> None:  # fmt: skip
    """dw += sum over all windows of z * x. scratch: the sums, then a padded image."""
    line = s.pitch * s.channels
    part = s.filters * TAPS * LANES
    image0 = TAPS * s.channels * s.filters
    turn(dw, s, scratch)
    for n in range(batch):
        source, begin = x, n * s.height * s.width * s.channels
        if pad:
            pad_image(x, n, s, scratch, image0)
            source, begin = scratch, image0
        for first in range(0, s.windows, s.block):
            count = min(s.block, s.windows - first)
            z0 = (n * s.windows + first) * s.filters
            look_up(index, z0, corners, first, count, s, where)
            for chunk in range(s.channels // LANES):
                for f in range(s.filters):
                    collect(
                        source, begin + chunk * LANES, line, s.channels, where, f, count, dz, z0 + f, s.filters, scratch,
                        chunk * part + f * TAPS * LANES,
                    )  # fmt: skip
    turn_back(scratch, s, dw)


@kernel(part=True)
def look_up(index: Index, z0: int, corners: Offsets, first: int, count: int, s: Sweep, where: Where) -> None:
    """where[k, f]: the pixel of the padded image that window first+k chose for filter f. Without a division: it would keep
    LLVM from making vectors of the loop, and place // columns is so simple for the few places there are."""
    third_or_half = 11 if s.columns == 3 else 16
    down = (s.pitch - s.columns) * s.channels
    for k in range(count):
        corner = corners[first + k]
        for f in range(s.filters):
            place = np.int64(index[np.uintp(z0 + k * s.filters + f)])
            row = (place * third_or_half) >> 5
            where[np.uintp(k * s.filters + f)] = corner + place * s.channels + row * down


@kernel
def spread(
    dz: Floats, index: Index, w: Floats, dx: Floats, s: Sweep, corners: Offsets, batch: int, pad: int, scratch: Floats
) -> None:  # fmt: skip
    """dx = sum over windows and filters of z * w. scratch: the weights, then a padded image."""
    line = s.pitch * s.channels
    part = s.filters * TAPS * LANES
    image0 = TAPS * s.channels * s.filters
    turn(w, s, scratch)
    for n in range(batch):
        target, begin = dx, n * s.height * s.width * s.channels
        if pad:
            target, begin = scratch, image0
        clear(target, begin, begin + s.tall * line)
        for first in range(0, s.windows, s.block):
            count = min(s.block, s.windows - first)
            for chunk in range(s.channels // LANES):
                for f in range(0, s.filters, BLOCK):
                    z0 = (n * s.windows + first) * s.filters + f
                    w0, block = chunk * part + f * TAPS * LANES, min(BLOCK, s.filters - f)
                    if s.columns == 2:
                        scatter_2x2(
                            target, begin + chunk * LANES, line, s.channels, corners, 2, first, count, index, dz, z0,
                            s.filters, block, scratch, w0,
                        )  # fmt: skip
                    else:
                        scatter_3x3(
                            target, begin + chunk * LANES, line, s.channels, corners, 3, first, count, index, dz, z0,
                            s.filters, block, scratch, w0,
                        )  # fmt: skip
        if pad:
            crop_image(scratch, image0, s, dx, n)


@kernel(part=True)
def turn(w: Floats, s: Sweep, turned: Floats) -> None:
    """turned[chunk, filter, tap, channel] = w[tap, channel, filter]."""
    for chunk in range(s.channels // LANES):
        for tap in range(TAPS):
            transpose(
                w, (tap * s.channels + chunk * LANES) * s.filters, s.filters, LANES, s.filters, turned,
                (chunk * s.filters * TAPS + tap) * LANES, TAPS * LANES,
            )  # fmt: skip


@kernel(part=True)
def turn_back(turned: Floats, s: Sweep, w: Floats) -> None:
    """w[tap, channel, filter] = turned[chunk, filter, tap, channel]."""
    for chunk in range(s.channels // LANES):
        for tap in range(TAPS):
            transpose(
                turned, (chunk * s.filters * TAPS + tap) * LANES, TAPS * LANES, s.filters, LANES, w,
                (tap * s.channels + chunk * LANES) * s.filters, s.filters,
            )  # fmt: skip


@kernel(part=True)
def pad_image(x: Floats, n: int, s: Sweep, target: Floats, t0: int) -> None:
    """Image n of x with zeros around it, at t0."""
    line = s.pitch * s.channels
    clear(target, t0, t0 + s.tall * line)
    for row in range(s.height):
        copy(
            x, (n * s.height + row) * s.width * s.channels, target, t0 + (row + s.top) * line + s.left * s.channels,
            s.width * s.channels,
        )  # fmt: skip


@kernel(part=True)
def crop_image(source: Floats, s0: int, s: Sweep, dx: Floats, n: int) -> None:
    """Image n of dx: the padded one at s0 without what lies around it."""
    line = s.pitch * s.channels
    for row in range(s.height):
        copy(
            source, s0 + (row + s.top) * line + s.left * s.channels, dx, (n * s.height + row) * s.width * s.channels,
            s.width * s.channels,
        )  # fmt: skip
