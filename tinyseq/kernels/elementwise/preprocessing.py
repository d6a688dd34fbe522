"""Scaling of values to a small range and back. float32; x, y: flat, or (samples, size) with mean and deviation of (size,)."""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]


@kernel
def rescale(x: Floats, factor: F32, offset: F32, y: Floats) -> None:
    """y = factor x + offset."""
    for i in range(y.size):
        j = np.uintp(i)  # unsigned: see copying.py
        y[j] = x[j] * factor + offset


@kernel
def deviations(variance: Floats, least: F32) -> None:
    """In place: the square root of each, but at least `least`. NaN stays."""
    for i in range(variance.size):
        root = np.sqrt(variance[np.uintp(i)])
        variance[np.uintp(i)] = least if root < least else root


@kernel
def standardize(x: Floats, mean: Floats, deviation: Floats, y: Floats) -> None:
    """y = (x - mean) / deviation, for every sample."""
    samples, size = x.shape
    source, target = x.reshape(x.size), y.reshape(y.size)
    for n in range(samples):
        for i in range(size):
            j, k = np.uintp(n * size + i), np.uintp(i)
            target[j] = (source[j] - mean[k]) / deviation[k]


@kernel
def unstandardize(x: Floats, mean: Floats, deviation: Floats, y: Floats) -> None:
    """y = x deviation + mean, for every sample."""
    samples, size = x.shape
    source, target = x.reshape(x.size), y.reshape(y.size)
    for n in range(samples):
        for i in range(size):
            j, k = np.uintp(n * size + i), np.uintp(i)
            target[j] = source[j] * deviation[k] + mean[k]
