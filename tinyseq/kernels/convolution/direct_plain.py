"""Convolution in plain loops, the formula unchanged; the twin of the fast kernels in direct.py.

    y[n, r, s, f] = b[f] + sum over i, j, c of x[n, r*stride - top + i*dilation, ..., g*depth + c] w[i, j, c, f]

Axes: x (n, height, width, channels), w (window rows, window columns, depth, filters), y (n, rows, columns, filters), where
depth = channels / groups and filter f belongs to group g = f // (filters / groups). Pixels outside the image count as 0.
The filter is innermost: w and y are contiguous along it, so LLVM vectorises that loop.
A sequence is an image of height 1.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Geometry = tuple[int, int, int, int, int, int, int]
"""(row stride, column stride, padding on top, on the left, row dilation, column dilation, groups)."""


@kernel(fastmath={"contract"})
def convolve_plain(
    x: Floats, w: Floats, b: Floats, y: Floats, geometry: Geometry, relu: bool, start: int, stop: int
) -> None:
    """Rows start..stop-1 of all rows n*rows + r; `b` of size 0: no bias; relu keeps NaN."""
    row_stride, column_stride, top, left, row_dilation, column_dilation, groups = geometry
    _, height, width, _ = x.shape
    window_rows, window_columns, depth, filters = w.shape
    _, rows, columns, _ = y.shape
    share = filters // groups
    for unit in range(start, stop):
        n, r = unit // rows, unit % rows
        for s in range(columns):
            out = y[n, r, s]
            for f in range(filters):
                out[f] = b[f] if b.size > 0 else F32(0)
            for i in range(window_rows):
                p = r * row_stride - top + i * row_dilation
                if p < 0 or p >= height:
                    continue
                for j in range(window_columns):
                    q = s * column_stride - left + j * column_dilation
                    if q < 0 or q >= width:
                        continue
                    for g in range(groups):
                        for c in range(depth):
                            value = x[n, p, q, g * depth + c]
                            weights = w[i, j, c]
                            for f in range(g * share, (g + 1) * share):
                                out[f] += value * weights[f]
            if relu:
                for f in range(filters):
                    out[f] = F32(0) if out[f] < F32(0) else out[f]


@kernel(fastmath={"contract", "reassoc", "nsz"})
def input_gradient_plain(dy: Floats, w: Floats, dx: Floats, geometry: Geometry, start: int, stop: int) -> None:
    """dx of samples start..stop-1: every pixel gets the sum over i, j, f of dy w."""
    row_stride, column_stride, top, left, row_dilation, column_dilation, groups = geometry
    _, height, width, _ = dx.shape
    window_rows, window_columns, depth, filters = w.shape
    _, rows, columns, _ = dy.shape
    share = filters // groups
    for n in range(start, stop):
        dx[n] = F32(0)
        for r in range(rows):
            for s in range(columns):
                gradient = dy[n, r, s]
                for i in range(window_rows):
                    p = r * row_stride - top + i * row_dilation
                    if p < 0 or p >= height:
                        continue
                    for j in range(window_columns):
                        q = s * column_stride - left + j * column_dilation
                        if q < 0 or q >= width:
                            continue
                        for g in range(groups):
                            for c in range(depth):
                                weights = w[i, j, c]
                                total = F32(0)
                                for f in range(g * share, (g + 1) * share):
                                    total += gradient[f] * weights[f]
                                dx[n, p, q, g * depth + c] += total


@kernel(fastmath={"contract"})
def weight_gradient_plain(x: Floats, dy: Floats, dw: Floats, geometry: Geometry) -> None:
    """dw += sum over all positions of x dy."""
    row_stride, column_stride, top, left, row_dilation, column_dilation, groups = geometry
    _, height, width, _ = x.shape
    window_rows, window_columns, depth, filters = dw.shape
    samples, rows, columns, _ = dy.shape
    share = filters // groups
    for n in range(samples):
        for r in range(rows):
            for i in range(window_rows):
                p = r * row_stride - top + i * row_dilation
                if p < 0 or p >= height:
                    continue
                for s in range(columns):
                    gradient = dy[n, r, s]
                    for j in range(window_columns):
                        q = s * column_stride - left + j * column_dilation
                        if q < 0 or q >= width:
                            continue
                        for g in range(groups):
                            for c in range(depth):
                                value = x[n, p, q, g * depth + c]
                                weights = dw[i, j, c]
                                for f in range(g * share, (g + 1) * share):
                                    weights[f] += value * gradient[f]
