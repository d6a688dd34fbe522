"""LSTM with Keras's default activations, from step to step.

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)      g = tanh(z_g)       z = x . kernel + bias + h . recurrent_kernel
    c' = f c + i g      h' = o tanh(c')

Hochreiter & Schmidhuber (1997); the forget gate is of Gers et al. (2000). Gates are side by side in z, in Keras's order i, f, g, o:
z (steps, samples, 4 units) holds x . kernel + bias before and the gates after, then dz. Other arrays as walking.py says. Other
activations: stepwise.py.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.math import CONTRACT
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix import matmul
from tinyseq.kernels.matrix.lanes16 import LANES, divide, load, multiply, multiply_add, splat, store
from tinyseq.kernels.matrix.register_tile import ADD, COLUMNS
from tinyseq.kernels.recurrent.lanes import bell, less_square, one_and_exp, tanh_parts
from tinyseq.kernels.recurrent.walking import alive, emit, take

F32 = np.float32
Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Mask = NDArray[np.uint8]
ONE = F32(1)
product = matmul.multiply


@kernel(fastmath=CONTRACT)
def gates_plain(z: Floats, old: Floats, c: Floats, h: Floats, first: int) -> None:
    """One sample's step, of units first and on: z becomes the gates; c and h from c `old`."""
    units = c.size
    i, f, g, o = z[first:units], z[units + first : 2 * units], z[2 * units + first : 3 * units], z[3 * units + first :]
    before, after, shown = old[first:], c[first:], h[first:]
    for k in range(units - first):
        i[k] = math.sigmoid(i[k])
    for k in range(units - first):
        f[k] = math.sigmoid(f[k])
    for k in range(units - first):
        g[k] = math.tanh(g[k])
    for k in range(units - first):
        o[k] = math.sigmoid(o[k])
    for k in range(units - first):
        after[k] = f[k] * before[k] + i[k] * g[k]
    for k in range(units - first):
        shown[k] = o[k] * math.tanh(after[k])


@kernel
def gates_vectors(z: Floats, old: Floats, c: Floats, h: Floats, first: int) -> None:
    """As gates_plain, sixteen units at a time with two divisions (lanes.py); the rest in plain loops."""
    units = c.size
    for k in range(0, units - LANES + 1, LANES):
        a, b, d = one_and_exp(load(z, k)), one_and_exp(load(z, units + k)), one_and_exp(load(z, 3 * units + k))
        p, q = tanh_parts(load(z, 2 * units + k))
        ab, dq = multiply(a, b), multiply(d, q)
        r = divide(splat(ONE), multiply(ab, dq))
        one_ab, one_dq = multiply(r, dq), multiply(r, ab)
        i, f, o = multiply(one_ab, b), multiply(one_ab, a), multiply(one_dq, q)
        g = multiply(multiply(one_dq, d), p)
        state = multiply_add(f, load(old, k), multiply(i, g))
        p, q = tanh_parts(state)
        store(z, k, i)
        store(z, units + k, f)
        store(z, 2 * units + k, g)
        store(z, 3 * units + k, o)
        store(c, k, state)
        store(h, k, divide(multiply(o, p), q))
    gates_plain(z, old, c, h, units // LANES * LANES)


gates = gates_plain if PLAIN_TWINS else gates_vectors
"""The one that `forward` calls, with first = 0."""


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
        product(
            h_flat, old * samples * units, rows, start, stop, taps, units, panels, 0, COLUMNS, units * COLUMNS, z_flat,
            s * samples * width, outs, width, panels, 0, ADD,
        )  # fmt: skip
        for n in range(start, stop):
            if alive(mask, n, s, backwards):
                gates(z[s, n], c[old, n], c[new, n], h[new, n], 0)
            else:
                h[new, n, :] = h[old, n, :]
                c[new, n, :] = c[old, n, :]
            emit(h[new, n], y, mask, n, s, steps, backwards, zero)


@kernel(fastmath=CONTRACT)
def slopes_plain(z: Floats, old: Floats, c: Floats, dh: Floats, dc: Floats, first: int) -> None:
    """One sample's step back, of units first and on: the gates in z become dz, dc that of `old`, dh 0."""
    units = c.size
    for k in range(first, units):
        i, f, g, o, t = z[k], z[units + k], z[2 * units + k], z[3 * units + k], math.tanh(c[k])
        total = dc[k] + dh[k] * o * (ONE - t * t)
        z[k] = total * g * (i - i * i)
        z[units + k] = total * old[k] * (f - f * f)
        z[2 * units + k] = total * i * (ONE - g * g)
        z[3 * units + k] = dh[k] * t * (o - o * o)
        dc[k] = total * f
        dh[k] = F32(0)


@kernel
def slopes_vectors(z: Floats, old: Floats, c: Floats, dh: Floats, dc: Floats, first: int) -> None:
    """As slopes_plain, sixteen units at a time; the rest one by one."""
    units = c.size
    for k in range(0, units - LANES + 1, LANES):
        i, f, g, o = load(z, k), load(z, units + k), load(z, 2 * units + k), load(z, 3 * units + k)
        p, q = tanh_parts(load(c, k))
        t, up = divide(p, q), load(dh, k)
        total = multiply_add(multiply(up, o), less_square(t), load(dc, k))
        store(z, k, multiply(multiply(total, g), bell(i)))
        store(z, units + k, multiply(multiply(total, load(old, k)), bell(f)))
        store(z, 2 * units + k, multiply(multiply(total, i), less_square(g)))
        store(z, 3 * units + k, multiply(multiply(up, t), bell(o)))
        store(dc, k, multiply(total, f))
        store(dh, k, splat(F32(0)))
    slopes_plain(z, old, c, dh, dc, units // LANES * LANES)


slopes = slopes_plain if PLAIN_TWINS else slopes_vectors
"""The one that `backward` calls, with first = 0."""


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
                slopes(z[s, n], c[s, n], c[s + 1, n], dh[n], dc[n], 0)
            else:
                z[s, n, :] = F32(0)
        product(
            z_flat, s * samples * width, rows, start, stop, taps, width, panels, 0, COLUMNS, width * COLUMNS, dh_flat, 0, outs, units,
            panels, 0, ADD,
        )  # fmt: skip
