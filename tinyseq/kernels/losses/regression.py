"""Losses of regressions: the mean over the last axis of a function of target t and prediction p, and its gradient in p.

Arrays as in crossentropy.py: (samples, size) float32, loss (samples,), samples start..stop-1, weight (samples,).
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
SUMS = frozenset({"contract", "reassoc", "nsz"})


@kernel(fastmath=SUMS)
def squared(p: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """mean (p - t)^2."""
    for n in range(start, stop):
        row, target, total = p[n], t[n], F32(0)
        for k in range(row.size):
            total += (row[k] - target[k]) * (row[k] - target[k])
        loss[n] = total / F32(row.size)


@kernel()
def squared_gradient(p: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """2 (p - t) / size."""
    for n in range(start, stop):
        row, target, out = p[n], t[n], g[n]
        share = F32(2) * weight[n] / F32(row.size)
        for k in range(row.size):
            out[k] = share * (row[k] - target[k])


@kernel(fastmath=SUMS)
def absolute(p: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """mean |p - t|."""
    for n in range(start, stop):
        row, target, total = p[n], t[n], F32(0)
        for k in range(row.size):
            total += abs(row[k] - target[k])
        loss[n] = total / F32(row.size)


@kernel()
def absolute_gradient(p: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """sign(p - t) / size; 0 where they agree."""
    for n in range(start, stop):
        row, target, out = p[n], t[n], g[n]
        share = weight[n] / F32(row.size)
        for k in range(row.size):
            e = row[k] - target[k]
            out[k] = share * (F32(1) if e > F32(0) else (F32(-1) if e < F32(0) else e))


@kernel(fastmath=SUMS)
def huber(p: Floats, t: Floats, delta: F32, loss: Floats, start: int, stop: int) -> None:
    """mean of e^2 / 2 up to |e| = delta, delta |e| - delta^2 / 2 beyond (Huber 1964)."""
    for n in range(start, stop):
        row, target, total = p[n], t[n], F32(0)
        for k in range(row.size):
            e = abs(row[k] - target[k])
            far = delta * e - F32(0.5) * delta * delta
            total += far if e > delta else F32(0.5) * e * e
        loss[n] = total / F32(row.size)


@kernel()
def huber_gradient(p: Floats, t: Floats, delta: F32, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """e clipped to [-delta, delta], / size."""
    for n in range(start, stop):
        row, target, out = p[n], t[n], g[n]
        share = weight[n] / F32(row.size)
        for k in range(row.size):
            e = row[k] - target[k]
            e = -delta if e < -delta else e
            out[k] = share * (delta if e > delta else e)


@kernel(fastmath=SUMS)
def log_cosh(p: Floats, t: Floats, loss: Floats, start: int, stop: int) -> None:
    """mean log(cosh(e)) = |e| + log1p(exp(-2|e|)) - log 2."""
    for n in range(start, stop):
        row, target, total = p[n], t[n], F32(0)
        for k in range(row.size):
            e = abs(row[k] - target[k])
            total += e + math.log1p_of_unit(math.exp(F32(-2) * e)) - F32(0.6931471805599453)
        loss[n] = total / F32(row.size)


@kernel()
def log_cosh_gradient(p: Floats, t: Floats, weight: Floats, g: Floats, start: int, stop: int) -> None:
    """tanh(e) / size."""
    for n in range(start, stop):
        row, target, out = p[n], t[n], g[n]
        share = weight[n] / F32(row.size)
        for k in range(row.size):
            out[k] = share * math.tanh(row[k] - target[k])
