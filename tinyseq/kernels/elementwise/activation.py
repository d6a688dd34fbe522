"""The table of activations, and those over a whole axis: softmax, log_softmax, glu, PReLU.

    TABLE["sigmoid"].forward(y, start, stop, *constants)       in place over flat float32: elements start..stop-1
    TABLE["sigmoid"].backward(g, r, start, stop, *constants)   g *= slope; r is the output or the input: see `reads`

Every kernel is compiled when it is first called: a model with one relu compiles one kernel.

softmax and log_softmax run along the middle axis of (outer, axis, inner), outer start..stop-1. NaN spreads over its row;
a row of only -inf is NaN, as in Keras.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinyseq.kernels.elementwise import math, piecewise, smooth
from tinyseq.kernels.jit.kernel import kernel

F32 = np.float32
Floats = NDArray[np.float32]
SUMS = frozenset({"contract", "reassoc", "nsz"})  # a sum in any order vectorises; NaN and inf stay


class Activation(NamedTuple):
    """An elementwise function in place, its slope, what the slope reads, and constants of both (float32)."""

    forward: Callable[..., None]
    backward: Callable[..., None]
    reads: Literal["output", "input"]
    constants: tuple[np.float32, ...] = ()


TABLE: dict[str, Activation] = {
    "relu": Activation(piecewise.relu, piecewise.relu_gradient, "output"),
    "relu6": Activation(piecewise.relu6, piecewise.relu6_gradient, "output"),
    "leaky_relu": Activation(piecewise.leaky_relu, piecewise.leaky_relu_gradient, "output", (F32(0.2),)),
    "hard_tanh": Activation(piecewise.hard_tanh, piecewise.hard_tanh_gradient, "input"),
    "hard_sigmoid": Activation(piecewise.hard_sigmoid, piecewise.hard_sigmoid_gradient, "output"),
    "hard_sigmoid_of_keras_2": Activation(piecewise.clipped_line, piecewise.clipped_line_gradient, "output", (F32(0.2),)),
    "hard_silu": Activation(piecewise.hard_silu, piecewise.hard_silu_gradient, "input"),
    "hard_shrink": Activation(piecewise.hard_shrink, piecewise.shrink_gradient, "input", (F32(0.5),)),
    "soft_shrink": Activation(piecewise.soft_shrink, piecewise.shrink_gradient, "input", (F32(0.5),)),
    "sparse_sigmoid": Activation(piecewise.sparse_sigmoid, piecewise.sparse_sigmoid_gradient, "output"),
    "sparse_plus": Activation(piecewise.sparse_plus, piecewise.sparse_plus_gradient, "input"),
    "sigmoid": Activation(smooth.sigmoid, smooth.sigmoid_gradient, "output"),
    "tanh": Activation(smooth.tanh, smooth.tanh_gradient, "output"),
    "tanh_shrink": Activation(smooth.tanh_shrink, smooth.tanh_shrink_gradient, "input"),
    "exponential": Activation(smooth.exponential, smooth.exponential_gradient, "output"),
    "softplus": Activation(smooth.softplus, smooth.softplus_gradient, "output"),
    "log_sigmoid": Activation(smooth.log_sigmoid, smooth.log_sigmoid_gradient, "output"),
    "elu": Activation(smooth.elu, smooth.elu_gradient, "output", (F32(1),)),
    "celu": Activation(smooth.elu, smooth.elu_gradient, "output", (F32(1),)),
    "selu": Activation(smooth.selu, smooth.selu_gradient, "output"),
    "softsign": Activation(smooth.softsign, smooth.softsign_gradient, "input"),
    "squareplus": Activation(smooth.squareplus, smooth.squareplus_gradient, "input"),
    "silu": Activation(smooth.silu, smooth.silu_gradient, "input"),
    "gelu": Activation(smooth.gelu, smooth.gelu_gradient, "input"),
    "mish": Activation(smooth.mish, smooth.mish_gradient, "input"),
}
TABLE["swish"] = TABLE["silu"]
TABLE["hard_swish"] = TABLE["hard_silu"]

# Of a whole axis: softmax and log_softmax in place, glu halves the axis.


@kernel(fastmath=SUMS)
def _softmax(row: Floats, size: int, step: int) -> None:
    """Elements 0, step, 2 step ... of `row`."""
    most = row[0]
    for k in range(size):
        most = row[k * step] if row[k * step] > most else most
    total = F32(0)
    for k in range(size):
        value = math.exp(row[k * step] - most)
        row[k * step] = value
        total += value
    share = F32(1) / total
    for k in range(size):
        row[k * step] *= share


@kernel()
def softmax(y: Floats, axis: int, inner: int, start: int, stop: int) -> None:
    """exp(x - max) / sum of exp(x - max) along the axis, in place."""
    for o in range(start, stop):
        rows = y[o * axis * inner : (o + 1) * axis * inner]
        if inner == 1:  # a step of 1 known to the compiler: vectors
            _softmax(rows, axis, 1)
        else:
            for i in range(inner):
                _softmax(rows[i:], axis, inner)


@kernel(fastmath=SUMS)
def softmax_gradient(g: Floats, r: Floats, axis: int, inner: int, start: int, stop: int) -> None:
    """r (g - sum of g r) along the axis, in place in g; r is the output."""
    for o in range(start, stop):
        dy, y = g[o * axis * inner : (o + 1) * axis * inner], r[o * axis * inner : (o + 1) * axis * inner]
        for i in range(inner):
            total = F32(0)
            for k in range(axis):
                total += dy[k * inner + i] * y[k * inner + i]
            for k in range(axis):
                dy[k * inner + i] = y[k * inner + i] * (dy[k * inner + i] - total)


@kernel(fastmath=SUMS)
def log_softmax(y: Floats, axis: int, inner: int, start: int, stop: int) -> None:
    """x - max - log(sum of exp(x - max)) along the axis, in place."""
    for o in range(start, stop):
        rows = y[o * axis * inner : (o + 1) * axis * inner]
        for i in range(inner):
            most = rows[i]
            for k in range(axis):
                most = rows[k * inner + i] if rows[k * inner + i] > most else most
            total = F32(0)
            for k in range(axis):
                total += math.exp(rows[k * inner + i] - most)
            less = np.log(total)
            for k in range(axis):
                rows[k * inner + i] = (rows[k * inner + i] - most) - less


@kernel(fastmath=SUMS)
def log_softmax_gradient(g: Floats, r: Floats, axis: int, inner: int, start: int, stop: int) -> None:
    """g - exp(r) (sum of g) along the axis, in place in g; r is the output."""
    for o in range(start, stop):
        dy, y = g[o * axis * inner : (o + 1) * axis * inner], r[o * axis * inner : (o + 1) * axis * inner]
        for i in range(inner):
            total = F32(0)
            for k in range(axis):
                total += dy[k * inner + i]
            for k in range(axis):
                dy[k * inner + i] -= math.exp(y[k * inner + i]) * total


@kernel()
def glu(x: Floats, y: Floats, half: int, start: int, stop: int) -> None:
    """First half times sigmoid of the second, along the last axis: (outer, 2 half) -> (outer, half) (Dauphin 2017)."""
    for o in range(start, stop):
        value, gate = x[2 * o * half : (2 * o + 1) * half], x[(2 * o + 1) * half : (2 * o + 2) * half]
        out = y[o * half : (o + 1) * half]
        for k in range(half):
            out[k] = value[k] * math.sigmoid(gate[k])


@kernel()
def glu_gradient(dy: Floats, x: Floats, dx: Floats, half: int, start: int, stop: int) -> None:
    """dx: dy s for the first half, dy a s (1 - s) for the second, s = sigmoid(second)."""
    for o in range(start, stop):
        value, gate = x[2 * o * half : (2 * o + 1) * half], x[(2 * o + 1) * half : (2 * o + 2) * half]
        d_value, d_gate = dx[2 * o * half : (2 * o + 1) * half], dx[(2 * o + 1) * half : (2 * o + 2) * half]
        d = dy[o * half : (o + 1) * half]
        for k in range(half):
            s = math.sigmoid(gate[k])
            d_value[k] = d[k] * s
            d_gate[k] = d[k] * value[k] * s * (F32(1) - s)


@kernel()
def prelu(y: Floats, alpha: Floats, start: int, stop: int) -> None:
    """x above 0, alpha x below, in place; samples as large as alpha (He et al. 2015)."""
    for n in range(start, stop):
        row = y[n * alpha.size : (n + 1) * alpha.size]
        for i in range(alpha.size):
            row[i] = alpha[i] * row[i] if row[i] < F32(0) else row[i]


@kernel()
def prelu_gradient(g: Floats, x: Floats, alpha: Floats, dalpha: Floats, start: int, stop: int) -> None:
    """dalpha += g x below 0; g *= 1 above 0, alpha below, 0 at 0 (as Keras, which joins two relus)."""
    for n in range(start, stop):
        d, row = g[n * alpha.size : (n + 1) * alpha.size], x[n * alpha.size : (n + 1) * alpha.size]
        for i in range(alpha.size):
            dalpha[i] += d[i] * row[i] if row[i] < F32(0) else F32(0)
            below = alpha[i] * d[i] if row[i] < F32(0) else F32(0)
            d[i] = d[i] if row[i] > F32(0) else below
