"""Batch normalization's passes over an array: y = (x - mean) scale + shift, one mean, scale and shift for each channel.

Axes: x, y, dy, dx (outer, channels, inner), float32 and C-contiguous; a mean is over outer and inner (channels-last: inner
is 1). The batch is cut into shards, so a step of training (Ioffe & Szegedy 2015, algorithm 1) goes

    each shard  moments                 sums of x and x^2
    once        batch_statistics.py     mean, deviation, moving statistics; scale = gamma / deviation, shift = beta
    each shard  normalize               y
    each shard  gradient_moments        sums of dy and dy (x - mean)
    once        batch_statistics.py     the coefficients a, b, d
    each shard  normalize_gradient      dx = a dy + b (x - mean) + d

Sums are float64, because mean(x^2) - mean(x)^2 cancels: with float32 sums a mean of 100 deviations leaves no right digit.

Channels come 16 at a time, and ROWS pixels before the next 16: what belongs to a channel then stays in registers. The last
vector overlaps the one before it if it must. The plain twins are in batch_plain.py, the definition is in reference/normalization.py.
"""

import sys

import numpy as np
from numba import config
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.lanes16 import LANES, add, load, multiply, store, subtract, widen
from tinyseq.kernels.normalization.batch_plain import (
    gradient_moments_plain,
    moments_plain,
    normalize_gradient_plain,
    normalize_plain,
)

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
LEAST = sys.maxsize if getattr(config, "DISABLE_JIT", 0) or getattr(config, "BOUNDSCHECK", 0) else LANES
"""Channels from which on vectors are used; never where numba compiles nothing or is to check bounds."""
ROWS = 64
"""Pixels of 16 channels before the next 16: 512 channels of so many pixels are 128 KiB, which no cache has to find twice."""


@kernel
def moments(x: Floats, sums: Doubles) -> None:
    """sums[0] = the sum of x and sums[1] = that of x^2, for each channel; sums: (2, channels)."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        moments_vectors(x, sums)
    else:
        moments_plain(x, sums)


@kernel
def normalize(x: Floats, y: Floats, mean: Floats, scale: Floats, shift: Floats, start: int, stop: int) -> None:
    """y = (x - mean) scale + shift, each of (channels,), for outer start..stop-1."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        normalize_vectors(x, y, mean, scale, shift, start, stop)
    else:
        normalize_plain(x, y, mean, scale, shift, start, stop)


@kernel
def gradient_moments(dy: Floats, x: Floats, mean: Floats, sums: Doubles) -> None:
    """sums[0] = the sum of dy and sums[1] = that of dy (x - mean): dbeta, and dgamma but for 1 / deviation."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        gradient_moments_vectors(dy, x, mean, sums)
    else:
        gradient_moments_plain(dy, x, mean, sums)


@kernel
def normalize_gradient(
    dy: Floats, x: Floats, dx: Floats, mean: Floats, coefficients: Floats, start: int, stop: int
) -> None:
    """dx = a dy + b (x - mean) + d, with (a, b, d) = coefficients, (3, channels), for outer start..stop-1."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        normalize_gradient_vectors(dy, x, dx, mean, coefficients, start, stop)
    else:
        normalize_gradient_plain(dy, x, dx, mean, coefficients, start, stop)


@kernel
def moments_vectors(x: Floats, sums: Doubles) -> None:
    """As moments, 16 channels at a time."""
    outer, channels, _ = x.shape
    rows = ROWS if channels % LANES == 0 else outer
    for first in range(0, outer, rows):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            value = widen(load(x, first * channels + c))
            total, squares = value, multiply(value, value)
            for o in range(first + 1, min(first + rows, outer)):
                value = widen(load(x, o * channels + c))
                total = add(total, value)
                squares = add(squares, multiply(value, value))
            _sum_up(sums, first, c, total, squares)


@kernel(part=True)
def _sum_up(sums: Doubles, first: int, c: int, one: Doubles, two: Doubles) -> None:
    """Two vectors into the sums: the first ones are written, later ones are added."""
    places = c, sums.shape[1] + c
    if first > 0:
        one, two = add(load(sums, places[0]), one), add(load(sums, places[1]), two)
    store(sums, places[0], one)
    store(sums, places[1], two)


@kernel
def normalize_vectors(x: Floats, y: Floats, mean: Floats, scale: Floats, shift: Floats, start: int, stop: int) -> None:
    """As normalize, 16 channels at a time."""
    channels = x.shape[1]
    for first in range(start, stop, ROWS):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            middle, slope, start_value = load(mean, c), load(scale, c), load(shift, c)
            for o in range(first, min(first + ROWS, stop)):
                place = o * channels + c
                store(y, place, add(multiply(subtract(load(x, place), middle), slope), start_value))


@kernel
def gradient_moments_vectors(dy: Floats, x: Floats, mean: Floats, sums: Doubles) -> None:
    """As gradient_moments, 16 channels at a time."""
    outer, channels, _ = x.shape
    rows = ROWS if channels % LANES == 0 else outer
    for first in range(0, outer, rows):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            middle = load(mean, c)
            d = load(dy, first * channels + c)
            total, products = widen(d), widen(multiply(d, subtract(load(x, first * channels + c), middle)))
            for o in range(first + 1, min(first + rows, outer)):
                d = load(dy, o * channels + c)
                total = add(total, widen(d))
                products = add(products, widen(multiply(d, subtract(load(x, o * channels + c), middle))))
            _sum_up(sums, first, c, total, products)


@kernel
def normalize_gradient_vectors(
    dy: Floats, x: Floats, dx: Floats, mean: Floats, coefficients: Floats, start: int, stop: int
) -> None:
    """As normalize_gradient, 16 channels at a time."""
    channels = x.shape[1]
    for first in range(start, stop, ROWS):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            middle = load(mean, c)
            a, b, d = load(coefficients, c), load(coefficients, channels + c), load(coefficients, 2 * channels + c)
            for o in range(first, min(first + ROWS, stop)):
                place = o * channels + c
                from_x = add(multiply(b, subtract(load(x, place), middle)), d)
                store(dx, place, add(multiply(a, load(dy, place)), from_x))
