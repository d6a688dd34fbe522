"""Batch renormalization (Ioffe 2017): what training normalizes by follows, over steps, what prediction will normalize by.

    y = (z r + d) gamma + beta      r = deviation / renorm_deviation      d = (mean - renorm_mean) / renorm_deviation

with z as in batch_statistics.py; r and d, clipped, count as constants. So it is batch normalization with the scale r gamma and the
shift d gamma + beta, which `correct` works out, a few numbers for each channel.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@kernel
def correct(
    statistics: Doubles, mean: Floats, deviation: Floats, epsilon: float, bounds: tuple[float, float, float], gamma: Floats,
    beta: Floats, corrected: Floats,
) -> None:  # fmt: skip
    """corrected: (4, channels) = r gamma, d gamma + beta, r, d. bounds: the least and the greatest r, and the greatest |d|."""
    least, most, farthest = bounds
    for c in range(gamma.size):
        known = max(np.float64(deviation[c]), np.sqrt(epsilon))
        r = 1.0 / statistics[1, c] / known
        d = (statistics[0, c] - mean[c]) / known
        r = min(max(r, least), most)
        d = min(max(d, -farthest), farthest)
        corrected[0, c], corrected[1, c] = F32(r * gamma[c]), F32(d * gamma[c] + beta[c])
        corrected[2, c], corrected[3, c] = F32(r), F32(d)


@kernel
def gamma_gradient(sums: Doubles, inverse: Doubles, corrected: Floats, dgamma: Floats) -> None:
    """dgamma += sum of dy (z r + d) of one shard; sums of dy and of dy (x - mean)."""
    for c in range(dgamma.size):
        dgamma[c] += F32(sums[1, c] * inverse[c] * corrected[2, c] + sums[0, c] * corrected[3, c])


@kernel
def move(
    statistics: Doubles, epsilon: float, momentum: float, renorm_momentum: float, moving_mean: Floats, moving_variance: Floats,
    moving_deviation: Floats, renorm_mean: Floats, renorm_deviation: Floats,
) -> None:  # fmt: skip
    """All moving statistics; the variance follows from the moving deviation, as in Keras."""
    for c in range(moving_mean.size):
        mean, deviation = statistics[0, c], 1.0 / statistics[1, c]
        renorm_mean[c] = F32(renorm_mean[c] * renorm_momentum + mean * (1.0 - renorm_momentum))
        renorm_deviation[c] = F32(renorm_deviation[c] * renorm_momentum + deviation * (1.0 - renorm_momentum))
        moving_mean[c] = F32(moving_mean[c] * momentum + mean * (1.0 - momentum))
        moved = moving_deviation[c] * momentum + deviation * (1.0 - momentum)
        moving_deviation[c] = F32(moved)
        moving_variance[c] = F32(max(moved * moved - epsilon, 0.0))
