"""Gradients of a 3x3 convolution whose output goes through max pooling: computed only where the gradient is not 0.

Max pooling passes its gradient to one pixel of every window and filter; the others get 0. With windows of 3x3 that is one
number in nine, so the gradient dy of the convolution's output need not be stored, and eight of nine multiplications are
skipped. With z = dz[n, k, f] the gradient of the pooled output (after the slope of an activation), k its windows and
p[n, k, f] the pixel that window k chose for filter f:

    dw[i, j, c, f] += sum over n, k of  z * x[n, p + (i, j), c]
    dx[n, p + (i, j), c] += sum over k, f of  z * w[i, j, c, f]

which is backpropagation's own formula without its zeros (LeCun et al. 1998, "Gradient-based learning applied to document
recognition", section III, where subsampling layers hand gradients back). A skipped zero is not multiplied by an infinity
or a NaN either: these reach the gradients only through chosen pixels.

The weights, and the sums for dw, are stored as (chunk of LANES channels, filter, tap, channel): the inner loops
(taps.py, pairs.py) read and write contiguous memory. They read the chosen pixels from tables (choices.py), which are built for a block of
windows and used for all its channels. Windows must not overlap or leave the image.

What it earns, measured with and without by `python -m tests.benchmarks.compare_commits` (two cores, medians of interleaved steps): a
training step of the guide's convnet takes 1.31 (8 pictures) and 1.33 times as long without it on one thread, 1.32 on two; MNIST's convnet
1.39 and 1.22. Measure on an idle machine: beside twelve other processes the same comparison said 1.00.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.convolution.before_pooling.choices import HALF, WORD, Bits, Where, choose, look_up
from tinyseq.kernels.convolution.before_pooling.pairs import ENOUGH_REGISTERS, scatter_pairs
from tinyseq.kernels.convolution.before_pooling.rows import ask_for, copy_rows
from tinyseq.kernels.convolution.before_pooling.taps import CHUNKS, TAPS, collect, collect_chunks, scatter_2x2, scatter_3x3
from tinyseq.kernels.convolution.geometry import Geometry, Offsets, offsets, span
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.simd import LANES
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.movement.transposing import transpose_square
from tinyseq.kernels.runtime.calls import Calls, composed

Floats = NDArray[np.float32]
Index = NDArray[np.uint8]
Window = tuple[int, int, int, int, int, int]
"""Of the pooling: rows, columns, their strides, padding above and on the left."""

PIXELS = 144
"""Pixels of pooling windows that are swept for one filter, then for the next, to sum dw: so many, with those between them,
stay in the first-level cache (123x123x32, windows of 3x3: 0.39 ms, and 0.55 with twice as many; Zen 4, one thread)."""

SPREAD = 64
"""Windows for which `spread` builds tables at a time, or those of one row if these are more."""

PAIRED = WORD
"""Filters from which on windows of 2x2 are spread two at a time: it is one more kernel to compile, so only for much work."""

GROUP = CHUNKS * LANES
"""Channels that are summed together, for dw."""


class Sweep(NamedTuple):
    """The integers that the kernels read."""

    height: int
    width: int
    channels: int
    filters: int
    rows: int
    """Of pooling windows."""
    across: int
    """Pooling windows in a row."""
    columns: int
    """Of a pooling window, and its rows."""
    down: int
    """Rows from a pooling window to the one below."""
    block: int
    """Pooling windows that are swept at a time."""
    together: int
    """Rows of pooling windows that are spread at a time."""
    words: int
    """Integers of WORD bits, one for each filter."""
    top: int
    left: int
    tall: int
    """Rows and columns of the padded image."""
    pitch: int


def fits(g: Geometry, window: Window, rows: int, columns: int) -> bool:
    """Whether these kernels compute a convolution before max pooling to `rows` x `columns` windows.

    If they do, they are faster than the gradient written out and Winograd's method on it, which also does a fourth of
    the definition's multiplications. Windows of 2x2 whose gradients are 0 for a fifth, as after a relu: 32x32x64 by 64
    filters, two pictures, 0.70 ms, Winograd's 0.85; 4x4x512 by 512 2.4 and 6.8. Without a 0, one picture of 112x112x64: 5.6 and
    5.2, but then the bias's gradient and the slope take four times as long; whole nets train as fast or faster (Zen 4)."""
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
        and packed_size(g) < 1 << 31  # `where` counts in int32
    )


@lru_cache(maxsize=256)
def plan(g: Geometry, window: Window, rows: int, columns: int) -> tuple[Sweep, Offsets]:
    """The sweep for `rows` x `columns` pooling windows, and the pixel of a padded image where each of them begins."""
    tall, pitch = g.rows + 2, g.columns + 2
    sweep = Sweep(
        g.height, g.width, g.channels, g.filters, rows, columns, window[1], window[2], block_size(window),
        rows_together(columns), words(g), g.top, g.left, tall, pitch,
    )  # fmt: skip
    corners = offsets(span(rows, window[2] * pitch), span(columns, window[3]))
    return sweep, corners


def paired(g: Geometry, window: Window, columns: int) -> bool:
    """Whether two of `columns` windows are spread at a time."""
    return ENOUGH_REGISTERS and window[:2] == (2, 2) and window[3] == 2 and columns >= 2 and g.filters >= PAIRED


def scratch_size(g: Geometry) -> int:
    """How many floats of scratch each gradient needs: weights in their other order, and an image if it is packed."""
    return TAPS * g.channels * g.filters + (packed_size(g) if packed(g) else 0)


def where_size(g: Geometry, window: Window) -> int:
    """How many int32 the table of `weight_gradient` takes."""
    return block_size(window) * g.filters


def bits_size(g: Geometry, window: Window, columns: int) -> int:
    """How many int64 hold the bits that each gradient needs, for rows of `columns` windows."""
    return max(g.filters, rows_together(columns) * columns * window[0] * window[1] * words(g))


def block_size(window: Window) -> int:
    """Pooling windows in PIXELS: fewer than there are bits in an integer."""
    return PIXELS // (window[0] * window[1])


def rows_together(columns: int) -> int:
    """Rows of `columns` windows in SPREAD, at least one."""
    return max(1, SPREAD // columns)


def words(g: Geometry) -> int:
    """Integers of WORD bits, one for each filter."""
    return (g.filters + WORD - 1) // WORD


def padded(g: Geometry) -> bool:
    """Whether windows of the convolution leave the image."""
    return (g.height, g.width) != (g.rows + 2, g.columns + 2)


def packed(g: Geometry) -> bool:
    """Whether `sum_weights` copies images: those that must be padded, and those whose lines a sweep would read far apart."""
    return padded(g) or g.channels > max(GROUP, 32)


def packed_size(g: Geometry) -> int:
    """Floats of a padded image, its last group of channels filled up."""
    return (g.rows + 2) * (g.columns + 2) * ((g.channels + GROUP - 1) // GROUP * GROUP)


@composed
def weight_gradient(
    calls: Calls, x: Floats, dz: Floats, index: Index, dw: Floats, g: Geometry, window: Window, scratch: Floats, where: Where, bits: Bits
) -> None:  # fmt: skip
    """dw += its gradient. x (n, height, width, channels), dz and index (n, rows, columns, filters) as pooling returns them."""
    calls.call(
        sum_weights, x.reshape(-1), dz.reshape(-1), index.reshape(-1), dw.reshape(-1), *plan(g, window, *dz.shape[1:3]), x.shape[0],
        int(packed(g)), scratch, where, bits,
    )  # fmt: skip


@composed
def input_gradient(
    calls: Calls, dz: Floats, index: Index, w: Floats, dx: Floats, g: Geometry, window: Window, scratch: Floats, bits: Bits
) -> None:  # fmt: skip
    """dx, overwritten; w (3, 3, channels, filters)."""
    run = spread_pairs if paired(g, window, dz.shape[2]) else spread
    calls.call(
        run, dz.reshape(-1), index.reshape(-1), w.reshape(-1), dx.reshape(-1), *plan(g, window, *dz.shape[1:3]), dx.shape[0],
        int(padded(g)), scratch, bits,
    )  # fmt: skip


@kernel
def sum_weights(
    x: Floats, dz: Floats, index: Index, dw: Floats, s: Sweep, corners: Offsets, batch: int, pack: int, scratch: Floats,
    where: Where, living: Bits,
) -> None:  # fmt: skip
    """dw += sum over all windows of z * x. scratch: the sums, then an image if it is packed."""
    image, windows, chunks = s.height * s.width * s.channels, s.rows * s.across, s.channels // LANES
    part, image0 = s.filters * TAPS * LANES, TAPS * s.channels * s.filters
    pixel, apart = (min(s.channels, GROUP), s.tall * s.pitch * GROUP) if pack else (s.channels, GROUP)
    turn(dw, s, scratch)
    for n in range(batch):
        source, begin = x, n * image
        if pack:
            pack_image(x, n, s, scratch, image0)
            source, begin = scratch, image0
        for first in range(0, windows, s.block):
            count = min(s.block, windows - first)
            z0 = (n * windows + first) * s.filters
            look_up(index, dz, z0, corners, first, count, s.filters, s.pitch, pixel, s.columns, where, living)
            if not pack:
                ask_for_next(x, begin, image, corners, first + count, s)
            for chunk in range(0, chunks, CHUNKS):
                for f in range(s.filters):
                    x0, s0 = begin + chunk // CHUNKS * apart, chunk * part + f * TAPS * LANES
                    if chunk + CHUNKS <= chunks:
                        collect_chunks(
                            source, x0, s.pitch * pixel, pixel, where, f, living[f], dz, z0 + f, s.filters, CHUNKS, scratch, s0,
                            part,
                        )  # fmt: skip
                    else:
                        collect(
                            source, x0, s.pitch * pixel, pixel, where, f, living[f], dz, z0 + f, s.filters, 1, scratch, s0, part
                        )  # fmt: skip
    turn_back(scratch, s, dw)


@kernel(part=True)
def ask_for_next(x: Floats, begin: int, image: int, corners: Offsets, following: int, s: Sweep) -> None:
    """Prefetches the pixels of the next block of windows, perhaps of the next image: they are far away, in an order that no
    processor predicts (eight images of 123x123x32, 1.9 MB each: 0.45 ms an image, and 0.40 so). The two rows that the windows
    above have read are near already."""
    windows = s.rows * s.across
    if following == windows:
        begin, following = begin + image, 0
    for k in range(following, min(following + s.block, windows)):
        for row in range(2, s.columns + 2):
            ask_for(x, begin + (corners[k] + row * s.pitch) * s.channels, s.columns * s.channels)


@kernel
def spread(
    dz: Floats, index: Index, w: Floats, dx: Floats, s: Sweep, corners: Offsets, batch: int, pad: int, scratch: Floats,
    choices: Bits,
) -> None:  # fmt: skip
    """dx = sum over windows and filters of z * w. scratch: the weights, then a padded image."""
    line, image0 = s.pitch * s.channels, TAPS * s.channels * s.filters
    turn(w, s, scratch)
    clear_bits(choices)
    for n in range(batch):
        target, begin = dx, n * s.height * s.width * s.channels
        if pad:
            target, begin = scratch, image0
        for row in range(0, s.rows, s.together):
            first, count = row * s.across, min(s.together, s.rows - row) * s.across
            z0 = (n * s.rows * s.across + first) * s.filters
            clear(target, begin + reached(row, s) * line, begin + reached(row + s.together, s) * line)
            choose(index, dz, z0, count, s.filters, s.columns * s.columns, choices)
            for chunk in range(s.channels // LANES):
                for word in range(s.words):
                    x0, f = begin + chunk * LANES, word * WORD
                    w0 = (chunk * s.filters + f) * TAPS * LANES
                    if s.columns == 2:
                        scatter_2x2(
                            target, x0, line, s.channels, corners, 2, first, count, choices, word, s.words, dz, z0 + f, s.filters,
                            scratch, w0,
                        )  # fmt: skip
                    else:
                        scatter_3x3(
                            target, x0, line, s.channels, corners, 3, first, count, choices, word, s.words, dz, z0 + f, s.filters,
                            scratch, w0,
                        )  # fmt: skip
        if pad:
            crop_image(scratch, image0, s, dx, n)


@kernel
def spread_pairs(
    dz: Floats, index: Index, w: Floats, dx: Floats, s: Sweep, corners: Offsets, batch: int, pad: int, scratch: Floats,
    choices: Bits,
) -> None:  # fmt: skip
    """As spread, for windows of 2x2 side by side, row by row."""
    line, image0 = s.pitch * s.channels, TAPS * s.channels * s.filters
    turn(w, s, scratch)
    clear_bits(choices)
    for n in range(batch):
        target, begin = dx, n * s.height * s.width * s.channels
        if pad:
            target, begin = scratch, image0
        for top in range(0, s.rows, s.together):
            count = min(s.together, s.rows - top)
            z0 = (n * s.rows + top) * s.across * s.filters
            clear(target, begin + reached(top, s) * line, begin + reached(top + s.together, s) * line)
            choose(index, dz, z0, count * s.across, s.filters, 4, choices)
            for chunk in range(s.channels // LANES):
                for word in range(s.words):
                    w0 = (chunk * s.filters + word * WORD) * TAPS * LANES
                    for row in range(count):
                        before = row * s.across
                        scatter_pairs(
                            target, begin + chunk * LANES, line, s.channels, corners, 2, top * s.across + before, s.across, choices,
                            before * 4 * s.words + word, s.words, dz, z0 + before * s.filters + word * WORD, s.filters, scratch, w0,
                        )  # fmt: skip
        if pad:
            crop_image(scratch, image0, s, dx, n)


@kernel(part=True)
def reached(row: int, s: Sweep) -> int:
    """Rows of pixels that the rows of windows before this one reach; after the last, all remaining ones. They are cleared just
    before they are added to: after a whole image of 1.9 MB, its beginning has left the second-level cache."""
    if row == 0:
        return 0
    return (row - 1) * s.down + s.columns + 2 if row < s.rows else s.tall


@kernel(part=True)
def clear_bits(choices: Bits) -> None:
    """Clears the bits after the last filter."""
    for i in range(choices.size):
        choices[np.uintp(i)] = 0


@kernel(part=True)
def turn(w: Floats, s: Sweep, turned: Floats) -> None:
    """turned[chunk, filter, tap, channel] = w[tap, channel, filter]. Whole squares: LANES divides HALF, and that the filters."""
    for chunk in range(s.channels // LANES):
        for tap in range(TAPS):
            for f in range(0, s.filters, LANES):
                transpose_square(
                    w, (tap * s.channels + chunk * LANES) * s.filters + f, s.filters, turned,
                    ((chunk * s.filters + f) * TAPS + tap) * LANES, TAPS * LANES,
                )  # fmt: skip


@kernel(part=True)
def turn_back(turned: Floats, s: Sweep, w: Floats) -> None:
    """w[tap, channel, filter] = turned[chunk, filter, tap, channel]."""
    for chunk in range(s.channels // LANES):
        for tap in range(TAPS):
            for f in range(0, s.filters, LANES):
                transpose_square(
                    turned, ((chunk * s.filters + f) * TAPS + tap) * LANES, TAPS * LANES, w,
                    (tap * s.channels + chunk * LANES) * s.filters + f, s.filters,
                )  # fmt: skip


@kernel(part=True)
def pack_image(x: Floats, n: int, s: Sweep, target: Floats, t0: int) -> None:
    """Image n of x at t0, GROUP channels after GROUP channels, with zeros around it. What a sweep reads of an image with more
    channels lies in few places of the first-level cache: every fourth line of 64 channels, of which they push each other
    out (four images of 24x24x64 by 64 filters: 0.48 ms, and 0.43 so; Zen 4)."""
    pixel = min(s.channels, GROUP)
    for group in range(0, s.channels, GROUP):
        begin = t0 + group * s.tall * s.pitch
        if s.height < s.tall or s.width < s.pitch:
            clear(target, begin, begin + s.tall * s.pitch * pixel)
        for row in range(s.height):
            copy_rows(
                x, (n * s.height + row) * s.width * s.channels + group, s.channels, target,
                begin + ((row + s.top) * s.pitch + s.left) * pixel, pixel, s.width, min(GROUP, s.channels - group),
            )  # fmt: skip


@kernel(part=True)
def crop_image(source: Floats, s0: int, s: Sweep, dx: Floats, n: int) -> None:
    """Image n of dx: the padded one at s0 without its border."""
    line = s.width * s.channels
    copy_rows(
        source, s0 + (s.top * s.pitch + s.left) * s.channels, s.pitch * s.channels, dx, n * s.height * line, line, s.height, line
    )  # fmt: skip
