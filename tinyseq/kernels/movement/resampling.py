"""Stretching an axis by a whole factor with weights of several neighbours: "bicubic", "lanczos3", "lanczos5". float32, C-contiguous.

    y[o, i, c] = sum over k of weights[i, k] x[o, first[i] + k, c]          x (outer, size, inner), y (outer, size * factor, inner)

Output i lies at p = (i + 1/2) / factor - 1/2 in the input; neighbour q has the weight w(q - p), and the weights are scaled to a sum of
1. Beyond the edge there are no neighbours. No antialiasing: stretched images need none. (TensorFlow rounds p to 1/1024 for "bicubic": by
a factor of 3 its numbers differ by 0.001 of the image's deviation.)

    cubic    w(d) = 3/2 |d|^3 - 5/2 |d|^2 + 1 for |d| <= 1, -1/2 |d|^3 + 5/2 |d|^2 - 4 |d| + 2 for |d| <= 2
    lanczos  w(d) = sinc(d) sinc(d / a) for |d| <= a = 3 or 5

Keys (1981), "Cubic convolution interpolation for digital image processing", eq. 15; Duchon (1979), "Lanczos filtering in one and two
dimensions".
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
F32 = np.float32
REACH = {"bicubic": 2, "lanczos3": 3, "lanczos5": 5}
"""How far a neighbour may be away."""


def weight(name: str, distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """w(d) of the module's first lines."""
    d, reach = np.abs(distance), REACH[name]
    if name == "bicubic":
        near, far = (1.5 * d - 2.5) * d * d + 1, ((-0.5 * d + 2.5) * d - 4) * d + 2
        return np.where(d <= 1, near, np.where(d <= reach, far, 0.0))
    return np.where(d <= reach, np.sinc(d) * np.sinc(d / reach), 0.0)


@lru_cache(maxsize=256)
def taps(size: int, factor: int, name: str) -> tuple[Integers, Floats]:
    """(first neighbour, weights of the neighbours from there on) of each of the size * factor outputs; the same arrays every time."""
    place = (np.arange(size * factor) + 0.5) / factor - 0.5
    count = min(2 * REACH[name], size)
    first = np.clip(np.floor(place).astype(np.int64) - REACH[name] + 1, 0, size - count)
    weights = weight(name, first[:, None] + np.arange(count) - place[:, None])
    return first, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


@kernel
def resample(x: Floats, y: Floats, first: Integers, weights: Floats) -> None:
    """y, by the formula."""
    outer, size, inner = y.shape
    for o in range(outer):
        for i in range(size):
            out = y[o, i]
            for c in range(inner):
                out[c] = F32(0)
            for k in range(weights.shape[1]):
                line, share = x[o, first[i] + k], weights[i, k]
                for c in range(inner):
                    out[c] += share * line[c]


@kernel
def resample_gradient(dy: Floats, dx: Floats, first: Integers, weights: Floats) -> None:
    """dx: each dy goes to its neighbours by the same weights."""
    outer, size, inner = dy.shape
    for o in range(outer):
        dx[o] = F32(0)
        for i in range(size):
            up = dy[o, i]
            for k in range(weights.shape[1]):
                line, share = dx[o, first[i] + k], weights[i, k]
                for c in range(inner):
                    line[c] += share * up[c]
