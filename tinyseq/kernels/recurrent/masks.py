"""Masks out of numbers: uint8, 0 for a step that is left out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]


@kernel
def nonzero(x: NDArray[Any], mask: Mask) -> None:
    """mask = x != 0, of numbers of any kind."""
    for i in range(mask.size):
        mask[i] = x[i] != 0


@kernel
def either(one: Mask, mask: Mask) -> None:
    """mask |= one."""
    for i in range(mask.size):
        mask[i] = mask[i] | (one[i] != 0)


@kernel
def differs(x: Floats, value: F32, mask: Mask) -> None:
    """mask[r] = one of x[r] is not `value`."""
    for r in range(x.shape[0]):
        found = False
        for i in range(x.shape[1]):
            found = found or x[r, i] != value
        mask[r] = found


@kernel
def blank(x: Floats, value: F32, y: Floats) -> None:
    """y[r] = x[r], or 0 where all of x[r] are `value`."""
    for r in range(x.shape[0]):
        found = False
        for i in range(x.shape[1]):
            found = found or x[r, i] != value
        for i in range(x.shape[1]):
            y[r, i] = x[r, i] if found else F32(0)


@kernel
def blank_gradient(dy: Floats, x: Floats, value: F32, dx: Floats) -> None:
    """dx[r] = dy[r], or 0 where all of x[r] are `value`."""
    for r in range(x.shape[0]):
        found = False
        for i in range(x.shape[1]):
            found = found or x[r, i] != value
        for i in range(x.shape[1]):
            dx[r, i] = dy[r, i] if found else F32(0)


@kernel
def end_to_end(one: Mask, mask: Mask, first: int) -> None:
    """mask[:, first : first + steps] = one."""
    for n in range(one.shape[0]):
        for t in range(one.shape[1]):
            mask[n, first + t] = one[n, t]


@kernel
def mean(x: Floats, mask: Mask, y: Floats) -> None:
    """y[n] = the mean of x[n, t] over the steps that are not left out; NaN if all are, as in Keras."""
    for n in range(x.shape[0]):
        out, count = y[n], F32(0)
        for i in range(out.size):
            out[i] = F32(0)
        for t in range(x.shape[1]):
            if mask[n, t] != 0:
                count += F32(1)
                row = x[n, t]
                for i in range(out.size):
                    out[i] += row[i]
        for i in range(out.size):
            out[i] = out[i] / count


@kernel
def mean_gradient(dy: Floats, mask: Mask, dx: Floats) -> None:
    """dx[n, t] = dy[n] / the number of steps that are not left out, or 0."""
    for n in range(dx.shape[0]):
        count = F32(0)
        for t in range(dx.shape[1]):
            count += F32(1) if mask[n, t] != 0 else F32(0)
        for t in range(dx.shape[1]):
            row, gradient = dx[n, t], dy[n]
            for i in range(gradient.size):
                row[i] = gradient[i] / count if mask[n, t] != 0 else F32(0)
