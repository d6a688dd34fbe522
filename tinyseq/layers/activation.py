"""Activations as layers: Activation("name"), ReLU, LeakyReLU, PReLU, ELU, Softmax. Rules: shapecheck.layers.activation.

The kernels work in place, so forward copies its input to the output first, and backward the gradient. This module also
decides whose slope follows from the output, and which activations need the input kept: the planner needs this before any kernel is loaded
(a test holds READS_INPUT against the kernels' table).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import activation as rules
from shapecheck.layers.arguments import ACTIVATIONS
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.fused import only_named_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinyseq.engine.context import Context
    from tinyseq.kernels.elementwise.activation import Activation as Entry

READS_INPUT = frozenset(
    {
        *("hard_tanh", "hard_silu", "hard_swish", "hard_shrink", "soft_shrink", "sparse_plus", "tanh_shrink"),
        *("softsign", "squareplus", "silu", "swish", "gelu", "mish", "glu"),
    }
)
"""Activations whose slope cannot be computed from the output."""

ABSORBABLE = ("relu", "relu6")
"""Activations that the layer before can apply while it writes: those of kernels/elementwise/bounds.py."""

EXP_COST = 20
"""Floating point operations of one activation, roughly: enough to decide whether to split the work."""


def activation_name(activation: Any) -> str:
    """The name of an activation argument: "linear" for None, the function's own name for a function."""
    return "linear" if activation is None else str(getattr(activation, "__name__", activation))


def check_activation(layer: str, activation: Any) -> None:
    """Raises NotImplementedError if an activation argument is something that no kernel computes."""
    if activation is not None and (activation_name(activation) not in ACTIVATIONS or only_named_alike(activation)):
        raise NotImplementedError(
            f"{layer}: activation={activation!r} cannot be computed: name one, for example activation='relu', "
            f"or write your own layer"
        )


def run_elementwise(ctx: Context, entry: Entry, x: Array, y: Array) -> None:
    """y = activation(x), element by element, over threads for large work."""
    size = math.prod(x.shape[1:])
    source, target = x.reshape(-1), y.reshape(-1)

    def run(start: int, stop: int, part: int) -> None:
        ctx.call(kernels.copying.copy_all, source[start * size : stop * size], target[start * size : stop * size])
        ctx.call(entry.forward, target, start * size, stop * size, *entry.constants)

    ctx.split(run, len(x), EXP_COST * x.size)


def run_elementwise_gradient(ctx: Context, entry: Entry, dy: Array) -> None:
    """The input's gradient, from ctx.output or ctx.inputs, depending on the activation."""
    dx = ctx.input_gradient()
    if dx is not None:
        read = ctx.output if entry.reads == "output" else ctx.inputs[0]
        ctx.call(kernels.copying.copy_all, dy, dx)
        ctx.call(entry.backward, dx.reshape(-1), read.reshape(-1), 0, dx.size, *entry.constants)


def along(shape: Sizes, axes: Sequence[int]) -> tuple[int, int, int]:
    """(outer, axis, inner): a shape seen from one axis, or from neighbouring axes taken as one."""
    places = sorted(axis % len(shape) for axis in axes)
    first, last = places[0], places[-1]
    return math.prod(shape[:first]), math.prod(shape[first : last + 1]), math.prod(shape[last + 1 :])


class Elementwise(Layer):
    """A layer for one entry of the kernels' table, or similar."""

    tells = True

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return True

    def entry(self) -> Entry:
        """Kernels and constants."""
        raise NotImplementedError

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        run_elementwise(ctx, self.entry(), inputs[0], ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        run_elementwise_gradient(ctx, self.entry(), gradients[0])


class Activation(rules.Activation, Elementwise):
    tells = True
    leaves_activation = True

    @property
    def needs_input(self) -> bool:  # type: ignore[override]
        return activation_name(self.activation) in READS_INPUT

    @property
    def needs_output(self) -> bool:  # type: ignore[override]
        return not self.needs_input and activation_name(self.activation) != "linear"

    def check_compute(self) -> None:
        name = activation_name(self.activation)
        if name in ("sparsemax", "threshold") and not only_named_alike(self.activation):
            raise NotImplementedError(f"{self.name}: activation={name!r} has no kernel: write Lambda(activations.{name})")
        check_activation(str(self.name), self.activation)

    def view(self, training: bool) -> bool:
        return activation_name(self.activation) == "linear"

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return activation_name(self.activation) not in ("softmax", "log_softmax", "glu", "sparsemax")

    def absorbable(self) -> str:
        name = activation_name(self.activation)
        return name if name in ABSORBABLE else ""

    def entry(self) -> Entry:
        return kernels.activation.TABLE[activation_name(self.activation)]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        name, x, y = activation_name(self.activation), inputs[0], ctx.output
        if ctx.logits or name == "linear":
            ctx.call(kernels.copying.copy_all, x, y)
        elif name == "glu":
            half = y.shape[-1]
            ctx.call(kernels.activation.glu, x.reshape(-1), y.reshape(-1), half, 0, y.size // half)
        elif name in ("softmax", "log_softmax"):
            run_softmax(ctx, name, x, y, (-1,))
        else:
            run_elementwise(ctx, self.entry(), x, y)
        return y

    def backward(self, ctx: Context, *gradients: Any) -> None:
        name, dy, dx = activation_name(self.activation), gradients[0], ctx.input_gradient()
        if dx is None:
            return
        if ctx.logits or name == "linear":
            ctx.call(kernels.copying.copy_all, dy, dx)
        elif name == "glu":
            half = dy.shape[-1]
            x = ctx.inputs[0].reshape(-1)
            ctx.call(kernels.activation.glu_gradient, dy.reshape(-1), x, dx.reshape(-1), half, 0, dy.size // half)
        elif name in ("softmax", "log_softmax"):
            run_softmax_gradient(ctx, name, dy, ctx.output, dx, (-1,))
        else:
            run_elementwise_gradient(ctx, self.entry(), dy)


def run_softmax(ctx: Context, name: str, x: Array, y: Array, axes: Sequence[int]) -> None:
    """y = softmax or log_softmax of x along neighbouring axes."""
    ctx.call(kernels.copying.copy_all, x, y)
    outer, axis, inner = along(x.shape, axes)
    ctx.call(getattr(kernels.activation, name), y.reshape(-1), axis, inner, 0, outer)


def run_softmax_gradient(ctx: Context, name: str, dy: Array, y: Array, dx: Array, axes: Sequence[int]) -> None:
    """dx, from dy and the output."""
    ctx.call(kernels.copying.copy_all, dy, dx)
    outer, axis, inner = along(dx.shape, axes)
    ctx.call(getattr(kernels.activation, f"{name}_gradient"), dx.reshape(-1), y.reshape(-1), axis, inner, 0, outer)


class Softmax(rules.Softmax, Layer):
    tells = True
    takes_mask = True
    leaves_activation = True
    needs_input = False

    def _axes(self) -> tuple[int, ...]:
        return tuple(self.axis) if isinstance(self.axis, (tuple, list)) else (self.axis,)

    def check_compute(self) -> None:
        places = sorted(self._axes())
        if places != list(range(places[0], places[0] + len(places))):
            raise NotImplementedError(f"{self.name}: axis={self.axis} is not computed: take neighbouring axes")

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if ctx.mask is not None:
            raise NotImplementedError(f"{self.name}: Softmax of an input with a mask is not computed: write Activation('softmax')")
        if ctx.logits:
            ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        else:
            run_softmax(ctx, "softmax", inputs[0], ctx.output, self._axes())
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None and ctx.logits:
            ctx.call(kernels.copying.copy_all, gradients[0], dx)
        elif dx is not None:
            run_softmax_gradient(ctx, "softmax", gradients[0], ctx.output, dx, self._axes())


class ReLU(rules.ReLU, Elementwise):
    def absorbable(self) -> str:
        straight = self.negative_slope == 0 and self.threshold == 0
        return {None: "relu", 6: "relu6"}.get(self.max_value, "") if straight else ""

    def _plain(self) -> bool:
        return self.max_value is None and self.threshold == 0

    @property
    def needs_input(self) -> bool:  # type: ignore[override]
        return not self._plain()

    @property
    def needs_output(self) -> bool:  # type: ignore[override]
        return self._plain()

    def entry(self) -> Entry:
        table, piecewise = kernels.activation, kernels.piecewise
        if self._plain() and self.negative_slope == 0:
            found: Entry = table.TABLE["relu"]
            return found
        slope = np.float32(self.negative_slope)
        if self._plain():
            return table.TABLE["leaky_relu"]._replace(constants=(slope,))
        most = np.float32(np.inf if self.max_value is None else self.max_value)
        constants = (most, slope, np.float32(self.threshold))
        return table.Activation(piecewise.relu_bent, piecewise.relu_bent_gradient, "input", constants)


class ThresholdedReLU(rules.ThresholdedReLU, Elementwise):
    needs_output = False

    def entry(self) -> Entry:
        piecewise, constants = kernels.piecewise, (np.float32(np.inf), np.float32(0), np.float32(self.theta))
        return kernels.activation.Activation(piecewise.relu_bent, piecewise.relu_bent_gradient, "input", constants)


class LeakyReLU(rules.LeakyReLU, Elementwise):
    needs_input = False

    def entry(self) -> Entry:
        return kernels.activation.TABLE["leaky_relu"]._replace(constants=(np.float32(self.negative_slope),))


class ELU(rules.ELU, Elementwise):
    @property
    def needs_input(self) -> bool:  # type: ignore[override]
        return bool(self.alpha < 0)  # then the output is positive on both sides of 0

    @property
    def needs_output(self) -> bool:  # type: ignore[override]
        return not self.needs_input

    def entry(self) -> Entry:
        found: Entry = kernels.activation.TABLE["elu"]._replace(constants=(np.float32(self.alpha),))
        if self.needs_input:
            return found._replace(backward=kernels.smooth.elu_gradient_of_input, reads="input")
        return found


class PReLU(rules.PReLU, Layer):
    tells = True
    needs_output = False

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        sample = (output[1:], np.float32)
        return Buffers(forward={"alpha": sample}, backward={"alpha": sample, "dalpha": sample, "dx": (output, np.float32)})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        y, alpha = ctx.output, self._alpha(ctx)
        ctx.call(kernels.copying.copy_all, inputs[0], y)
        ctx.call(kernels.activation.prelu, y.reshape(-1), alpha.reshape(-1), 0, len(y))
        return y

    def _alpha(self, ctx: Context) -> Array:
        """One slope for each position: shared axes are repeated."""
        alpha, weight = ctx.scratch("alpha"), ctx.weight("alpha")
        ctx.call(kernels.strided_copy.copy, weight, np.broadcast_to(weight, alpha.shape), alpha, alpha)
        return alpha

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dx, change = ctx.inputs[0], ctx.input_gradient(), ctx.gradient("alpha")
        alpha, dalpha = self._alpha(ctx), ctx.scratch("dalpha")
        target = ctx.scratch("dx") if dx is None else dx
        ctx.call(kernels.copying.clear_all, dalpha)
        ctx.call(kernels.copying.copy_all, gradients[0], target)
        flat = (target.reshape(-1), x.reshape(-1), alpha.reshape(-1), dalpha.reshape(-1))
        ctx.call(kernels.activation.prelu_gradient, *flat, 0, len(x))
        if change is not None:
            ctx.call(kernels.strided_copy.add, dalpha, dalpha, change, np.broadcast_to(change, dalpha.shape))
