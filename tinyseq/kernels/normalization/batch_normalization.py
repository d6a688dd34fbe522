"""Batch normalization's passes over an array: y = f((x - mean) scale + shift), one mean, scale and shift for each channel.

Axes: x, y, dy, dx (outer, channels, inner), float32 and C-contiguous; a mean is over outer and inner (channels-last: inner
is 1). The batch is cut into shards, so a step of training (Ioffe & Szegedy 2015, algorithm 1) goes

    each shard  moments                 sums of x and x^2
    once        batch_statistics.py     mean, deviation, moving statistics; scale = gamma / deviation, shift = beta
    each shard  normalize               y
    each shard  gradient_moments        sums of dy and dy (x - mean)
    once        batch_statistics.py     the coefficients a, b, d
    each shard  normalize_gradient      dx = a dy + b (x - mean) + d

f is the identity, or a relu that follows (relu6): then nothing is written and read again in between. It is described by its
bounds, low and high (elementwise/bounds.py): f(z) = min(max(z, low), high), whose slope is 1 between them. Backward computes z
again, so that the output need not be kept for it.

Sums are float64, because mean(x^2) - mean(x)^2 cancels: with float32 sums a mean of 100 deviations leaves no right digit.

Channels come 16 at a time, and a page of memory (as many pixels as it contains) before the next 16: the values of a channel then
stay in registers, and memory is read in order. The last vector may overlap the one before it. The
plain twins are in batch_plain.py, the definition is in reference/normalization.py.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix.lanes16 import LANES, add, bounded, choose, load, multiply, splat, store, subtract, widen, within
from tinyseq.kernels.normalization.batch_plain import (
    bounded_gradient_moments_plain,
    gradient_moments_plain,
    moments_plain,
    normalize_gradient_plain,
    normalize_plain,
)

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
LEAST = sys.maxsize if PLAIN_TWINS else LANES
"""Channels from which on vectors are used; never where intrinsics cannot run."""
PAGE = 1024
"""Floats before the next 16 channels: a page, 4 KiB (64 channels of 8,192 pixels, out of memory: 10 % faster than 64 pixels at
a time, whose lines the processor does not predict; Xeon, AVX-512)."""

@kernel
def moments(x: Floats, sums: Doubles) -> None:
    """sums[0] = the sum of x and sums[1] = that of x^2, for each channel; sums: (2, channels)."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        moments_vectors(x, sums)
    else:
        moments_plain(x, sums)


@kernel
def normalize(x: Floats, y: Floats, coefficients: Floats, low: F32, high: F32, start: int, stop: int) -> None:
    """y = f((x - mean) scale + shift), (mean, scale, shift) = coefficients, (3, channels), for outer start..stop-1."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        normalize_vectors(x, y, coefficients, low, high, start, stop)
    else:
        normalize_plain(x, y, coefficients, low, high, start, stop)


@kernel
def gradient_moments(dy: Floats, x: Floats, mean: Floats, sums: Doubles) -> None:
    """sums[0] = the sum of dy and sums[1] = that of dy (x - mean): dbeta, and dgamma but for 1 / deviation."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        gradient_moments_vectors(dy, x, mean, sums)
    else:
        gradient_moments_plain(dy, x, mean, sums)


@kernel
def bounded_gradient_moments(dy: Floats, x: Floats, coefficients: Floats, low: F32, high: F32, sums: Doubles) -> None:
    """dy *= the slope of f, in place, and the sums of that as gradient_moments has them; coefficients as normalize took them."""
    if x.shape[2] == 1 and x.shape[1] >= LEAST:
        bounded_gradient_moments_vectors(dy, x, coefficients, low, high, sums)
    else:
        bounded_gradient_moments_plain(dy, x, coefficients, low, high, sums)


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
    """Like moments, 16 channels at a time."""
    outer, channels, _ = x.shape
    rows = max(1, PAGE // channels) if channels % LANES == 0 else outer
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
def normalize_vectors(x: Floats, y: Floats, coefficients: Floats, low: F32, high: F32, start: int, stop: int) -> None:
    """Like normalize, 16 channels at a time."""
    channels = x.shape[1]
    rows, least, most = max(1, PAGE // channels), splat(low), splat(high)
    for first in range(start, stop, rows):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            mean, scale, shift = _coefficients(coefficients, c)
            for o in range(first, min(first + rows, stop)):
                place = o * channels + c
                z = add(multiply(subtract(load(x, place), mean), scale), shift)
                store(y, place, bounded(z, least, most))


@kernel(part=True)
def _coefficients(coefficients: Floats, c: int) -> tuple[Floats, Floats, Floats]:
    """The three vectors for 16 channels from c on."""
    channels = coefficients.shape[1]
    return load(coefficients, c), load(coefficients, channels + c), load(coefficients, 2 * channels + c)


@kernel
def gradient_moments_vectors(dy: Floats, x: Floats, mean: Floats, sums: Doubles) -> None:
    """Like gradient_moments, 16 channels at a time."""
    outer, channels, _ = x.shape
    rows = max(1, PAGE // channels) if channels % LANES == 0 else outer
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
def bounded_gradient_moments_vectors(
    dy: Floats, x: Floats, coefficients: Floats, low: F32, high: F32, sums: Doubles
) -> None:
    """Like bounded_gradient_moments, 16 channels at a time."""
    outer, channels, _ = x.shape
    rows = max(1, PAGE // channels) if channels % LANES == 0 else outer
    least, most, zero = splat(low), splat(high), splat(F32(0))
    for first in range(0, outer, rows):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            mean, scale, shift = _coefficients(coefficients, c)
            total = widen(zero)
            products = total
            for o in range(first, min(first + rows, outer)):
                place = o * channels + c
                centred = subtract(load(x, place), mean)
                passes = within(add(multiply(centred, scale), shift), least, most)
                d = choose(passes, load(dy, place), zero)
                store(dy, place, d)
                total, products = add(total, widen(d)), add(products, widen(multiply(d, centred)))
            _sum_up(sums, first, c, total, products)


@kernel
def normalize_gradient_vectors(
    dy: Floats, x: Floats, dx: Floats, mean: Floats, coefficients: Floats, start: int, stop: int
) -> None:
    """Like normalize_gradient, 16 channels at a time."""
    channels = x.shape[1]
    rows = max(1, PAGE // channels)
    for first in range(start, stop, rows):
        for block in range(0, channels, LANES):
            c = min(block, channels - LANES)
            middle = load(mean, c)
            a, b, d = _coefficients(coefficients, c)
            for o in range(first, min(first + rows, stop)):
                place = o * channels + c
                from_x = add(multiply(b, subtract(load(x, place), middle)), d)
                store(dx, place, add(multiply(a, load(dy, place)), from_x))


if PLAIN_TWINS:  # numba compiles both branches, even if one is never taken
    moments_vectors, normalize_vectors, normalize_gradient_vectors = moments_plain, normalize_plain, normalize_gradient_plain
    gradient_moments_vectors, bounded_gradient_moments_vectors = gradient_moments_plain, bounded_gradient_moments_plain
