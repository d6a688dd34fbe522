"""Adaptive pooling along one axis: output i of n sees the input from first[i] up to last[i].

    first[i] = floor(i size / n)        last[i] = ceil((i + 1) size / n)        i < n

Neighbouring parts share one value where n does not divide the size. Several axes are pooled one after the other: the mean of a
rectangle is the mean of the means of its rows, and its maximum the maximum of theirs.

x, dx: (outer, size, inner), y, dy: (outer, n, inner), float32; index, as y, int32: which place along the axis was the greatest, the
first of equals, NaN before all others.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Places = NDArray[np.int32]
Bounds = NDArray[np.int64]


@lru_cache(maxsize=256)
def parts(size: int, count: int) -> tuple[Bounds, Bounds]:
    """(first, last) of every output; the same arrays every time."""
    places = np.arange(count + 1, dtype=np.int64) * size
    return places[:-1] // count, -(-places[1:] // count)


@kernel(part=True)
def clear(dx: Floats) -> None:
    """dx = 0."""
    for o in range(dx.shape[0]):
        for k in range(dx.shape[1]):
            for c in range(dx.shape[2]):
                dx[o, k, c] = F32(0)


@kernel
def average(x: Floats, y: Floats, first: Bounds, last: Bounds) -> None:
    """y = the mean of each part."""
    for o in range(y.shape[0]):
        for i in range(y.shape[1]):
            share = F32(1.0 / (last[i] - first[i]))
            line = y[o, i]
            for c in range(line.size):
                line[c] = F32(0)
            for k in range(first[i], last[i]):
                source = x[o, k]
                for c in range(line.size):
                    line[c] += source[c]
            for c in range(line.size):
                line[c] *= share


@kernel
def average_gradient(dy: Floats, dx: Floats, first: Bounds, last: Bounds) -> None:
    """dx = each dy in equal shares."""
    clear(dx)
    for o in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            share = F32(1.0 / (last[i] - first[i]))
            line = dy[o, i]
            for k in range(first[i], last[i]):
                target = dx[o, k]
                for c in range(line.size):
                    target[c] += share * line[c]


@kernel
def greatest(x: Floats, y: Floats, index: Places, first: Bounds, last: Bounds) -> None:
    """y = the greatest value of each part, and index, where it is."""
    for o in range(y.shape[0]):
        for i in range(y.shape[1]):
            for c in range(y.shape[2]):
                best, place = x[o, first[i], c], first[i]
                for k in range(first[i] + 1, last[i]):
                    new = x[o, k, c]
                    if new > best or (new != new and best == best):
                        best, place = new, k
                y[o, i, c] = best
                index[o, i, c] = place


@kernel
def greatest_gradient(dy: Floats, index: Places, dx: Floats) -> None:
    """dx = each dy at its greatest place."""
    clear(dx)
    for o in range(dy.shape[0]):
        for i in range(dy.shape[1]):
            for c in range(dy.shape[2]):
                dx[o, index[o, i, c], c] += dy[o, i, c]
