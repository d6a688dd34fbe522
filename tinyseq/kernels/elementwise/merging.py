"""Joining arrays element by element, and the gradients of that. Flat float32 arrays of one size.

    y = a + b, a - b, a b, max(a, b), min(a, b), y / count, factor x
    the gradient of a product: dy times all other inputs; of a maximum: all of it to the first input that is the greatest

`y` may be one of the inputs, but LLVM makes no vectors of the loop then. Inputs of other shapes are spread first (strided_copy.copy),
their gradients summed (`sum_repeated`).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.movement import strided_copy
from tinyseq.kernels.movement.copying import clear_all
from tinyseq.kernels.runtime.calls import Calls, composed

F32 = np.float32
Floats = NDArray[np.float32]


@kernel
def add(a: Floats, b: Floats, y: Floats) -> None:
    """y = a + b."""
    for i in range(y.size):
        j = np.uintp(i)  # unsigned: see copying.py
        y[j] = a[j] + b[j]


@kernel
def subtract(a: Floats, b: Floats, y: Floats) -> None:
    """y = a - b."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = a[j] - b[j]


@kernel
def multiply(a: Floats, b: Floats, y: Floats) -> None:
    """y = a b."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = a[j] * b[j]


@kernel
def greatest(a: Floats, b: Floats, y: Floats) -> None:
    """y = max(a, b); NaN where either is."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = b[j] if b[j] > a[j] or b[j] != b[j] else a[j]


@kernel
def least(a: Floats, b: Floats, y: Floats) -> None:
    """y = min(a, b); NaN where either is."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = b[j] if b[j] < a[j] or b[j] != b[j] else a[j]


@kernel
def divide(y: Floats, count: F32) -> None:
    """y = y / count."""
    for i in range(y.size):
        y[np.uintp(i)] /= count


@kernel
def scale(x: Floats, factor: F32, y: Floats) -> None:
    """y = factor x."""
    for i in range(y.size):
        j = np.uintp(i)
        y[j] = x[j] * factor


@kernel
def take(x: Floats, y: Floats, last: bool, rest: Floats, dx: Floats) -> None:
    """Moves from `rest`, the remaining gradient, to an input where it equals y, the maximum or minimum; the last input gets

    all that remains. Called for one input after the other, so the first of equal ones gets it. Where y is NaN, no input is equal: it goes
    to the last one (as in Keras, which compares two inputs at a time from the left, and a comparison with NaN is false).
    """
    for i in range(rest.size):
        j = np.uintp(i)
        takes = last or x[j] == y[j]
        dx[j] = rest[j] if takes else F32(0)
        rest[j] = F32(0) if takes else rest[j]


@composed
def sum_repeated(calls: Calls, gradient: Floats, out: Floats) -> None:
    """out = gradient summed over the axes along which `out`, with as many axes, was repeated."""
    calls.call(clear_all, out)
    calls.call(strided_copy.add, gradient, gradient, out, np.broadcast_to(out, gradient.shape))
