"""The statistics of batch normalization from its sums, once for the whole batch: a few numbers for each channel, computed in float64.

    mean = sum(x) / count        variance = sum(x^2) / count - mean^2, the biased one, as in Keras 3
    y  = (x - mean) gamma / deviation + beta                    deviation = sqrt(variance + epsilon)
    dx = gamma / deviation (dy - mean(dy) - z mean(dy z))       z = (x - mean) / deviation        (Ioffe & Szegedy 2015, section 3)

`partials` are the sums of all shards, (shards, 2, channels), added in the order of the shards: the same bits for any order of
threads. `statistics`: (2, channels), the mean and 1 / deviation, kept from forward to backward.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@kernel(part=True)
def summed(partials: Doubles, which: int, c: int) -> float:
    """The sum of one number over the shards, in their order."""
    total: float = partials[0, which, c]
    for shard in range(1, partials.shape[0]):
        total += partials[shard, which, c]
    return total


@kernel
def combine(partials: Doubles, count: int, epsilon: float, statistics: Doubles, variance: Doubles) -> None:
    """statistics and variance (channels,) of the whole batch, which has `count` values in each channel."""
    for c in range(variance.size):
        mean = summed(partials, 0, c) / count
        spread = summed(partials, 1, c) / count - mean * mean
        variance[c] = 0.0 if spread < 0.0 else spread
        statistics[0, c], statistics[1, c] = mean, 1.0 / np.sqrt(variance[c] + epsilon)


@kernel
def move(statistics: Doubles, variance: Doubles, momentum: float, moving_mean: Floats, moving_variance: Floats) -> None:
    """moving = momentum moving + (1 - momentum) new, in place: of the mean, statistics[0], and of the variance."""
    for c in range(variance.size):
        moving_mean[c] = F32(moving_mean[c] * momentum + statistics[0, c] * (1.0 - momentum))
        moving_variance[c] = F32(moving_variance[c] * momentum + variance[c] * (1.0 - momentum))


@kernel
def forward_coefficients(statistics: Doubles, gamma: Floats, beta: Floats, coefficients: Floats) -> None:
    """coefficients (3, channels) = the mean, scale and shift that `normalize` takes."""
    for c in range(gamma.size):
        coefficients[0, c] = F32(statistics[0, c])
        coefficients[1, c] = F32(statistics[1, c] * gamma[c])
        coefficients[2, c] = beta[c]


@kernel
def backward_coefficients(partials: Doubles, count: int, statistics: Doubles, gamma: Floats, coefficients: Floats) -> None:
    """coefficients (3, channels) = the a, b and d that `normalize_gradient` takes; partials: sums of dy and of dy (x - mean)."""
    for c in range(gamma.size):
        inverse = statistics[1, c]
        slope = inverse * gamma[c]
        coefficients[0, c] = F32(slope)
        coefficients[1, c] = F32(-slope * inverse * inverse * summed(partials, 1, c) / count)
        coefficients[2, c] = F32(-slope * summed(partials, 0, c) / count)


@kernel
def beta_gradient(sums: Doubles, dbeta: Floats) -> None:
    """dbeta += sums[0], the sums of dy of one shard."""
    for c in range(dbeta.size):
        dbeta[c] += F32(sums[0, c])


@kernel
def gamma_gradient(sums: Doubles, inverse: Doubles, dgamma: Floats) -> None:
    """dgamma += sums[1] / deviation, sums[1] those of dy (x - mean) of one shard; inverse: 1 / deviation."""
    for c in range(dgamma.size):
        dgamma[c] += F32(sums[1, c] * inverse[c])


@kernel
def inverse_deviation(variance: Floats, epsilon: float, inverse: Doubles) -> None:
    """inverse = 1 / sqrt(variance + epsilon), of the moving variance."""
    for c in range(inverse.size):
        inverse[c] = 1.0 / np.sqrt(np.float64(variance[c]) + epsilon)


@kernel
def moving_coefficients(
    mean: Floats, variance: Floats, epsilon: float, gamma: Floats, beta: Floats, coefficients: Floats
) -> None:
    """coefficients (3, channels), as forward_coefficients, of the moving statistics: used in prediction."""
    for c in range(mean.size):
        coefficients[0, c] = mean[c]
        coefficients[1, c] = F32(1.0 / np.sqrt(np.float64(variance[c]) + epsilon) * gamma[c])
        coefficients[2, c] = beta[c]


@kernel
def join(w: Floats, b: Floats, coefficients: Floats, multiplied: Floats, moved: Floats) -> None:
    """multiplied = w scale, moved = (b - mean) scale + shift: the weights (rows, channels) and the bias (channels,), or none (0,), of a
    layer whose outputs are then normalized by the coefficients (3, channels)."""
    rows, channels = w.shape
    for i in range(rows):
        for c in range(channels):
            multiplied[i, c] = w[i, c] * coefficients[1, c]
    for c in range(channels):
        before = np.float64(b[c]) if b.size > 0 else 0.0
        moved[c] = F32((before - coefficients[0, c]) * np.float64(coefficients[1, c]) + coefficients[2, c])


@kernel
def fixed_slope(forward: Floats, backward: Floats) -> None:
    """backward (3, channels) = (0, scale, 0): dx = dy scale, by `normalize`, where mean and deviation do not depend on x."""
    for c in range(backward.shape[1]):
        backward[0, c], backward[1, c], backward[2, c] = F32(0), forward[1, c], F32(0)
