"""Two directions joined: what a layer gave forwards, y, and what another gave backwards, r, whose steps come in the other order.

Arrays are (samples, steps, width), steps 1 if only the last output is returned; `flip`: step t of y belongs to step steps - 1 - t of r.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]


@kernel
def flip_steps(source: Floats, target: Floats) -> None:
    """target[n, t] = source[n, steps - 1 - t]; also backward."""
    steps = source.shape[1]
    for n in range(source.shape[0]):
        for t in range(steps):
            row, out = source[n, steps - 1 - t], target[n, t]
            for i in range(row.size):
                out[i] = row[i]


@kernel
def side_by_side(y: Floats, r: Floats, flip: bool, out: Floats) -> None:
    """out[n, t] = y[n, t], then r's."""
    steps, width = y.shape[1], y.shape[2]
    for n in range(y.shape[0]):
        for t in range(steps):
            first, second, both = y[n, t], r[n, steps - 1 - t if flip else t], out[n, t]
            for i in range(width):
                both[i] = first[i]
            for i in range(second.size):
                both[width + i] = second[i]


@kernel
def weighted_sum(y: Floats, r: Floats, flip: bool, share: F32, out: Floats) -> None:
    """out = share (y + r)."""
    steps = y.shape[1]
    for n in range(y.shape[0]):
        for t in range(steps):
            first, second, both = y[n, t], r[n, steps - 1 - t if flip else t], out[n, t]
            for i in range(both.size):
                both[i] = share * (first[i] + second[i])


@kernel
def scaled(gradient: Floats, flip: bool, share: F32, out: Floats) -> None:
    """out = share gradient, its steps turned round if `flip`."""
    steps = out.shape[1]
    for n in range(out.shape[0]):
        for t in range(steps):
            row, target = gradient[n, steps - 1 - t if flip else t], out[n, t]
            for i in range(row.size):
                target[i] = share * row[i]


@kernel
def product(y: Floats, r: Floats, flip: bool, flip_out: bool, out: Floats) -> None:
    """out = y r; flip_out: in the order of r's steps, of y as it is (the gradient of r)."""
    steps = y.shape[1]
    for n in range(y.shape[0]):
        for t in range(steps):
            first, second = y[n, t], r[n, steps - 1 - t if flip else t]
            both = out[n, steps - 1 - t if flip_out else t]
            for i in range(both.size):
                both[i] = first[i] * second[i]


@kernel
def part(gradient: Floats, first: int, flip: bool, out: Floats) -> None:
    """out = gradient[:, :, first:], as wide as it is, its steps turned round if `flip`."""
    steps = out.shape[1]
    for n in range(out.shape[0]):
        for t in range(steps):
            row, target = gradient[n, steps - 1 - t if flip else t], out[n, t]
            for i in range(target.size):
                target[i] = row[first + i]
