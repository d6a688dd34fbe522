"""Group normalization (Wu & He 2018): y = (x - mean) / sqrt(variance + epsilon) gamma + beta, mean and variance of each sample's groups
of neighbouring channels over all places.

x: (samples, before, channels, inner): the places lie before the channels, after them, or on both sides. Sums are kept channel by
channel, in float64, so that the loop over channels becomes vectors where they lie side by side.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
SUMS = frozenset({"contract", "reassoc", "nsz"})


@kernel(fastmath=SUMS)
def group_normalize(
    x: Floats, y: Floats, gamma: Floats, beta: Floats, epsilon: float, kept: Doubles, sums: Doubles, start: int, stop: int
) -> None:  # fmt: skip
    """y for samples start..stop-1. kept: (2, samples, groups): mean and 1 / deviation, for backward; sums: (2, channels), scratch."""
    _, before, channels, inner = x.shape
    groups = kept.shape[2]
    width = channels // groups
    count = before * width * inner
    for n in range(start, stop):
        total, spread = sums[0], sums[1]
        for c in range(channels):
            total[c], spread[c] = 0.0, 0.0
        for p in range(before):
            for c in range(channels):
                for i in range(inner):
                    total[c] += x[n, p, c, i]
        spread_means(total, groups, count)
        for p in range(before):
            for c in range(channels):
                for i in range(inner):
                    step = x[n, p, c, i] - total[c]
                    spread[c] += step * step
        for g in range(groups):
            kept[0, n, g] = total[g * width]
        spread_means(spread, groups, count)
        for g in range(groups):
            kept[1, n, g] = 1.0 / np.sqrt(spread[g * width] + epsilon)
        for c in range(channels):
            spread[c] = kept[1, n, c // width]
        for p in range(before):
            for c in range(channels):
                for i in range(inner):
                    y[n, p, c, i] = F32((x[n, p, c, i] - total[c]) * spread[c]) * gamma[c] + beta[c]


@kernel
def spread_means(sums: Doubles, groups: int, count: int) -> None:
    """Each channel's sum becomes the mean of its group."""
    width = sums.size // groups
    for g in range(groups):
        total = 0.0
        for c in range(g * width, (g + 1) * width):
            total += sums[c]
        for c in range(g * width, (g + 1) * width):
            sums[c] = total / count


@kernel(fastmath=SUMS)
def group_normalize_gradient(
    dy: Floats, x: Floats, dx: Floats, gamma: Floats, kept: Doubles, sums: Doubles, dgamma: Floats, dbeta: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """With z = (x - mean) inverse, g = dy gamma: dx = inverse (g - mean(g) - z mean(g z)); dgamma += dy z; dbeta += dy.

    sums: (4, channels), scratch."""
    _, before, channels, inner = x.shape
    groups = kept.shape[2]
    width = channels // groups
    count = before * width * inner
    for n in range(start, stop):
        first, second, mean, inverse = sums[0], sums[1], sums[2], sums[3]
        for c in range(channels):
            first[c], second[c] = 0.0, 0.0
            mean[c], inverse[c] = kept[0, n, c // width], kept[1, n, c // width]
        for p in range(before):
            for c in range(channels):
                for i in range(inner):
                    first[c] += dy[n, p, c, i]
                    second[c] += dy[n, p, c, i] * ((x[n, p, c, i] - mean[c]) * inverse[c])
        for c in range(channels):
            dbeta[c] += F32(first[c])
            dgamma[c] += F32(second[c])
            first[c] *= gamma[c]
            second[c] *= gamma[c]
        spread_means(first, groups, count)
        spread_means(second, groups, count)
        for p in range(before):
            for c in range(channels):
                for i in range(inner):
                    z = (x[n, p, c, i] - mean[c]) * inverse[c]
                    dx[n, p, c, i] = F32(inverse[c] * (dy[n, p, c, i] * gamma[c] - first[c] - z * second[c]))
