"""A convolution or Dense and the BatchNormalization after it as one operator, for prediction: see Plan._join_normalizations.

    y = f((x * w + b - mean) scale + shift) = f(x * (w scale) + (b - mean) scale + shift)

with one mean, scale and shift for each filter (kernels/normalization/batch_statistics.py). So the normalization costs nothing once the
weights are multiplied, which happens when they are packed; and its activation f is applied while sums are in registers. Rounding differs
from that of the two layers one after the other, by about one unit in the last place of each product.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Operator, Sizes
from tinyseq.layers.fused import repeated

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls

ALIGNED = 16
"""Floats to which the parts of the packed array are rounded up: 64 bytes, the widest vector."""
EMPTY = np.zeros(0, np.float32)


class Normalized(Operator):
    """A layer with `last` among its weights, whose last axis (or axes, of a depthwise kernel) is that of the channels, then normalized."""

    tells = True
    shardable = True
    crops = True
    needs_input = False
    needs_output = False

    def __init__(self, layer: Any, normalization: Any, activation: str, last: str) -> None:
        super().__init__(name=str(layer.name))
        self.layer, self.normalization, self.activation, self.last = layer, normalization, activation, last
        self.crops, self.late = layer.crops, layer.late
        self._weights = [*layer._weights, *normalization._weights]
        self._own = {weight.name for weight in layer._weights}
        self._inner = Inner(layer, activation)

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return self.layer.infer(inputs)  # type: ignore[no-any-return]

    def reads(self, x: Sizes, output: Sizes) -> Sizes:
        return self.layer.reads(x, output)  # type: ignore[no-any-return]

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return self.layer.buffers(inputs, output, False)  # type: ignore[no-any-return]

    def parts(self, weights: dict[str, Sizes]) -> dict[str, slice]:
        """Where in the one packed array each part is: what the layer packs, the weights multiplied, the bias, the coefficients."""
        own = {name: shape for name, shape in weights.items() if name in self._own}
        channels = math.prod(weights["moving_mean"])
        sizes = {
            **self.layer.derived(own, False), "multiplied": math.prod(own[self.last]), "moved": channels, "coefficients": 3 * channels,
        }  # fmt: skip
        found, begin = {}, 0
        for name, size in sizes.items():
            found[name] = slice(begin, begin + size)
            begin += -(-size // ALIGNED) * ALIGNED
        return found

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """One array, because its parts depend on each other: arrays are filled side by side."""
        return {"packed": max(part.stop for part in self.parts(weights).values())}

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        for packed in derived.values():
            parts = {name: packed[part] for name, part in self.parts({name: array.shape for name, array in weights.items()}).items()}
            mean, coefficients = weights["moving_mean"], parts.pop("coefficients").reshape(3, -1)
            gamma, beta = weights.get("gamma", repeated(1.0, mean.size)), weights.get("beta", repeated(0.0, mean.size))
            run, epsilon = kernels.batch_statistics, float(self.normalization.epsilon)
            calls.call(run.moving_coefficients, mean, weights["moving_variance"], epsilon, gamma, beta, coefficients)
            kernel, multiplied = weights[self.last], parts.pop("multiplied")
            bias = weights["bias"] if self.layer.use_bias else EMPTY
            calls.call(run.join, kernel.reshape(-1, mean.size), bias, coefficients, multiplied.reshape(-1, mean.size), parts.pop("moved"))
            own = {**weights, self.last: multiplied.reshape(kernel.shape)}
            for name, array in parts.items():
                self.layer.prepare(calls, own, {name: array})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return type(self.layer).forward(self._inner, Seen(ctx, self), *inputs)


class Inner:
    """The layer with a bias and the activation of the normalization."""

    def __init__(self, layer: Any, activation: str) -> None:
        self._layer = layer
        self.use_bias = True
        self.activation = activation or None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


class Seen:
    """What that layer sees: the context, with other weights."""

    def __init__(self, ctx: Context, of: Normalized) -> None:
        self._ctx = ctx
        packed = ctx.prepared("packed")
        shapes = {weight.name: tuple(weight.shape) for weight in of._weights}
        parts = {name: packed[part] for name, part in of.parts(shapes).items()}
        self._weights = {of.last: parts.pop("multiplied").reshape(shapes[of.last]), "bias": parts.pop("moved")}
        self._parts = parts

    def weight(self, name: str) -> Array:
        """As Context.weight."""
        found = self._weights.get(name)
        return self._ctx.weight(name) if found is None else found

    def prepared(self, name: str) -> Array:
        """As Context.prepared."""
        return self._parts[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ctx, name)


def normalized(layer: Any, normalization: Any, activation: str, last: str) -> Normalized:
    """The operator of a layer and its normalization: always the same one, so that weights are packed once for all plans."""
    found = layer._normalized
    made = Normalized(layer, normalization, activation, last)
    if found is None or (found.normalization, found.activation, found._weights) != (normalization, activation, made._weights):
        found = layer.__dict__["_normalized"] = made
    return found  # type: ignore[no-any-return]
