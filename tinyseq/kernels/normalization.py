"""Normalization: (x - mean) / sqrt(variance + epsilon) * gamma + beta, the statistics over the batch or over a sample.

Batch normalization sees its array as (outer, channels, inner): one mean for each channel, over outer and inner
(channels-last: inner is 1). The batch is cut into shards, so it goes in steps: `moments` of each shard, their sum in
float64, then `normalize` (Ioffe & Szegedy 2015, algorithm 1). Backward likewise: `gradient_moments`, sum, then
`normalize_gradient`. Everything of one channel is a coefficient that the layer works out in float64.

Layer normalization (Ba et al. 2016) takes (rows, size), every row by itself.
"""

import sys

import numpy as np
from numba import config
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import LANES, add, load, multiply, store, subtract

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
LEAST = sys.maxsize if getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0) else LANES
"""Channels from which on vectors are used; never where numba compiles nothing or is to check bounds."""
SUMS = frozenset({"contract", "reassoc", "nsz"})


@kernel(fastmath=SUMS)
def moments(x: Floats, sums: Doubles, start: int, stop: int) -> None:
    """sums[0] += x and sums[1] += x^2 over outer start..stop-1. x: (outer, channels, inner), sums: (2, channels).

    float64, because mean(x^2) - mean(x)^2 cancels: with float32 sums a mean of 100 deviations leaves no right digit.
    """
    _, channels, inner = x.shape
    flat, total, squares = x.reshape(x.size), sums[0], sums[1]
    for o in range(start, stop):
        rows = flat[o * channels * inner : (o + 1) * channels * inner]
        if inner == 1:
            for c in range(channels):
                value = np.float64(rows[c])
                total[c] += value
                squares[c] += value * value
        else:
            for c in range(channels):
                row = rows[c * inner : (c + 1) * inner]
                first, second = 0.0, 0.0
                for i in range(inner):
                    value = np.float64(row[i])
                    first += value
                    second += value * value
                total[c] += first
                squares[c] += second


def normalize(x: Floats, y: Floats, mean: Floats, scale: Floats, shift: Floats, start: int, stop: int) -> None:
    """y = (x - mean) scale + shift, each of (channels,), for outer start..stop-1."""
    _, channels, inner = x.shape
    run = normalize_vectors if inner == 1 and channels >= LEAST else normalize_plain
    run(x, y, mean, scale, shift, start, stop)


@kernel
def normalize_vectors(x: Floats, y: Floats, mean: Floats, scale: Floats, shift: Floats, start: int, stop: int) -> None:
    """As normalize, of images with 16 channels and more, 16 at a time; the last vector overlaps the one before it if need be.

    64 channels of 8 images, 56x56: 0.19 ms; 0.24 by normalize_plain, whose lines LLVM asks first whether they overlap (Zen 4).
    """
    channels = x.shape[1]
    for o in range(start, stop):
        line = o * channels
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            middle = subtract(load(x, line + c), load(mean, c))
            store(y, line + c, add(multiply(middle, load(scale, c)), load(shift, c)))


@kernel
def normalize_plain(x: Floats, y: Floats, mean: Floats, scale: Floats, shift: Floats, start: int, stop: int) -> None:
    """As normalize: the twin, for few channels and where they do not come last."""
    _, channels, inner = x.shape
    source, target = x.reshape(x.size), y.reshape(y.size)
    for o in range(start, stop):
        if inner == 1:
            for c in range(channels):
                k, j = np.uintp(c), np.uintp(o * channels + c)  # unsigned: see copying.py
                target[j] = (source[j] - mean[k]) * scale[k] + shift[k]
        else:
            for c in range(channels):
                for i in range(inner):
                    j = np.uintp((o * channels + c) * inner + i)
                    target[j] = (source[j] - mean[c]) * scale[c] + shift[c]


@kernel(fastmath=SUMS)
def gradient_moments(dy: Floats, x: Floats, mean: Floats, sums: Doubles, start: int, stop: int) -> None:
    """sums[0] += dy and sums[1] += dy (x - mean) over outer start..stop-1: dbeta, and dgamma but for 1/deviation."""
    _, channels, inner = x.shape
    source, gradient, total, products = x.reshape(x.size), dy.reshape(dy.size), sums[0], sums[1]
    for o in range(start, stop):
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


@kernel()
def normalize_gradient(
    dy: Floats, x: Floats, dx: Floats, mean: Floats, coefficients: Floats, start: int, stop: int
) -> None:
    """dx = a dy + b (x - mean) + d, with (a, b, d) = coefficients, (3, channels), for outer start..stop-1."""
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


@kernel(fastmath=SUMS)
def layer_normalize(
    x: Floats, y: Floats, gamma: Floats, beta: Floats, epsilon: F32, kept: Floats, start: int, stop: int
) -> None:
    """y = (x - mean) / sqrt(variance + epsilon) gamma + beta for rows start..stop-1 of (rows, size).

    kept: (2, rows): the mean and 1 / sqrt(variance + epsilon) of each row, for backward.
    """
    size = x.shape[1]
    for n in range(start, stop):
        row, out = x[n], y[n]
        total = F32(0)
        for i in range(size):
            total += row[i]
        mean = total / F32(size)
        spread = F32(0)
        for i in range(size):
            spread += (row[i] - mean) * (row[i] - mean)
        inverse = F32(1) / np.sqrt(spread / F32(size) + epsilon)
        for i in range(size):
            out[i] = (row[i] - mean) * inverse * gamma[i] + beta[i]
        kept[0, n], kept[1, n] = mean, inverse


@kernel(fastmath=SUMS)
def layer_normalize_gradient(
    dy: Floats, x: Floats, dx: Floats, gamma: Floats, kept: Floats, dgamma: Floats, dbeta: Floats, start: int, stop: int
) -> None:
    """With z = (x - mean) inverse, g = dy gamma: dx = inverse (g - mean(g) - z mean(g z)); dgamma += dy z; dbeta += dy."""
    size = x.shape[1]
    for n in range(start, stop):
        row, up, out = x[n], dy[n], dx[n]
        mean, inverse = kept[0, n], kept[1, n]
        first, second = F32(0), F32(0)
        for i in range(size):
            z = (row[i] - mean) * inverse
            first += up[i] * gamma[i]
            second += up[i] * gamma[i] * z
        for i in range(size):
            z = (row[i] - mean) * inverse
            dgamma[i] += up[i] * z
            dbeta[i] += up[i]
        first, second = first / F32(size), second / F32(size)
        for i in range(size):
            z = (row[i] - mean) * inverse
            out[i] = inverse * (up[i] * gamma[i] - first - z * second)
