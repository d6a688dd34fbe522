"""Rows divided by their size: RMS normalization (Zhang & Sennrich 2019) and unit length. Every row of (rows, size) separately.

    y = x inverse gamma        inverse = min(1 / sqrt(sum((x - c)^2) / count + epsilon), most)

    RMSNormalization                      c = 0                 count = size
    LayerNormalization(rms_scaling=True)  c = the row's mean    count = size       (x itself is not moved: only its spread is measured so)
    UnitNormalization                     c = 0                 count = 1, epsilon = 0, most = 1e12
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
SUMS = frozenset({"contract", "reassoc", "nsz"})
"""Sums in any order, so that they become vectors; NaN and inf stay."""


@kernel(fastmath=SUMS)
def scale_rows(
    x: Floats, y: Floats, gamma: Floats, epsilon: F32, count: F32, most: F32, centred: bool, kept: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """y for rows start..stop-1. kept: (2, rows): c and inverse of each row, for backward."""
    size = x.shape[1]
    for n in range(start, stop):
        row, out = x[n], y[n]
        centre = F32(0)
        if centred:
            for i in range(size):
                centre += row[i]
            centre /= F32(size)
        spread = F32(0)
        for i in range(size):
            spread += (row[i] - centre) * (row[i] - centre)
        inverse = F32(1) / np.sqrt(spread / count + epsilon)
        inverse = most if inverse > most else inverse
        for i in range(size):
            out[i] = row[i] * inverse * gamma[i]
        kept[0, n], kept[1, n] = centre, inverse


@kernel(fastmath=SUMS)
def scale_rows_gradient(
    dy: Floats, x: Floats, dx: Floats, gamma: Floats, count: F32, most: F32, kept: Floats, dgamma: Floats, start: int, stop: int
) -> None:  # fmt: skip
    """With g = dy gamma: dx = inverse g - inverse^3 (x - c) sum(g x) / count, without the second term at `most`;
    dgamma += dy x inverse."""
    size = x.shape[1]
    for n in range(start, stop):
        row, up, out = x[n], dy[n], dx[n]
        centre, inverse = kept[0, n], kept[1, n]
        total = F32(0)
        for i in range(size):
            total += up[i] * gamma[i] * (row[i] * inverse)
        slope = total * inverse * inverse / count if inverse < most else F32(0)
        for i in range(size):
            dgamma[i] += up[i] * row[i] * inverse
        for i in range(size):
            out[i] = inverse * up[i] * gamma[i] - slope * (row[i] - centre)
