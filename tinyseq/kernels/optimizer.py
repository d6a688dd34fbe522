"""One training step of one flat float32 array of weights, in place: p the weights, g their gradient.

The formulas are Keras's: epsilon outside the root in Adam ("epsilon hat", Kingma & Ba 2015, section 2), inside it in
RMSprop.

Values that change from step to step are in an array, `rates`: the rate, and that of the decay. So the calls of a step are
the same every time, and a program can make them without Python. `fresh` is 1 - beta, computed in float64 by the caller: in float32 1 -
0.999 is off by 1.3e-5 of itself, and the steps by half of that.
"""

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
CONTRACT = frozenset({"contract"})


@kernel(fastmath=CONTRACT)
def decay(p: Floats, rates: Floats) -> None:
    """p -= p rate, rate = rates[1]: weight decay separate from the gradient (Loshchilov & Hutter 2019)."""
    rate = rates[1]
    for i in range(p.size):
        p[i] -= p[i] * rate


@kernel(fastmath=CONTRACT)
def sgd(p: Floats, g: Floats, rates: Floats) -> None:
    """p -= rate g."""
    rate = rates[0]
    for i in range(p.size):
        p[i] -= rate * g[i]


@kernel(fastmath=CONTRACT)
def sgd_momentum(p: Floats, g: Floats, m: Floats, rates: Floats, momentum: F32, nesterov: bool) -> None:
    """m = momentum m - rate g; p += m, or with Nesterov p += momentum m - rate g (Sutskever et al. 2013)."""
    rate = rates[0]
    for i in range(p.size):
        step = rate * g[i]
        velocity = momentum * m[i] - step
        m[i] = velocity
        p[i] += momentum * velocity - step if nesterov else velocity


@kernel(fastmath=CONTRACT)
def adam(p: Floats, g: Floats, m: Floats, v: Floats, rates: Floats, fresh_1: F32, fresh_2: F32, epsilon: F32) -> None:
    """m, v: running means of g and g^2; p -= rate m / (sqrt(v) + epsilon); rate holds sqrt(1-beta_2^t)/(1-beta_1^t)."""
    rate = rates[0]
    for i in range(p.size):
        first = m[i] + (g[i] - m[i]) * fresh_1
        second = v[i] + (g[i] * g[i] - v[i]) * fresh_2
        m[i], v[i] = first, second
        p[i] -= rate * first / (np.sqrt(second) + epsilon)


@kernel(fastmath=CONTRACT)
def adam_amsgrad(
    p: Floats, g: Floats, m: Floats, v: Floats, most: Floats, rates: Floats, fresh_1: F32, fresh_2: F32, epsilon: F32
) -> None:
    """Like adam, with the greatest v so far in its place (Reddi et al. 2018)."""
    rate = rates[0]
    for i in range(p.size):
        first = m[i] + (g[i] - m[i]) * fresh_1
        second = v[i] + (g[i] * g[i] - v[i]) * fresh_2
        greatest = most[i] if most[i] > second else second
        m[i], v[i], most[i] = first, second, greatest
        p[i] -= rate * first / (np.sqrt(greatest) + epsilon)


@kernel(fastmath=CONTRACT)
def rmsprop(p: Floats, g: Floats, v: Floats, rates: Floats, rho: F32, fresh: F32, epsilon: F32) -> None:
    """v = rho v + (1 - rho) g^2; p -= rate g / sqrt(v + epsilon) (Hinton 2012, lecture 6e)."""
    rate = rates[0]
    for i in range(p.size):
        v[i] = rho * v[i] + fresh * g[i] * g[i]
        p[i] -= rate * g[i] / np.sqrt(v[i] + epsilon)


@kernel(fastmath=CONTRACT)
def rmsprop_full(
    p: Floats, g: Floats, v: Floats, mean: Floats, m: Floats, rates: Floats, rho: F32, fresh: F32, epsilon: F32, momentum: F32
) -> None:
    """Like rmsprop; centered (v - mean^2) if `mean` is not empty; with momentum (m = momentum m + step) if m is not empty."""
    rate, centered, moving = rates[0], mean.size > 0, m.size > 0
    for i in range(p.size):
        v[i] = rho * v[i] + fresh * g[i] * g[i]
        spread = v[i] + epsilon
        if centered:
            mean[i] = rho * mean[i] + fresh * g[i]
            spread -= mean[i] * mean[i]
        step = rate * g[i] / np.sqrt(spread)
        if moving:
            m[i] = momentum * m[i] + step
            step = m[i]
        p[i] -= step
