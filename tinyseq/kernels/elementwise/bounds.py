"""relu and relu6 as bounds: f(z) = min(max(z, low), high), whose slope is 1 between the bounds and 0 elsewhere.

    f        low  high
    relu     0    inf
    relu6    0    6
    ""       -inf inf      no activation at all

So one kernel computes all three, and the kernel that computes z (a sum, a normalization) can apply the bounds before
writing it: the activation needs no separate pass over memory. NaN stays NaN; flat arrays that do not overlap.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
BOUNDS = {"": (F32(-np.inf), F32(np.inf)), "relu": (F32(0), F32(np.inf)), "relu6": (F32(0), F32(6))}
"""(low, high) of an activation."""


@kernel(part=True)
def hold(z: F32, low: F32, high: F32) -> F32:
    """min(max(z, low), high) of one number."""
    raised = low if low > z else z
    return high if high < raised else raised


@kernel
def bounded(x: Floats, y: Floats, low: F32, high: F32) -> None:
    """y = f(x)."""
    for i in range(y.size):
        j = np.uintp(i)  # unsigned: see copying.py
        y[j] = hold(x[j], low, high)


@kernel
def bounded_gradient(dy: Floats, y: Floats, dx: Floats, low: F32, high: F32) -> None:
    """dx = dy where f rises: low < y < high, y the output."""
    for i in range(dx.size):
        j = np.uintp(i)
        dx[j] = dy[j] if (y[j] > low) & (y[j] < high) else F32(0)


@kernel
def add_bounded(a: Floats, b: Floats, y: Floats, low: F32, high: F32) -> None:
    """y = f(a + b)."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = hold(a[j] + b[j], low, high)
