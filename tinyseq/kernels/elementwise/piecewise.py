"""Activations made of straight (and one curved) pieces: relu and its relatives.

Each pair works on flat float32 arrays, elements start..stop-1, in place:
    NAME(y, start, stop)              y: the input before, the output after
    NAME_gradient(g, r, start, stop)  g: the output's gradient before, the input's after; r: output or input
Sliced first, so that the compiler knows that no index is negative (a loop from `start` is 4 to 15 times slower).
Comparisons are written so that NaN takes the branch that keeps it: `0 if x < 0 else x`.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]


@kernel()
def relu(y: Floats, start: int, stop: int) -> None:
    """max(x, 0)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = F32(0) if y[i] < F32(0) else y[i]


@kernel()
def relu_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1 where the output r > 0, else 0."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] if r[i] > F32(0) else F32(0)


@kernel()
def relu_bent(y: Floats, start: int, stop: int, most: F32, slope: F32, threshold: F32) -> None:
    """`most` from there on, x above the threshold, slope * (x - threshold) below; slope >= 0."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        below = F32(0) if slope == F32(0) else slope * (x - threshold)
        above = most if x > most else x
        y[i] = below if x <= threshold else above


@kernel()
def relu_bent_gradient(g: Floats, r: Floats, start: int, stop: int, most: F32, slope: F32, threshold: F32) -> None:
    """0 above `most`, 1 above the threshold, slope below; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        above = F32(0) if r[i] > most else g[i]
        g[i] = above if r[i] > threshold else slope * g[i]


@kernel()
def leaky_relu(y: Floats, start: int, stop: int, slope: F32) -> None:
    """x above 0, slope * x below; slope >= 0."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = slope * y[i] if y[i] < F32(0) else y[i]


@kernel()
def leaky_relu_gradient(g: Floats, r: Floats, start: int, stop: int, slope: F32) -> None:
    """1 where the output r > 0, else slope."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] if r[i] > F32(0) else slope * g[i]


@kernel()
def relu6(y: Floats, start: int, stop: int) -> None:
    """min(max(x, 0), 6)."""
    y = y[start:stop]
    for i in range(y.size):
        x = F32(0) if y[i] < F32(0) else y[i]
        y[i] = F32(6) if x > F32(6) else x


@kernel()
def relu6_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1 where the output 0 < r < 6."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] if (r[i] > F32(0)) & (r[i] < F32(6)) else F32(0)


@kernel()
def hard_tanh(y: Floats, start: int, stop: int) -> None:
    """x clipped to [-1, 1]."""
    y = y[start:stop]
    for i in range(y.size):
        x = F32(-1) if y[i] < F32(-1) else y[i]
        y[i] = F32(1) if x > F32(1) else x


@kernel()
def hard_tanh_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1 where the input |r| <= 1."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = F32(0) if abs(r[i]) > F32(1) else g[i]


@kernel()
def hard_sigmoid(y: Floats, start: int, stop: int) -> None:
    """relu6(x + 3) / 6."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i] + F32(3)
        x = F32(0) if x < F32(0) else x
        y[i] = (F32(6) if x > F32(6) else x) / F32(6)


@kernel()
def hard_sigmoid_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1/6 where the output 0 < r < 1."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] / F32(6) if (r[i] > F32(0)) & (r[i] < F32(1)) else F32(0)


@kernel()
def clipped_line(y: Floats, start: int, stop: int, slope: F32) -> None:
    """slope * x + 1/2, no less than 0 and no more than 1: with 0.2 what Keras 1 and 2 call hard_sigmoid."""
    y = y[start:stop]
    for i in range(y.size):
        x = slope * y[i] + F32(0.5)
        x = F32(0) if x < F32(0) else x
        y[i] = F32(1) if x > F32(1) else x


@kernel()
def clipped_line_gradient(g: Floats, r: Floats, start: int, stop: int, slope: F32) -> None:
    """The slope where the output 0 < r < 1."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * slope if (r[i] > F32(0)) & (r[i] < F32(1)) else F32(0)


@kernel()
def hard_silu(y: Floats, start: int, stop: int) -> None:
    """x * relu6(x + 3) / 6."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i] + F32(3)
        x = F32(0) if x < F32(0) else x
        y[i] = y[i] * ((F32(6) if x > F32(6) else x) / F32(6))


@kernel()
def hard_silu_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """0 below -3, 1 above 3, (2r + 3) / 6 between; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        middle = (F32(2) * r[i] + F32(3)) / F32(6)
        middle = F32(0) if r[i] <= F32(-3) else middle
        g[i] = g[i] * (F32(1) if r[i] >= F32(3) else middle)


@kernel()
def sparse_sigmoid(y: Floats, start: int, stop: int) -> None:
    """0 up to -1, (x + 1) / 2, 1 from 1 on (Martins & Astudillo 2016)."""
    y = y[start:stop]
    for i in range(y.size):
        x = F32(0.5) * (y[i] + F32(1))
        x = F32(0) if y[i] <= F32(-1) else x
        y[i] = F32(1) if y[i] >= F32(1) else x


@kernel()
def sparse_sigmoid_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1/2 where the output 0 < r < 1."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = F32(0.5) * g[i] if (r[i] > F32(0)) & (r[i] < F32(1)) else F32(0)


@kernel()
def sparse_plus(y: Floats, start: int, stop: int) -> None:
    """0 up to -1, (x + 1)^2 / 4, x from 1 on."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        middle = F32(0.25) * (x + F32(1)) * (x + F32(1))
        middle = F32(0) if x <= F32(-1) else middle
        y[i] = x if x >= F32(1) else middle


@kernel()
def sparse_plus_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """0, (r + 1) / 2, 1; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        middle = F32(0.5) * (r[i] + F32(1))
        middle = F32(0) if r[i] <= F32(-1) else middle
        g[i] = g[i] * (F32(1) if r[i] >= F32(1) else middle)


@kernel()
def soft_shrink(y: Floats, start: int, stop: int, threshold: F32) -> None:
    """x pulled towards 0 by the threshold; 0 within it."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        pulled = x - threshold if x > F32(0) else x + threshold
        y[i] = F32(0) if abs(x) <= threshold else pulled


@kernel()
def hard_shrink(y: Floats, start: int, stop: int, threshold: F32) -> None:
    """x, or 0 where |x| <= threshold."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = F32(0) if abs(y[i]) <= threshold else y[i]


@kernel()
def shrink_gradient(g: Floats, r: Floats, start: int, stop: int, threshold: F32) -> None:
    """Of both shrinks: 1 where |r| > threshold; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] if abs(r[i]) > threshold else F32(0)
