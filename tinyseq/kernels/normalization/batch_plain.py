"""Batch normalization's passes over an array in plain loops: the twins of batch_normalization.py's vectors, used for
fewer than 16 channels, for channels that do not come last, and where intrinsics cannot run. Axes and formulas are as there.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise.bounds import hold
from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
SUMS = frozenset({"contract", "reassoc", "nsz"})
"""Sums in any order, so that they become vectors; NaN and inf stay."""


@kernel(fastmath=SUMS)
def moments_plain(x: Floats, sums: Doubles) -> None:
    """Like moments."""
    outer, channels, inner = x.shape
    flat, total, squares = x.reshape(x.size), sums[0], sums[1]
    for c in range(channels):
        total[c], squares[c] = 0.0, 0.0
    for o in range(outer):
        rows = flat[o * channels * inner : (o + 1) * channels * inner]
        if inner == 1:
            for c in range(channels):
                value = np.float64(rows[c])
                total[c] += value
                squares[c] += value * value
        else:
            for c in range(channels):
                first, second = 0.0, 0.0
                for i in range(inner):
                    value = np.float64(rows[c * inner + i])
                    first += value
                    second += value * value
                total[c] += first
                squares[c] += second


@kernel
def normalize_plain(x: Floats, y: Floats, coefficients: Floats, low: F32, high: F32, start: int, stop: int) -> None:
    """Like normalize."""
    _, channels, inner = x.shape
    source, target = x.reshape(x.size), y.reshape(y.size)
    mean, scale, shift = coefficients[0], coefficients[1], coefficients[2]
    for o in range(start, stop):
        if inner == 1:
            for c in range(channels):
                k, j = np.uintp(c), np.uintp(o * channels + c)  # unsigned: see copying.py
                target[j] = hold((source[j] - mean[k]) * scale[k] + shift[k], low, high)
        else:
            for c in range(channels):
                for i in range(inner):
                    j = np.uintp((o * channels + c) * inner + i)
                    target[j] = hold((source[j] - mean[c]) * scale[c] + shift[c], low, high)


@kernel(fastmath=SUMS)
def gradient_moments_plain(dy: Floats, x: Floats, mean: Floats, sums: Doubles) -> None:
    """Like gradient_moments."""
    outer, channels, inner = x.shape
    source, gradient, total, products = x.reshape(x.size), dy.reshape(dy.size), sums[0], sums[1]
    for c in range(channels):
        total[c], products[c] = 0.0, 0.0
    for o in range(outer):
        rows = source[o * channels * inner : (o + 1) * channels * inner]
        d = gradient[o * channels * inner : (o + 1) * channels * inner]
        if inner == 1:
            for c in range(channels):
                total[c] += d[c]
                products[c] += d[c] * (rows[c] - mean[c])
        else:
            for c in range(channels):
                first, second = 0.0, 0.0
                for i in range(inner):
                    first += d[c * inner + i]
                    second += d[c * inner + i] * (rows[c * inner + i] - mean[c])
                total[c] += first
                products[c] += second


@kernel
def bounded_gradient_moments_plain(
    dy: Floats, x: Floats, coefficients: Floats, low: F32, high: F32, sums: Doubles
) -> None:
    """Like bounded_gradient_moments."""
    outer, channels, inner = x.shape
    source, gradient = x.reshape(x.size), dy.reshape(dy.size)
    for o in range(outer):
        for c in range(channels):
            mean, scale, shift = coefficients[0, c], coefficients[1, c], coefficients[2, c]
            for i in range(inner):
                j = np.uintp((o * channels + c) * inner + i)
                z = (source[j] - mean) * scale + shift
                gradient[j] = gradient[j] if z > low and z < high else F32(0)
    gradient_moments_plain(dy, x, coefficients[0], sums)


@kernel
def normalize_gradient_plain(
    dy: Floats, x: Floats, dx: Floats, mean: Floats, coefficients: Floats, start: int, stop: int
) -> None:
    """Like normalize_gradient."""
    _, channels, inner = x.shape
    source, gradient, target = x.reshape(x.size), dy.reshape(dy.size), dx.reshape(dx.size)
    a, b, d = coefficients[0], coefficients[1], coefficients[2]
    for o in range(start, stop):
        rows = source[o * channels * inner : (o + 1) * channels * inner]
        up = gradient[o * channels * inner : (o + 1) * channels * inner]
        out = target[o * channels * inner : (o + 1) * channels * inner]
        if inner == 1:
            for c in range(channels):
                out[c] = a[c] * up[c] + (b[c] * (rows[c] - mean[c]) + d[c])
        else:
            for c in range(channels):
                for i in range(inner):
                    k = c * inner + i
                    out[k] = a[c] * up[k] + (b[c] * (rows[k] - mean[c]) + d[c])
