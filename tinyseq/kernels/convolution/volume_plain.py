"""Convolution of volumes in plain loops, the formula unchanged; the twin of the fast kernels in volume.py.

    y[n, z, r, s, f] = b[f] + sum over k, i, j, c of x[n, z*stride - front + k*dilation, ..., g*depth + c] w[k, i, j, c, f]

Axes as in volume_geometry.py; depth = channels / groups, and filter f belongs to group g = f // (filters / groups).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Triple = tuple[int, int, int]


@kernel(part=True)
def met(place: int, tap: int, stride: int, before: int, gap: int, size: int) -> int:
    """Where in x output `place` reads through tap `tap` of the window; -1 outside of x."""
    source = place * stride - before + tap * gap
    return source if 0 <= source < size else -1


@kernel(fastmath={"contract"})
def convolve_plain(
    x: Floats, w: Floats, b: Floats, y: Floats, strides: Triple, before: Triple, gaps: Triple, groups: int, relu: bool
) -> None:  # fmt: skip
    """y; `b` of size 0 is no bias; relu keeps NaN."""
    depth, share = w.shape[3], w.shape[4] // groups
    for n, z, r, s in np.ndindex(y.shape[0], y.shape[1], y.shape[2], y.shape[3]):
        out = y[n, z, r, s]
        for f in range(out.size):
            out[f] = b[f] if b.size > 0 else F32(0)
        for k, i, j in np.ndindex(w.shape[0], w.shape[1], w.shape[2]):
            d = met(z, k, strides[0], before[0], gaps[0], x.shape[1])
            p = met(r, i, strides[1], before[1], gaps[1], x.shape[2])
            q = met(s, j, strides[2], before[2], gaps[2], x.shape[3])
            if min(d, p, q) < 0:
                continue
            for f in range(out.size):
                for c in range(depth):
                    out[f] += x[n, d, p, q, f // share * depth + c] * w[k, i, j, c, f]
        for f in range(out.size if relu else 0):
            out[f] = F32(0) if out[f] < F32(0) else out[f]


@kernel(fastmath={"contract"})
def gradients_plain(
    x: Floats, w: Floats, dy: Floats, dx: Floats, dw: Floats, strides: Triple, before: Triple, gaps: Triple, groups: int
) -> None:  # fmt: skip
    """dx += and dw += what every number of x and w gave."""
    depth, share = w.shape[3], w.shape[4] // groups
    for n, z, r, s in np.ndindex(dy.shape[0], dy.shape[1], dy.shape[2], dy.shape[3]):
        for k, i, j in np.ndindex(w.shape[0], w.shape[1], w.shape[2]):
            d = met(z, k, strides[0], before[0], gaps[0], x.shape[1])
            p = met(r, i, strides[1], before[1], gaps[1], x.shape[2])
            q = met(s, j, strides[2], before[2], gaps[2], x.shape[3])
            if min(d, p, q) < 0:
                continue
            for f in range(dy.shape[4]):
                for c in range(depth):
                    channel = f // share * depth + c
                    dx[n, d, p, q, channel] += dy[n, z, r, s, f] * w[k, i, j, c, f]
                    dw[k, i, j, c, f] += dy[n, z, r, s, f] * x[n, d, p, q, channel]
