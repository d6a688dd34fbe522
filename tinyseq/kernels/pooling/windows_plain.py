"""The plain twins of the vector kernels in windows.py: the same arguments and numbers, without vector instructions.

They run below 16 channels and where intrinsics cannot run, and the tests compare the vector kernels with them.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Index = NDArray[np.uint8] | NDArray[np.int32]
Window = tuple[int, int, int, int, int, int]


@kernel()
def max_pool_plain(x: Floats, y: Floats, index: Index, window: Window, start: int, stop: int) -> None:
    """y[n, row, column, c] and, if index is not empty, its place in the window."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = x.shape
    _, rows, columns, _ = y.shape
    for unit in range(start, stop):
        n, row = unit // rows, unit % rows
        top = row * row_stride - pad_top
        for column in range(columns):
            left = column * column_stride - pad_left
            i_first, j_first = max(0, -top), max(0, -left)
            for c in range(channels):
                best = x[n, top + i_first, left + j_first, c]
                place = i_first * window_columns + j_first
                for i in range(i_first, min(window_rows, height - top)):
                    for j in range(j_first, min(window_columns, width - left)):
                        new = x[n, top + i, left + j, c]
                        if new > best or new != new:  # NaN counts as the greatest
                            best = new
                            place = i * window_columns + j
                y[n, row, column, c] = best
                if index.size > 0:
                    index[n, row, column, c] = place


@kernel()
def max_pool_gradient_plain(dy: Floats, index: Index, dx: Floats, window: Window, start: int, stop: int) -> None:
    """dx[n, row, column, c] = sum of the dy whose place it is."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = dx.shape
    _, rows, columns, _ = dy.shape
    for unit in range(start, stop):
        n, row = unit // height, unit % height
        y = row + pad_top
        r_first, r_last = max(0, -((window_rows - 1 - y) // row_stride)), min(rows, y // row_stride + 1)
        for column in range(width):
            x = column + pad_left
            q_first, q_last = max(0, -((window_columns - 1 - x) // column_stride)), min(columns, x // column_stride + 1)
            for c in range(channels):
                total = F32(0)
                for r in range(r_first, r_last):
                    for q in range(q_first, q_last):
                        if index[n, r, q, c] == (y - r * row_stride) * window_columns + x - q * column_stride:
                            total += dy[n, r, q, c]
                dx[n, row, column, c] = total


@kernel()
def average_pool_plain(x: Floats, y: Floats, window: Window, start: int, stop: int) -> None:
    """y[n, row, column, c] = mean of the places inside the image."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = x.shape
    _, rows, columns, _ = y.shape
    for unit in range(start, stop):
        n, row = unit // rows, unit % rows
        top = row * row_stride - pad_top
        i_first, i_last = max(0, -top), min(window_rows, height - top)
        for column in range(columns):
            left = column * column_stride - pad_left
            j_first, j_last = max(0, -left), min(window_columns, width - left)
            share = F32(1.0 / ((i_last - i_first) * (j_last - j_first)))
            for c in range(channels):
                total = F32(0)
                for i in range(i_first, i_last):
                    line = F32(0)
                    for j in range(j_first, j_last):
                        line += x[n, top + i, left + j, c]
                    total += line
                y[n, row, column, c] = total * share


@kernel()
def average_pool_gradient_plain(dy: Floats, dx: Floats, window: Window, start: int, stop: int) -> None:
    """dx[n, row, column, c] = sum of dy / count over the windows that cover it."""
    window_rows, window_columns, row_stride, column_stride, pad_top, pad_left = window
    _, height, width, channels = dx.shape
    _, rows, columns, _ = dy.shape
    for unit in range(start, stop):
        n, row = unit // height, unit % height
        y = row + pad_top
        r_first, r_last = max(0, -((window_rows - 1 - y) // row_stride)), min(rows, y // row_stride + 1)
        for column in range(width):
            x = column + pad_left
            q_first, q_last = max(0, -((window_columns - 1 - x) // column_stride)), min(columns, x // column_stride + 1)
            for c in range(channels):
                total = F32(0)
                for r in range(r_first, r_last):
                    top = r * row_stride - pad_top
                    tall = min(window_rows, height - top) - max(0, -top)
                    for q in range(q_first, q_last):
                        left = q * column_stride - pad_left
                        wide = min(window_columns, width - left) - max(0, -left)
                        total += F32(1.0 / (tall * wide)) * dy[n, r, q, c]
                dx[n, row, column, c] = total
