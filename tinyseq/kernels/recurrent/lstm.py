"""LSTM with Keras's default activations, from step to step.

    i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)      g = tanh(z_g)       z = x . kernel + bias + h . recurrent_kernel
    c' = f c + i g      h' = o tanh(c')

Hochreiter & Schmidhuber (1997); the forget gate is of Gers et al. (2000). Gates are side by side in z, in Keras's order i, f, g, o:
z (steps, samples, 4 units) gets the gates, then dz; in prediction it may be a single step, (1, samples, 4 units). Other arrays as
walking.py says. Other activations: stepwise.py.

Gates and slopes take all samples of a step in one call, with offsets into flat arrays: this saves a call and six slices for each sample.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.math import CONTRACT
from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.jit.numba_internals import PLAIN_TWINS
from tinyseq.kernels.matrix import matmul
from tinyseq.kernels.matrix.lanes16 import LANES, divide, load, multiply, multiply_add, splat, store
from tinyseq.kernels.matrix.register_tile import ADD, BIAS, COLUMNS
from tinyseq.kernels.recurrent.lanes import bell, less_square, one_and_exp, tanh_parts
from tinyseq.kernels.recurrent.walking import alive, clear_row, emit, take

F32 = np.float32
Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Mask = NDArray[np.uint8]
ONE = F32(1)
product = matmul.multiply


NEAR = 1 << 16
"""Numbers of a kernel, up to which the product of the input is made step by step: the kernel is then read again from a near cache in each
step (256 KiB), but z is not written to a far one and read again (32 samples of 50 steps, 128 units: 3.3 MB)."""


class Forward(NamedTuple):
    """The arrays of the way forward."""

    x: Floats
    z: Floats
    h: Floats
    c: Floats
    y: Floats
    mask: Mask


class Weights(NamedTuple):
    """kernel and recurrent_kernel as panels, bias (size 0: none). A kernel of size 0: z already is x . kernel + bias, for all steps."""

    kernel: Floats
    recurrent: Floats
    bias: Floats


class Tables(NamedTuple):
    """Of one step: where the samples' rows begin in x, states in h, gates in z; features, units and units of all gates from there."""

    inputs: Offsets
    states: Offsets
    gates: Offsets
    features: Offsets
    units: Offsets
    all_units: Offsets


def tables(samples: int, steps: int, features: int, units: int) -> Tables:
    """Shared: do not write to them."""
    rows = [matmul.steps(samples, width) for width in (steps * features, units, 4 * units)]
    return Tables(*rows, *map(matmul.steps, (features, units, 4 * units)))


@kernel(fastmath=CONTRACT)
def gates_plain(
    z: Floats, h: Floats, c: Floats, z0: int, old: int, new: int, samples: int, units: int, first: int
) -> None:  # fmt: skip
    """A step of that many samples, of units first and on: z, from z0 on, becomes the gates; h and c from `new` on, of c from `old` on."""
    for n in range(samples):
        i, f, g, o = z0 + 4 * n * units, z0 + (4 * n + 1) * units, z0 + (4 * n + 2) * units, z0 + (4 * n + 3) * units
        before, after = old + n * units, new + n * units
        for k in range(first, units):
            z[i + k] = math.sigmoid(z[i + k])
        for k in range(first, units):
            z[f + k] = math.sigmoid(z[f + k])
        for k in range(first, units):
            z[g + k] = math.tanh(z[g + k])
        for k in range(first, units):
            z[o + k] = math.sigmoid(z[o + k])
        for k in range(first, units):
            c[after + k] = z[f + k] * c[before + k] + z[i + k] * z[g + k]
        for k in range(first, units):
            h[after + k] = z[o + k] * math.tanh(c[after + k])


@kernel
def gates_vectors(
    z: Floats, h: Floats, c: Floats, z0: int, old: int, new: int, samples: int, units: int, first: int
) -> None:  # fmt: skip
    """As gates_plain, sixteen units at a time with two divisions (lanes.py); the rest in plain loops."""
    for n in range(samples):
        row, before, after = z0 + 4 * n * units, old + n * units, new + n * units
        for k in range(0, units - LANES + 1, LANES):
            at = row + k
            a, b, d = one_and_exp(load(z, at)), one_and_exp(load(z, at + units)), one_and_exp(load(z, at + 3 * units))
            p, q = tanh_parts(load(z, at + 2 * units))
            ab, dq = multiply(a, b), multiply(d, q)
            r = divide(splat(ONE), multiply(ab, dq))
            one_ab, one_dq = multiply(r, dq), multiply(r, ab)
            i, f, o = multiply(one_ab, b), multiply(one_ab, a), multiply(one_dq, q)
            g = multiply(multiply(one_dq, d), p)
            state = multiply_add(f, load(c, before + k), multiply(i, g))
            p, q = tanh_parts(state)
            store(z, at, i)
            store(z, at + units, f)
            store(z, at + 2 * units, g)
            store(z, at + 3 * units, o)
            store(c, after + k, state)
            store(h, after + k, divide(multiply(o, p), q))
    if units % LANES:
        gates_plain(z, h, c, z0, old, new, samples, units, units // LANES * LANES)


gates = gates_plain if PLAIN_TWINS else gates_vectors
"""The one that `forward` calls, with first = 0."""


@kernel
def forward(
    a: Forward, w: Weights, t: Tables, turned: bool, backwards: bool, zero: bool, start: int, stop: int
) -> None:  # fmt: skip
    """All steps of samples start..stop-1. turned: the first step reads the last of x; backwards: of the mask."""
    samples, steps, features = a.x.shape
    units, places, width = a.h.shape[2], a.h.shape[0], a.z.shape[2]
    x, z, h, c = a.x.reshape(-1), a.z.reshape(-1), a.h.reshape(-1), a.c.reshape(-1)
    for s in range(steps):
        old, new, z0 = s % places * samples * units, (s + 1) % places * samples * units, s % a.z.shape[0] * samples * width
        if w.kernel.size > 0:
            at = steps - 1 - s if turned else s
            product(
                x, at * features, t.inputs, start, stop, t.features, features, w.kernel, 0, COLUMNS, features * COLUMNS, z, z0, t.gates,
                width, w.bias, 0, BIAS if w.bias.size > 0 else 0,
            )  # fmt: skip
        product(
            h, old, t.states, start, stop, t.units, units, w.recurrent, 0, COLUMNS, units * COLUMNS, z, z0, t.gates, width, w.recurrent,
            0, ADD,
        )  # fmt: skip
        if a.mask.size == 0:
            gates(z, h, c, z0 + start * width, old + start * units, new + start * units, stop - start, units, 0)
        for n in range(start, stop if a.mask.size > 0 else start):
            if alive(a.mask, n, s, backwards):
                gates(z, h, c, z0 + n * width, old + n * units, new + n * units, 1, units, 0)
            else:
                for k in range(n * units, (n + 1) * units):
                    h[new + k] = h[old + k]
                    c[new + k] = c[old + k]
        emit(h, new, a.y, a.mask, s, steps, backwards, zero, start, stop)


@kernel(fastmath=CONTRACT)
def slopes_plain(
    z: Floats, c: Floats, dh: Floats, dc: Floats, old: int, step: int, at: int, samples: int, units: int, first: int
) -> None:  # fmt: skip
    """A step back of that many samples, of units first and on: the gates become dz, dc that of c before the step, dh 0.

    c before the step begins at `old`, after it `step` further; z at 4 `old`; dh and dc at `at`.
    """
    for n in range(samples):
        for k in range(n * units + first, (n + 1) * units):
            j = 4 * old + 3 * n * units + k
            i, f, g, o, t = z[j], z[j + units], z[j + 2 * units], z[j + 3 * units], math.tanh(c[old + step + k])
            total = dc[at + k] + dh[at + k] * o * (ONE - t * t)
            z[j] = total * g * (i - i * i)
            z[j + units] = total * c[old + k] * (f - f * f)
            z[j + 2 * units] = total * i * (ONE - g * g)
            z[j + 3 * units] = dh[at + k] * t * (o - o * o)
            dc[at + k] = total * f
            dh[at + k] = F32(0)


@kernel
def slopes_vectors(
    z: Floats, c: Floats, dh: Floats, dc: Floats, old: int, step: int, at: int, samples: int, units: int, first: int
) -> None:  # fmt: skip
    """As slopes_plain, sixteen units at a time; the rest one by one."""
    for n in range(samples):
        for k in range(n * units, (n + 1) * units - LANES + 1, LANES):
            j = 4 * old + 3 * n * units + k
            i, f, g, o = load(z, j), load(z, j + units), load(z, j + 2 * units), load(z, j + 3 * units)
            p, q = tanh_parts(load(c, old + step + k))
            t, up = divide(p, q), load(dh, at + k)
            total = multiply_add(multiply(up, o), less_square(t), load(dc, at + k))
            store(z, j, multiply(multiply(total, g), bell(i)))
            store(z, j + units, multiply(multiply(total, load(c, old + k)), bell(f)))
            store(z, j + 2 * units, multiply(multiply(total, i), less_square(g)))
            store(z, j + 3 * units, multiply(multiply(up, t), bell(o)))
            store(dc, at + k, multiply(total, f))
            store(dh, at + k, splat(F32(0)))
    if units % LANES:
        slopes_plain(z, c, dh, dc, old, step, at, samples, units, units // LANES * LANES)


slopes = slopes_plain if PLAIN_TWINS else slopes_vectors
"""The one that `backward` calls, with first = 0."""


class Backward(NamedTuple):
    """The arrays of the way back. dh, dc (samples, units): gradients of the last states before, of the first ones after."""

    z: Floats
    c: Floats
    dy: Floats
    mask: Mask
    dh: Floats
    dc: Floats


@kernel
def backward(a: Backward, panels: Floats, t: Tables, backwards: bool, zero: bool, start: int, stop: int) -> None:
    """All steps back; z becomes dz. panels: of the transposed recurrent kernel."""
    steps, samples, width = a.z.shape
    units = a.c.shape[2]
    z, c, dh, dc = a.z.reshape(-1), a.c.reshape(-1), a.dh.reshape(-1), a.dc.reshape(-1)
    step, at = samples * units, start * units
    for s in range(steps - 1, -1, -1):
        take(dh, a.dy, a.mask, s, steps, backwards, zero, start, stop)
        if a.mask.size == 0:
            slopes(z, c, dh, dc, s * step + at, step, at, stop - start, units, 0)
        for n in range(start, stop if a.mask.size > 0 else start):
            if alive(a.mask, n, s, backwards):
                slopes(z, c, dh, dc, s * step + n * units, step, n * units, 1, units, 0)
            else:
                clear_row(a.z[s, n])
        product(
            z, s * samples * width, t.gates, start, stop, t.all_units, width, panels, 0, COLUMNS, width * COLUMNS, dh, 0, t.states, units,
            panels, 0, ADD,
        )  # fmt: skip
