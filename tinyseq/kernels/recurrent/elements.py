"""One step of a recurrent layer, elementwise, used by stepwise.py.

Rows are samples (or, of a convolutional LSTM, samples and positions). Gates are apart here, (gates, rows, units), so that an activation
runs over neighbours; arrays of one gate or state are flat. Masks as walking.py says.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel
from tinyseq.kernels.recurrent.walking import alive

F32 = np.float32
Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]


@kernel
def split(z: Floats, first: int, apart: Floats) -> None:
    """apart[g, r, u] = z[r, first + g units + u]."""
    gates, rows, units = apart.shape
    for r in range(rows):
        for g in range(gates):
            row, out = z[r, first + g * units : first + (g + 1) * units], apart[g, r]
            for u in range(units):
                out[u] = row[u]


@kernel
def join(apart: Floats, z: Floats, first: int, mask: Mask, s: int, backwards: bool) -> None:
    """z[r, first + g units + u] = apart[g, r, u], or 0 where the step is left out."""
    gates, rows, units = apart.shape
    each = rows // mask.shape[0] if mask.size > 0 else 1
    for r in range(rows):
        made = alive(mask, r // each, s, backwards)
        for g in range(gates):
            row, source = z[r, first + g * units : first + (g + 1) * units], apart[g, r]
            for u in range(units):
                row[u] = source[u] if made else F32(0)


@kernel
def settle(made: Floats, kept: Floats, mask: Mask, s: int, backwards: bool) -> None:
    """Where step s is left out, made = kept; both (samples, numbers)."""
    for n in range(made.shape[0]):
        if not alive(mask, n, s, backwards):
            for i in range(made.shape[1]):  # an assignment of whole rows takes numba 2.8 s to compile (Xeon)
                made[n, i] = kept[n, i]


@kernel
def times(a: Floats, b: Floats, out: Floats) -> None:
    """out = a b."""
    for i in range(out.size):
        out[i] = a[i] * b[i]


@kernel
def times_each(values: Floats, factors: Floats) -> None:
    """values[s] *= factors, for all s; values (steps, numbers)."""
    for s in range(values.shape[0]):
        row = values[s]
        for i in range(factors.size):
            row[i] *= factors[i]


@kernel
def plus_times(a: Floats, b: Floats, out: Floats) -> None:
    """out += a b."""
    for i in range(out.size):
        out[i] += a[i] * b[i]


@kernel
def carry(i: Floats, f: Floats, g: Floats, old: Floats, c: Floats) -> None:
    """c = f old + i g."""
    for k in range(c.size):
        c[k] = f[k] * old[k] + i[k] * g[k]


@kernel
def mix(z: Floats, g: Floats, old: Floats, h: Floats) -> None:
    """h = z old + (1 - z) g."""
    for k in range(h.size):
        h[k] = z[k] * old[k] + (F32(1) - z[k]) * g[k]


@kernel
def mix_gradient(dh: Floats, z: Floats, g: Floats, old: Floats, dz: Floats, dg: Floats) -> None:
    """dz, dg of `mix`."""
    for k in range(dh.size):
        dz[k] = dh[k] * (old[k] - g[k])
    for k in range(dh.size):
        dg[k] = dh[k] * (F32(1) - z[k])


@kernel
def drop_inputs(x: Floats, factors: Floats, y: Floats) -> None:
    """y[n, t] = x[n, t] factors[n]: the same features are dropped at all steps. Also backward. x (samples, steps, features)."""
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            source, factor, out = x[n, t], factors[n], y[n, t]
            for i in range(factor.size):
                out[i] = source[i] * factor[i]


@kernel
def draw_factors(uniform: Floats, rate: F32, factors: Floats) -> None:
    """1 / (1 - rate) where the uniform number is at least rate, else 0."""
    scale = F32(1) / (F32(1) - rate)
    for i in range(factors.size):
        factors[i] = scale if uniform[i] >= rate else F32(0)
