"""Adaptive pooling, one axis after the other. Rules: shapecheck.layers.adaptive_pooling; kernels/pooling/adaptive.py."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from shapecheck.layers import adaptive_pooling as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Adaptive(Layer):
    """What all share. Between two axes is an array "middle1" or "middle2", pooled along the axes before."""

    tells = True
    needs_input = False
    needs_output = False
    turns = True
    output_size: Any

    def stages(self, x: Sizes, output: Sizes) -> list[Sizes]:
        """The shapes from the input to the output, after each axis."""
        return [(x[0], *output[1 : 1 + done], *x[1 + done :]) for done in range(len(x) - 1)]

    def middles(self, x: Sizes, output: Sizes) -> dict[str, Place]:
        """The arrays between the axes."""
        return {f"middle{number}": (shape, "float32") for number, shape in enumerate(self.stages(x, output)[1:-1], 1)}

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        places = self.middles(inputs[0], output)
        return Buffers({}, places, places if training else {})

    def steps(self, ctx: Context, first: Array, last: Array) -> list[tuple[Array, Array, int]]:
        """(larger, smaller, axis) of every stage: each array as (outer, axis, inner)."""
        shapes = self.stages(first.shape, last.shape)
        arrays = [first, *(ctx.scratch(f"middle{number}") for number in range(1, len(shapes) - 1)), last]
        return [(lines(arrays[i], i + 1), lines(arrays[i + 1], i + 1), i) for i in range(len(arrays) - 1)]


def lines(array: Array, axis: int) -> Array:
    """(outer, size of the axis, inner). A view."""
    return array.reshape(math.prod(array.shape[:axis]), array.shape[axis], -1)


class AdaptiveAverage(Adaptive):
    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        for x, y, _ in self.steps(ctx, inputs[0], ctx.output):
            ctx.call(kernels.adaptive.average, x, y, *kernels.adaptive.parts(x.shape[1], y.shape[1]))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is None:
            return
        for dx, dy, _ in reversed(self.steps(ctx, place, gradients[0])):
            ctx.call(kernels.adaptive.average_gradient, dy, dx, *kernels.adaptive.parts(dx.shape[1], dy.shape[1]))


class AdaptiveMax(Adaptive):
    """Where the greatest values are is kept for backward, for each axis."""

    tells = True

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        places = self.middles(inputs[0], output)
        index: dict[str, Place] = {f"index{i}": (shape, "int32") for i, shape in enumerate(self.stages(inputs[0], output)[1:])}
        return Buffers(index, places, places)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        for x, y, i in self.steps(ctx, inputs[0], ctx.output):
            index = ctx.saved(f"index{i}").reshape(y.shape)
            ctx.call(kernels.adaptive.greatest, x, y, index, *kernels.adaptive.parts(x.shape[1], y.shape[1]))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is None:
            return
        for dx, dy, i in reversed(self.steps(ctx, place, gradients[0])):
            ctx.call(kernels.adaptive.greatest_gradient, dy, ctx.saved(f"index{i}").reshape(dy.shape), dx)


class AdaptiveMaxPooling1D(rules.AdaptiveMaxPooling1D, AdaptiveMax):
    pass


class AdaptiveMaxPooling2D(rules.AdaptiveMaxPooling2D, AdaptiveMax):
    pass


class AdaptiveMaxPooling3D(rules.AdaptiveMaxPooling3D, AdaptiveMax):
    pass


class AdaptiveAveragePooling1D(rules.AdaptiveAveragePooling1D, AdaptiveAverage):
    pass


class AdaptiveAveragePooling2D(rules.AdaptiveAveragePooling2D, AdaptiveAverage):
    pass


class AdaptiveAveragePooling3D(rules.AdaptiveAveragePooling3D, AdaptiveAverage):
    pass
