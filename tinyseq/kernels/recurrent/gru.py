"""GRU with Keras's default activations, step by step, the reset gate after the product (reset_after=True).

    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)       g = tanh(x_g + r h_g)       h' = z h + (1 - z) g
    x = input . kernel + bias[0]        (h_z, h_r, h_g) = h . recurrent_kernel + bias[1]

Cho et al. (2014), with the product before the reset as in cuDNN. Gates are side by side in x, in Keras's order z, r, g: x (steps, samples,
3 units) holds the product before and the gates after, then their gradients; `inner` (steps, samples, units) holds h_g, then its gradient.
Other arrays as walking.py says. The reset gate before the product, and other activations: stepwise.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.math import CONTRACT
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS
from tinyseq.kernels.recurrent.walking import alive, clear_row, emit, set_row, take

F32 = np.float32
Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Mask = NDArray[np.uint8]
ONE = F32(1)


@kernel(fastmath=CONTRACT)
def gates(x: Floats, inner: Floats, old: Floats, h: Floats) -> None:
    """One sample's step: x becomes the gates, h the state after `old`; inner: h . recurrent_kernel, three gates."""
    units = h.size
    both = x[: 2 * units]
    for i in range(2 * units):
        both[i] = math.sigmoid(both[i] + inner[i])
    r, g, h_g = x[units : 2 * units], x[2 * units :], inner[2 * units :]
    for i in range(units):
        g[i] = math.tanh(g[i] + r[i] * h_g[i])
    for i in range(units):
        h[i] = both[i] * old[i] + (ONE - both[i]) * g[i]


@kernel
def forward(
    x: Floats, inner: Floats, h: Floats, y: Floats, mask: Mask, panels: Floats, bias: Floats, product: Floats, rows: Offsets, taps: Offsets,
    outs: Offsets, backwards: bool, zero: bool, start: int, stop: int,
) -> None:  # fmt: skip
    """All steps of samples start..stop-1. bias: of size 0 if there is none. product (samples, 3 units) is scratch; inner is written if it
    has a place for each step; rows, outs: of one step's samples in h and product."""
    steps, samples, width = x.shape
    units, places = h.shape[2], h.shape[0]
    h_flat, product_flat = h.reshape(-1), product.reshape(-1)
    for s in range(steps):
        old, new = s % places, (s + 1) % places
        multiply(
            h_flat, old * samples * units, rows, start, stop, taps, units, panels, 0, COLUMNS, units * COLUMNS, product_flat, 0, outs,
            width, bias, 0, BIAS if bias.size > 0 else 0,
        )  # fmt: skip
        for n in range(start, stop):
            if alive(mask, n, s, backwards):
                gates(x[s, n], product[n], h[old, n], h[new, n])
                if inner.shape[0] == steps:
                    set_row(inner[s, n], product[n, 2 * units :])
            else:
                set_row(h[new, n], h[old, n])
        emit(h_flat, new * samples * units, y, mask, s, steps, backwards, zero, start, stop)


@kernel(fastmath=CONTRACT)
def slopes(x: Floats, inner: Floats, old: Floats, dh: Floats, spare: Floats) -> None:
    """One sample's step back: gates in x and inner become their gradients, dh becomes the gradient of `old` not through the gates."""
    units = dh.size
    z, r, g = x[:units], x[units : 2 * units], x[2 * units :]
    for k in range(units):
        spare[k] = dh[k] * (ONE - z[k]) * (ONE - g[k] * g[k])
    for k in range(units):
        g[k] = dh[k] * (old[k] - g[k]) * (ONE - z[k])
    for k in range(units):
        dh[k] = dh[k] * z[k]
    for k in range(units):
        z[k] = z[k] * g[k]
    for k in range(units):
        g[k] = spare[k]
    for k in range(units):
        spare[k] = spare[k] * r[k]
    for k in range(units):
        r[k] = spare[k] * inner[k] * (ONE - r[k])
    for k in range(units):
        inner[k] = spare[k]


@kernel
def backward(
    x: Floats, inner: Floats, h: Floats, dy: Floats, mask: Mask, dh: Floats, spare: Floats, panels: Floats, rows: Offsets, taps: Offsets,
    outs: Offsets, backwards: bool, zero: bool, start: int, stop: int,
) -> None:  # fmt: skip
    """All steps back. dh (samples, units): the gradient of the last state before, of the first one after. spare: like dh. panels: of the
    transposed recurrent kernel; rows, outs: of one step's samples in x and dh."""
    steps, samples, width = x.shape
    units = h.shape[2]
    x_flat, inner_flat, dh_flat = x.reshape(-1), inner.reshape(-1), dh.reshape(-1)
    for s in range(steps - 1, -1, -1):
        take(dh_flat, dy, mask, s, steps, backwards, zero, start, stop)
        for n in range(start, stop):
            if alive(mask, n, s, backwards):
                slopes(x[s, n], inner[s, n], h[s, n], dh[n], spare[n])
            else:
                clear_row(x[s, n])
                clear_row(inner[s, n])
        multiply(
            x_flat, s * samples * width, rows, start, stop, taps, 2 * units, panels, 0, COLUMNS, width * COLUMNS, dh_flat, 0, outs, units,
            panels, 0, ADD,
        )  # fmt: skip
        multiply(
            inner_flat, s * samples * units, outs, start, stop, taps, units, panels, 2 * units * COLUMNS, COLUMNS, width * COLUMNS,
            dh_flat, 0, outs, units, panels, 0, ADD,
        )  # fmt: skip
