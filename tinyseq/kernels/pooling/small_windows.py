"""Max pooling by small windows inside the image: 2x2, 3x3 and similar, used by nearly all nets.

The same formula as pooling.max_pool. It is fast because the window size is fixed when the kernel is compiled, so LLVM unrolls
the loop over its positions; and the pixels two rows of windows further down are prefetched (prefetch.py), because the processor's own
prediction fails for rows of windows. 128 images of 24x24x64,
2x2: 0.47 ms instead of 1.4, with the index 0.52 instead of 1.6; 8 of 121x121x32, 3x3: 0.30 and 0.35 instead of 0.47 and 0.60
(Zen 4, one thread).
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import LANES, choose, greater_or_nan, load, splat, store
from tinyseq.kernels.matrix.prefetch import prefetch

Floats = NDArray[np.float32]
Index = NDArray[np.uint8]
Window = tuple[int, int, int, int, int, int]
SIDE = 3
"""Most rows and columns of a window: each size is compiled separately."""
WORTH = 1 << 16
"""Smallest input size for which a separate kernel pays for its compilation, 0.2 to 0.3 s. Smaller inputs are in the caches, where it
saves two to ten microseconds; and a first prediction would wait for it."""


def small(x: Floats, y: Floats, window: Window) -> bool:
    """Whether `max_pool_small` can compute it, and pays off: no window leaves the image."""
    tall, wide, down, right, top, left = window
    inside = (y.shape[1] - 1) * down + tall <= x.shape[1] and (y.shape[2] - 1) * right + wide <= x.shape[2]
    return x.size >= WORTH and max(tall, wide) <= SIDE and top == left == 0 and inside


@cache
def max_pool_small(window_rows: int, window_columns: int, keep: bool) -> Callable[..., None]:
    """The kernel for windows of that size, for 16 channels and more; it writes the index if `keep`."""

    @kernel
    def max_pool_of_size(x: Floats, y: Floats, index: Index, window: Window, start: int, stop: int) -> None:
        """y, and perhaps index, for output rows start..stop-1 of all samples."""
        _, _, row_stride, column_stride, _, _ = window
        _, height, width, channels = x.shape
        _, rows, columns, _ = y.shape
        line = width * channels
        ahead = 2 * row_stride * line
        for unit in range(start, stop):
            top = (unit // rows * height + unit % rows * row_stride) * line
            for column in range(columns):
                corner = top + column * column_stride * channels
                target = (unit * columns + column) * channels
                for block in range(0, channels, LANES):
                    c = min(block, channels - LANES)
                    best = load(x, corner + c)
                    place = splat(0)
                    for i in range(window_rows):
                        for j in range(window_columns):
                            pixel = corner + i * line + j * channels + c
                            prefetch(x, pixel + ahead)
                            new = load(x, pixel)
                            wins = greater_or_nan(new, best)
                            best = choose(wins, new, best)
                            place = choose(wins, splat(i * window_columns + j), place)
                    store(y, target + c, best)
                    if keep:
                        store(index, target + c, place)

    return max_pool_of_size
