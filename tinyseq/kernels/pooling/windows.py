"""Max and average pooling over windows of any size, stride and padding, forward and backward.

    max:     y[n, r, q, c] = max over the window's rows i and columns j of  x[n, r sh + i - top, q sw + j - left, c]
    average: the same with the mean over those places that lie inside the image (padding does not count)

x, dx: (n, height, width, c); y, dy: (n, rows, columns, c), float32, C-contiguous. `window` is (rows of the window, its
columns, sh, sw, top, left). index: as y, uint8 or int32: which place of the window, i * columns + j, was the greatest
(the first of equals); it is written only if it is not empty. A one-dimensional input has height 1; a global pooling is one
window as large as the image.

Forward works on output rows start..stop-1 counted through all samples, backward on input rows. Backward gathers: each
dx is written once, from the windows that cover it, so windows may overlap; where they do not, a window's index and gradient
are loaded once for each of its rows. From 16 channels on, vectors of 16 channels
keep the running maximum or sum in registers; the last vector overlaps the one before it if 16 does not divide c.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.lanes16 import LANES, add, choose, equal, greater_or_nan, load, multiply, splat, store
from tinyseq.kernels.matrix.prefetch import prefetch
from tinyseq.kernels.movement.copying import clear
from tinyseq.kernels.pooling import small_windows, windows_plain
from tinyseq.kernels.runtime.calls import Calls, composed

F32 = np.float32
Floats = NDArray[np.float32]
Index = NDArray[np.uint8] | NDArray[np.int32]
Window = tuple[int, int, int, int, int, int]
LEAST = sys.maxsize if PLAIN_TWINS else LANES
"""Channels from which on vectors are used; never where intrinsics cannot run."""


def index_dtype(window: Window) -> type[np.uint8] | type[np.int32]:
    """The smallest integer type for the positions of this window."""
    return np.uint8 if window[0] * window[1] <= 256 else np.int32


NO_INDEX = {np.dtype(kind): np.empty((0, 0, 0, 0), kind) for kind in (np.uint8, np.int32)}


def no_index(window: Window) -> Index:
    """An empty index: max_pool then writes none."""
    return NO_INDEX[np.dtype(index_dtype(window))]


@composed
def max_pool(calls: Calls, x: Floats, y: Floats, index: Index, window: Window, start: int, stop: int) -> None:
    """y, and index if it is not empty, for output rows start..stop-1 of all samples."""
    if x.shape[3] < LEAST:
        run = windows_plain.max_pool_plain
    elif small_windows.small(x, y, window):
        run = small_windows.max_pool_small(window[0], window[1], index.size > 0)
    else:
        run = max_pool_vectors
    calls.call(run, x, y, index, window, start, stop)


@composed
def max_pool_gradient(calls: Calls, dy: Floats, index: Index, dx: Floats, window: Window, start: int, stop: int) -> None:
    """dx for input rows start..stop-1 of all samples: each dy is added at the position of its maximum."""
    apart = window[2] >= window[0] and window[3] >= window[1]
    vectors = max_pool_gradient_apart if apart else max_pool_gradient_vectors
    run = vectors if dx.shape[3] >= LEAST else windows_plain.max_pool_gradient_plain
    calls.call(run, dy, index, dx, window, start, stop)


@composed
def average_pool(calls: Calls, x: Floats, y: Floats, window: Window, start: int, stop: int) -> None:
    """y for output rows start..stop-1 of all samples."""
    run = average_pool_vectors if x.shape[3] >= LEAST else windows_plain.average_pool_plain
    calls.call(run, x, y, window, start, stop)


@composed
def average_pool_gradient(calls: Calls, dy: Floats, dx: Floats, window: Window, start: int, stop: int) -> None:
    """dx for input rows start..stop-1 of all samples: each dy in equal shares."""
    run = average_pool_gradient_vectors if dx.shape[3] >= LEAST else windows_plain.average_pool_gradient_plain
    calls.call(run, dy, dx, window, start, stop)


@kernel()
def max_pool_vectors(x: Floats, y: Floats, index: Index, window: Window, start: int, stop: int) -> None:
    """Like max_pool, for 16 channels and more and windows of any size.

    Pixels further down are prefetched (8 images of 113x113x64, 3x3 by 2: 1.4 ms instead of 1.9), but not beside the
    index: it keeps the loop busy enough, and a prefetch more made it slower where the image lies in the caches.
    """
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = x.shape
    _, rows, columns, _ = y.shape
    keep, ahead = index.size > 0, 2 * row_stride * width * channels
    for unit in range(start, stop):
        n, row = unit // rows, unit % rows
        top = row * row_stride - pad_top
        i_first, i_last = max(0, -top), min(window_rows, height - top)
        for column in range(columns):
            left = column * column_stride - pad_left
            j_first, j_last = max(0, -left), min(window_columns, width - left)
            corner = ((n * height + top) * width + left) * channels
            first = corner + (i_first * width + j_first) * channels
            target = (unit * columns + column) * channels
            for block in range(0, channels, LANES):
                c = min(block, channels - LANES)
                best = load(x, first + c)
                if keep:
                    place = splat(i_first * window_columns + j_first)
                    for i in range(i_first, i_last):
                        for j in range(j_first, j_last):
                            new = load(x, corner + (i * width + j) * channels + c)
                            wins = greater_or_nan(new, best)
                            best = choose(wins, new, best)
                            place = choose(wins, splat(i * window_columns + j), place)
                    store(index, target + c, place)
                else:
                    for i in range(i_first, i_last):
                        for j in range(j_first, j_last):
                            pixel = corner + (i * width + j) * channels + c
                            prefetch(x, pixel + ahead)
                            new = load(x, pixel)
                            best = choose(greater_or_nan(new, best), new, best)
                store(y, target + c, best)


@kernel()
def max_pool_gradient_vectors(dy: Floats, index: Index, dx: Floats, window: Window, start: int, stop: int) -> None:
    """Like max_pool_gradient, for 16 channels and more."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = dx.shape
    _, rows, columns, _ = dy.shape
    for unit in range(start, stop):
        n, y = unit // height, unit % height + pad_top
        r_first, r_last = max(0, -((window_rows - 1 - y) // row_stride)), min(rows, y // row_stride + 1)
        q_first, q_last = 0, 0  # windows q_first..q_last-1 cover the column; they only move right
        for column in range(width):
            x = column + pad_left
            while q_last < columns and q_last * column_stride <= x:
                q_last += 1
            while q_first * column_stride + window_columns <= x:
                q_first += 1
            target = (unit * width + column) * channels
            for block in range(0, channels, LANES):
                c = min(block, channels - LANES)
                total = splat(F32(0))
                for r in range(r_first, r_last):
                    for q in range(q_first, q_last):
                        place = (y - r * row_stride) * window_columns + x - q * column_stride
                        source = ((n * rows + r) * columns + q) * channels + c
                        chosen = equal(load(index, source), splat(place))
                        total = choose(chosen, add(total, load(dy, source)), total)
                store(dx, target + c, total)


@kernel()
def max_pool_gradient_apart(dy: Floats, index: Index, dx: Floats, window: Window, start: int, stop: int) -> None:
    """Like max_pool_gradient, for 16 channels and more and windows that do not overlap: each pixel is written by the one window
    that covers it, and is 0 if there is none."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = dx.shape
    _, rows, columns, _ = dy.shape
    out = dx.reshape(dx.size)
    for unit in range(start, stop):
        n, y = unit // height, unit % height + pad_top
        r, i = y // row_stride, y % row_stride
        line = unit * width
        done = 0  # columns before it are written
        for q in range(columns if r < rows and i < window_rows else 0):
            left = q * column_stride - pad_left
            j_first, j_last = max(0, -left), min(window_columns, width - left)
            clear(out, (line + done) * channels, (line + left + j_first) * channels)
            done = left + j_last
            for block in range(0, channels, LANES):
                c = min(block, channels - LANES)
                source = ((n * rows + r) * columns + q) * channels + c
                place, total = load(index, source), load(dy, source)
                for j in range(j_first, j_last):
                    chosen = equal(place, splat(i * window_columns + j))
                    store(out, (line + left + j) * channels + c, choose(chosen, total, splat(F32(0))))
        clear(out, (line + done) * channels, (line + width) * channels)


@kernel()
def average_pool_vectors(x: Floats, y: Floats, window: Window, start: int, stop: int) -> None:
    """Like average_pool, for 16 channels and more. Sums row by row: a window may be a whole image.

    Pixels further down are prefetched: 128 images of 24x24x64, 2x2: 0.46 ms instead of 1.1 (Zen 4, one thread).
    """
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = x.shape
    _, rows, columns, _ = y.shape
    ahead = 2 * row_stride * width * channels
    for unit in range(start, stop):
        n, row = unit // rows, unit % rows
        top = row * row_stride - pad_top
        i_first, i_last = max(0, -top), min(window_rows, height - top)
        for column in range(columns):
            left = column * column_stride - pad_left
            j_first, j_last = max(0, -left), min(window_columns, width - left)
            share = splat(F32(1.0 / ((i_last - i_first) * (j_last - j_first))))
            corner = ((n * height + top) * width + left) * channels
            target = (unit * columns + column) * channels
            for block in range(0, channels, LANES):
                c = min(block, channels - LANES)
                total = splat(F32(0))
                for i in range(i_first, i_last):
                    line = splat(F32(0))
                    for j in range(j_first, j_last):
                        pixel = corner + (i * width + j) * channels + c
                        prefetch(x, pixel + ahead)
                        line = add(line, load(x, pixel))
                    total = add(total, line)
                store(y, target + c, multiply(total, share))


@kernel()
def average_pool_gradient_vectors(dy: Floats, dx: Floats, window: Window, start: int, stop: int) -> None:
    """Like average_pool_gradient, for 16 channels and more."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = dx.shape
    _, rows, columns, _ = dy.shape
    for unit in range(start, stop):
        n, y = unit // height, unit % height + pad_top
        r_first, r_last = max(0, -((window_rows - 1 - y) // row_stride)), min(rows, y // row_stride + 1)
        q_first, q_last = 0, 0
        for column in range(width):
            x = column + pad_left
            while q_last < columns and q_last * column_stride <= x:
                q_last += 1
            while q_first * column_stride + window_columns <= x:
                q_first += 1
            target = (unit * width + column) * channels
            for block in range(0, channels, LANES):
                c = min(block, channels - LANES)
                total = splat(F32(0))
                for r in range(r_first, r_last):
                    top = r * row_stride - pad_top
                    tall = min(window_rows, height - top) - max(0, -top)
                    for q in range(q_first, q_last):
                        left = q * column_stride - pad_left
                        wide = min(window_columns, width - left) - max(0, -left)
                        share = splat(F32(1.0 / (tall * wide)))
                        source = ((n * rows + r) * columns + q) * channels + c
                        total = add(total, multiply(share, load(dy, source)))
                store(dx, target + c, total)
