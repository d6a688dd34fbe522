"""Zeros around images, and upsampling of (n, height, width, c) to (n, height a, width b, c) with its adjoint. float32,
C-contiguous.

nearest:  y[n, i, j, c] = x[n, i // a, j // b, c]
bilinear: y at pixel centres, (i + 1/2) / a - 1/2, between the two nearest rows and columns, the edge repeated:
          no antialiasing, as Keras's "bilinear". `taps` finds rows and weights for one axis.
Cropping and permuting are copies by steps: strided_copy.copy.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.movement import strided_copy
from tinyseq.kernels.movement.copying import clear, copy
from tinyseq.kernels.runtime.calls import Calls, composed

F32 = np.float32
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@kernel
def zero_pad(x: Floats, y: Floats, front: int, top: int, left: int) -> None:
    """y = 0, but x from y[:, front, top, left] on. x, y: (n, depth, height, numbers in a line)."""
    _, inner_depth, inner_height, inner_line = x.shape
    samples, depth, height, line = y.shape
    source, target = x.reshape(x.size), y.reshape(y.size)
    for row in range(samples * depth * height):
        n, d, h = row // (depth * height), row // height % depth - front, row % height - top
        start, first, count = row * line, 0, 0  # numbers first..first+count-1 of the line come from x
        if 0 <= d < inner_depth and 0 <= h < inner_height:
            first, count = left, inner_line
        clear(target, start, start + first)
        copy(source, ((n * inner_depth + d) * inner_height + h) * inner_line, target, start + first, count)
        clear(target, start + first + count, start + line)


@lru_cache(maxsize=256)
def taps(size: int, factor: int) -> tuple[Integers, Integers, Floats]:
    """(low, high, weight of high) for each of the size * factor outputs of one axis; the same arrays every time."""
    place = np.maximum((np.arange(size * factor) + 0.5) / factor - 0.5, 0.0)
    low = np.floor(place).astype(np.int64)
    return low, np.minimum(low + 1, size - 1), (place - low).astype(np.float32)


@composed
def upsample_nearest(calls: Calls, x: Floats, y: Floats, tall: int, wide: int) -> None:
    """Repeats every pixel tall x wide times."""
    n, height, width, channels = x.shape
    copies = y.reshape(n, height, tall, width, wide, channels)
    calls.call(strided_copy.copy, x, np.broadcast_to(x[:, :, None, :, None], copies.shape), y, copies)


@kernel()
def upsample_nearest_gradient(dy: Floats, dx: Floats, tall: int, wide: int) -> None:
    """dx = sum of the dy of its copies."""
    samples, height, width, channels = dx.shape
    for n in range(samples):
        for i in range(height):
            for j in range(width):
                out = dx[n, i, j]
                for c in range(channels):
                    out[c] = F32(0)
                for a in range(tall):
                    for b in range(wide):
                        up = dy[n, i * tall + a, j * wide + b]
                        for c in range(channels):
                            out[c] += up[c]


@kernel()
def upsample_bilinear(
    x: Floats, y: Floats,
    top: Integers, bottom: Integers, down: Floats, left: Integers, right: Integers, across: Floats,
) -> None:  # fmt: skip
    """y = the mean of four pixels, by the weights `down` (of the bottom row) and `across` (of the right column)."""
    samples, rows, columns, channels = y.shape
    for n in range(samples):
        for i in range(rows):
            for j in range(columns):
                nw, ne = x[n, top[i], left[j]], x[n, top[i], right[j]]
                sw, se = x[n, bottom[i], left[j]], x[n, bottom[i], right[j]]
                out, v, u = y[n, i, j], down[i], across[j]
                for c in range(channels):
                    north = nw[c] + (ne[c] - nw[c]) * u
                    south = sw[c] + (se[c] - sw[c]) * u
                    out[c] = north + (south - north) * v


@kernel()
def upsample_bilinear_gradient(
    dy: Floats, dx: Floats,
    top: Integers, bottom: Integers, down: Floats, left: Integers, right: Integers, across: Floats,
) -> None:  # fmt: skip
    """dx: each dy is added to its four pixels with the same weights."""
    samples, rows, columns, channels = dy.shape
    for n in range(samples):
        dx[n] = F32(0)
        for i in range(rows):
            for j in range(columns):
                up, v, u = dy[n, i, j], down[i], across[j]
                for row, by_row in ((top[i], F32(1) - v), (bottom[i], v)):
                    for column, weight in ((left[j], by_row * (F32(1) - u)), (right[j], by_row * u)):
                        out = dx[n, row, column]
                        for c in range(channels):
                            out[c] += up[c] * weight
