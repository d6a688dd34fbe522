"""Layer normalization (Ba et al. 2016): y = (x - mean) / sqrt(variance + epsilon) gamma + beta, each row of (rows, size) separately."""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
SUMS = frozenset({"contract", "reassoc", "nsz"})
"""Sums in any order, so that they become vectors; NaN and inf stay."""


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
