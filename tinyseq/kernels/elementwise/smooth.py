"""Activations with exp, tanh or erf in them. Arrays and order of arguments as in piecewise.py: flat, in place.

Slopes are computed from the output if possible (sigmoid: y (1 - y)), so that the input's memory is free.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math
from tinyseq.kernels.elementwise.math import CONTRACT
from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]

exp, expm1, erf = math.exp, math.expm1, math.erf
SELU_SCALE = F32(1.0507009873554805)  # Klambauer et al. (2017), eq. 14
SELU_SCALE_ALPHA = F32(1.0507009873554805 * 1.6732632423543772)
HALF_ROOT = F32(0.70710678118654752)
NORMAL_DENSITY = F32(0.3989422804014327)  # 1 / sqrt(2 pi)


@kernel(fastmath=CONTRACT)
def sigmoid(y: Floats, start: int, stop: int) -> None:
    """1 / (1 + exp(-x))."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = math.sigmoid(y[i])


@kernel(fastmath=CONTRACT)
def sigmoid_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """r (1 - r); r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * r[i] * (F32(1) - r[i])


@kernel(fastmath=CONTRACT)
def tanh(y: Floats, start: int, stop: int) -> None:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = math.tanh(y[i])


@kernel(fastmath=CONTRACT)
def tanh_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1 - r^2; r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * (F32(1) - r[i]) * (F32(1) + r[i])


@kernel(fastmath=CONTRACT)
def tanh_shrink(y: Floats, start: int, stop: int) -> None:
    """x - tanh(x)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = y[i] - math.tanh(y[i])


@kernel(fastmath=CONTRACT)
def tanh_shrink_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """tanh(r)^2; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        t = math.tanh(r[i])
        g[i] = g[i] * t * t


@kernel(fastmath=CONTRACT)
def exponential(y: Floats, start: int, stop: int) -> None:
    """exp(x)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = exp(y[i])


@kernel(fastmath=CONTRACT)
def exponential_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """r; r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * r[i]


@kernel(fastmath=CONTRACT)
def softplus(y: Floats, start: int, stop: int) -> None:
    """log(1 + exp(x))."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = math.softplus(y[i])


@kernel(fastmath=CONTRACT)
def softplus_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """sigmoid(x) = 1 - exp(-r); r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = -g[i] * expm1(-r[i])


@kernel(fastmath=CONTRACT)
def log_sigmoid(y: Floats, start: int, stop: int) -> None:
    """log(sigmoid(x)) = -softplus(-x)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = -math.softplus(-y[i])


@kernel(fastmath=CONTRACT)
def log_sigmoid_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """sigmoid(-x) = 1 - exp(r); r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = -g[i] * expm1(r[i])


@kernel(fastmath=CONTRACT)
def elu(y: Floats, start: int, stop: int, alpha: F32) -> None:
    """x above 0, alpha (exp(x) - 1) below (Clevert et al. 2016)."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        y[i] = x if x > F32(0) else alpha * expm1(x)


@kernel(fastmath=CONTRACT)
def elu_gradient(g: Floats, r: Floats, start: int, stop: int, alpha: F32) -> None:
    """1 above 0, r + alpha below; r is the output, so alpha >= 0."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * (F32(1) if r[i] > F32(0) else r[i] + alpha)


@kernel(fastmath=CONTRACT)
def elu_gradient_of_input(g: Floats, r: Floats, start: int, stop: int, alpha: F32) -> None:
    """1 above 0, alpha exp(r) below, for any alpha; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * (F32(1) if r[i] > F32(0) else alpha * exp(r[i]))


@kernel(fastmath=CONTRACT)
def selu(y: Floats, start: int, stop: int) -> None:
    """scale x above 0, scale alpha (exp(x) - 1) below (Klambauer et al. 2017)."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        y[i] = SELU_SCALE * x if x > F32(0) else SELU_SCALE_ALPHA * expm1(x)


@kernel(fastmath=CONTRACT)
def selu_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """scale above 0, r + scale alpha below; r is the output."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * (SELU_SCALE if r[i] > F32(0) else r[i] + SELU_SCALE_ALPHA)


@kernel(fastmath=CONTRACT)
def softsign(y: Floats, start: int, stop: int) -> None:
    """x / (1 + |x|)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = y[i] / (F32(1) + abs(y[i]))


@kernel(fastmath=CONTRACT)
def softsign_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """1 / (1 + |r|)^2; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        d = F32(1) / (F32(1) + abs(r[i]))
        g[i] = g[i] * d * d


@kernel(fastmath=CONTRACT)
def squareplus(y: Floats, start: int, stop: int) -> None:
    """(x + sqrt(x^2 + 4)) / 2 (Barron 2021)."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        y[i] = F32(0.5) * (x + np.sqrt(x * x + F32(4)))


@kernel(fastmath=CONTRACT)
def squareplus_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """(1 + r / sqrt(r^2 + 4)) / 2; r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        g[i] = g[i] * F32(0.5) * (F32(1) + r[i] / np.sqrt(r[i] * r[i] + F32(4)))


@kernel(fastmath=CONTRACT)
def silu(y: Floats, start: int, stop: int) -> None:
    """x sigmoid(x) (Ramachandran et al. 2017)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = y[i] * math.sigmoid(y[i])


@kernel(fastmath=CONTRACT)
def silu_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """s (1 + r (1 - s)), s = sigmoid(r); r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        s = math.sigmoid(r[i])
        g[i] = g[i] * s * (F32(1) + r[i] * (F32(1) - s))


@kernel(fastmath=CONTRACT)
def gelu(y: Floats, start: int, stop: int) -> None:
    """x (1 + erf(x / sqrt(2))) / 2 (Hendrycks & Gimpel 2016)."""
    y = y[start:stop]
    for i in range(y.size):
        y[i] = F32(0.5) * y[i] * (F32(1) + erf(y[i] * HALF_ROOT))


@kernel(fastmath=CONTRACT)
def gelu_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """(1 + erf(r / sqrt(2))) / 2 + r exp(-r^2 / 2) / sqrt(2 pi); r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        x = r[i]
        below = F32(0.5) * (F32(1) + erf(x * HALF_ROOT))
        g[i] = g[i] * (below + x * NORMAL_DENSITY * exp(F32(-0.5) * x * x))


@kernel(fastmath=CONTRACT)
def mish(y: Floats, start: int, stop: int) -> None:
    """x tanh(softplus(x)) = x n / (n + 2), n = e (e + 2), e = exp(x) (Misra 2019); beyond 20 it is x."""
    y = y[start:stop]
    for i in range(y.size):
        x = y[i]
        e = exp(F32(20) if x > F32(20) else x)
        n = e * (e + F32(2))
        y[i] = x * (n / (n + F32(2)))


@kernel(fastmath=CONTRACT)
def mish_gradient(g: Floats, r: Floats, start: int, stop: int) -> None:
    """t + 4 r e (1 + e) / (n + 2)^2, t = n / (n + 2); r is the input."""
    g, r = g[start:stop], r[start:stop]
    for i in range(g.size):
        x = r[i]
        e = exp(F32(20) if x > F32(20) else x)
        n = e * (e + F32(2))
        d = F32(1) / (n + F32(2))
        g[i] = g[i] * (n * d + x * (F32(4) * e * (F32(1) + e) * d) * d)
