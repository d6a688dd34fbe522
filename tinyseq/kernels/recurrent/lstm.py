"""LSTM with Keras's default activations, from step to step.

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)      g = tanh(z_g)       z = x . kernel + bias + h . recurrent_kernel
    c' = f c + i g      h' = o tanh(c')

Hochreiter & Schmidhuber (1997); the forget gate is of Gers et al. (2000). Gates are side by side in z, in Keras's order i, f, g, o:
z (steps, samples, 4 units) holds x . kernel + bias before and the gates after, then dz. Other arrays as walking.py says. Loops over units
write one array each, so that LLVM makes vectors of them. Other activations: stepwise.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.math import CONTRACT
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.matrix.matmul import multiply
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS
from tinyseq.kernels.recurrent.walking import alive, emit, take

F32 = np.float32
Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Mask = NDArray[np.uint8]
ONE = F32(1)


@kernel(fastmath=CONTRACT)
def gates(z: Floats, old: Floats, c: Floats, h: Floats) -> None:
    """One sample's step: z becomes the gates; c and h from c `old`."""
    units = c.size
    two, last = z[: 2 * units], z[3 * units :]
    for i in range(2 * units):
        two[i] = math.sigmoid(two[i])
    g = z[2 * units : 3 * units]
    for i in range(units):
        g[i] = math.tanh(g[i])
    for i in range(units):
        last[i] = math.sigmoid(last[i])
    f = z[units : 2 * units]
    for i in range(units):
        c[i] = f[i] * old[i] + two[i] * g[i]
    for i in range(units):
        h[i] = last[i] * math.tanh(c[i])


@kernel
def forward(
    z: Floats, h: Floats, c: Floats, y: Floats, mask: Mask, panels: Floats, rows: Offsets, taps: Offsets, outs: Offsets,
    backwards: bool, zero: bool, start: int, stop: int,
) -> None:  # fmt: skip
    """All steps of samples start..stop-1. rows, outs: of one step's samples in h and z."""
    steps, samples, width = z.shape
    units, places = h.shape[2], h.shape[0]
    z_flat, h_flat = z.reshape(-1), h.reshape(-1)
    for s in range(steps):
        old, new = s % places, (s + 1) % places
        multiply(
            h_flat, old * samples * units, rows, start, stop, taps, units, panels, 0, COLUMNS, units * COLUMNS, z_flat,
            s * samples * width, outs, width, panels, 0, ADD,
        )  # fmt: skip
        for n in range(start, stop):
            if alive(mask, n, s, backwards):
                gates(z[s, n], c[old, n], c[new, n], h[new, n])
            else:
                h[new, n, :] = h[old, n, :]
                c[new, n, :] = c[old, n, :]
            emit(h[new, n], y, mask, n, s, steps, backwards, zero)


@kernel(fastmath=CONTRACT)
def slopes(z: Floats, old: Floats, c: Floats, dh: Floats, dc: Floats) -> None:
    """One sample's step back: the gates in z become dz, dc that of `old`, dh 0. c, which is not needed any more, is scratch."""
    units = c.size
    i, f, g, o = z[:units], z[units : 2 * units], z[2 * units : 3 * units], z[3 * units :]
    for k in range(units):
        c[k] = math.tanh(c[k])
    for k in range(units):
        dc[k] += dh[k] * o[k] * (ONE - c[k] * c[k])
    for k in range(units):
        o[k] = dh[k] * c[k] * o[k] * (ONE - o[k])
    for k in range(units):
        dh[k] = dc[k] * f[k]
    for k in range(units):
        f[k] = dc[k] * old[k] * f[k] * (ONE - f[k])
    for k in range(units):
        c[k] = g[k]
    for k in range(units):
        g[k] = dc[k] * i[k] * (ONE - g[k] * g[k])
    for k in range(units):
        i[k] = dc[k] * c[k] * i[k] * (ONE - i[k])
    for k in range(units):
        dc[k] = dh[k]
    for k in range(units):
        dh[k] = F32(0)


@kernel
def backward(
    z: Floats, c: Floats, dy: Floats, mask: Mask, dh: Floats, dc: Floats, panels: Floats, rows: Offsets, taps: Offsets, outs: Offsets,
    backwards: bool, zero: bool, start: int, stop: int,
) -> None:  # fmt: skip
    """All steps back. dh, dc (samples, units): gradients of the last states before, of the first ones after. panels: of the transposed
    recurrent kernel; rows, outs: of one step's samples in z and dh."""
    steps, samples, width = z.shape
    units = c.shape[2]
    z_flat, dh_flat = z.reshape(-1), dh.reshape(-1)
    for s in range(steps - 1, -1, -1):
        for n in range(start, stop):
            take(dh[n], dy, mask, n, s, steps, backwards, zero)
            if alive(mask, n, s, backwards):
                slopes(z[s, n], c[s, n], c[s + 1, n], dh[n], dc[n])
            else:
                z[s, n, :] = F32(0)
        multiply(
            z_flat, s * samples * width, rows, start, stop, taps, width, panels, 0, COLUMNS, width * COLUMNS, dh_flat, 0, outs, units,
            panels, 0, ADD,
        )  # fmt: skip
