"""A penalty on numbers: l1 sum|y| + l2 sum(y^2), and its gradient l1 sign(y) + 2 l2 y. Flat float32 arrays; the sum in float64."""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
SUMS = frozenset({"contract", "reassoc", "nsz"})


@kernel(fastmath=SUMS)
def penalize(y: Floats, l1: float, l2: float, total: Doubles) -> None:
    """total[0] = the penalty."""
    sizes, squares = 0.0, 0.0
    for i in range(y.size):
        value = np.float64(y[np.uintp(i)])
        sizes += abs(value)
        squares += value * value
    total[0] = (l1 * sizes if l1 != 0.0 else 0.0) + (l2 * squares if l2 != 0.0 else 0.0)


@kernel
def penalize_gradient(dy: Floats, y: Floats, dx: Floats, l1: F32, l2: F32) -> None:
    """dx = dy + l1 sign(y) + 2 l2 y; the sign of 0 is 0, that of NaN is NaN."""
    for i in range(dx.size):
        j = np.uintp(i)
        value = y[j]
        sign = F32(1) if value > F32(0) else (F32(-1) if value < F32(0) else value)
        dx[j] = dy[j] + l1 * sign + F32(2) * l2 * value


@kernel
def add_up(values: Floats, factor: float, total: Doubles) -> None:
    """total[0] = factor times the sum of values."""
    found = 0.0
    for i in range(values.size):
        found += values[np.uintp(i)]
    total[0] = factor * found


@kernel
def fill(y: Floats, value: F32) -> None:
    """y = value everywhere."""
    for i in range(y.size):
        y[np.uintp(i)] = value
