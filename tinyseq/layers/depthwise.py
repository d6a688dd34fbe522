"""Depthwise layers (each channel separately) and separable ones (depthwise, then 1x1 across channels)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapecheck.layers.depthwise as rules
from tinyseq.engine.operator import Array, Buffers, Operator, Place, Sizes
from tinyseq.layers import fused
from tinyseq.layers.base import Layer
from tinyseq.layers.normalized import normalized
from tinyseq.layers.windows import geometry, image, window

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.convolution.geometry import Geometry
    from tinyseq.kernels.runtime.calls import Calls


def depthwise_geometry(layer: Any, x: Sizes) -> Geometry:
    """Sizes of the depthwise part: as many groups as channels, each channel repeated `depth_multiplier` times."""
    channels = x[-1] * layer.depth_multiplier
    return geometry(
        (*x[:-1], channels), channels, layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate, channels
    )  # fmt: skip


class Depthwise(Layer):
    """forward and backward of DepthwiseConv1D and DepthwiseConv2D."""

    tells = True
    turns = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def with_normalization(self: Any, normalization: Operator, activation: str) -> Operator | None:
        return normalized(self, normalization, activation, "kernel") if fused.activation_name(self.activation) == "linear" else None

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        from tinyseq.kernels.convolution import depthwise as kernels

        scratch: dict[str, Place] = {
            "scratch": ((kernels.scratch_for(depthwise_geometry(self, inputs[0])),), "float32")
        }
        saved = fused.saved_for(self.activation, output, training)
        return Buffers(saved, scratch, scratch if training else {})

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels.convolution import depthwise as kernels

        x, y, w = image(inputs[0]), image(ctx.output), window(ctx.weight("kernel"))
        g, multiplier = depthwise_geometry(self, inputs[0].shape), self.depth_multiplier
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.forward, x, w, bias, y, g, multiplier, relu, ctx.scratch("scratch", part), start, stop)

        ctx.split(run, kernels.units(g, y.shape[0], multiplier), 2.0 * y.size * g.window_rows * g.window_columns)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels.convolution import depthwise as kernels
        from tinyseq.kernels.dense import bias_gradient

        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        g, multiplier = depthwise_geometry(self, ctx.inputs[0].shape), self.depth_multiplier
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        scratch = ctx.scratch("scratch")
        if dw is not None:
            ctx.call(kernels.weight_gradient, image(ctx.inputs[0]), dy, window(dw), g, multiplier, scratch)
        if db is not None:
            ctx.call(bias_gradient, dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            ctx.call(kernels.input_gradient, dy, window(ctx.weight("kernel")), image(dx), g, multiplier, scratch)


class Separable(Layer):
    """forward and backward of SeparableConv1D and SeparableConv2D: the depthwise result is kept in "middle"."""

    tells = True
    turns = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def derived(self: Any, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The pointwise kernel, a matrix, as panels."""
        from tinyseq.kernels import dense

        features, filters = weights["pointwise_kernel"][-2:]
        return dense.packed_sizes(features, filters, training)

    def prepare(self: Any, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        from tinyseq.kernels import dense

        calls.call(dense.pack_into, weights["pointwise_kernel"].reshape(-1, self.filters), derived)

    def with_normalization(self: Any, normalization: Operator, activation: str) -> Operator | None:
        linear = fused.activation_name(self.activation) == "linear"
        return normalized(self, normalization, activation, "pointwise_kernel") if linear else None

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        from tinyseq.kernels import dense
        from tinyseq.kernels.convolution import depthwise as kernels

        g = depthwise_geometry(self, inputs[0])
        middle: Place = ((output[0], g.rows, g.columns, g.filters), "float32")
        scratch: Place = ((kernels.scratch_for(g),), "float32")
        saved = fused.saved_for(self.activation, output, training)
        if not training:
            return Buffers(saved, {"middle": middle, "scratch": scratch})
        panels = dense.gradient_scratch(output[0] * g.rows * g.columns, self.filters)
        return Buffers(
            {**saved, "middle": middle},
            {"scratch": scratch},
            {"scratch": scratch, "middle_gradient": middle, "panels": ((panels,), "float32")},
        )

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels import dense
        from tinyseq.kernels.convolution import depthwise as kernels

        x, w = image(inputs[0]), window(ctx.weight("depthwise_kernel"))
        g, multiplier = depthwise_geometry(self, inputs[0].shape), self.depth_multiplier
        middle = ctx.saved("middle") if ctx.training else ctx.scratch("middle")
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)
        pixels, y = middle.reshape(-1, g.filters), ctx.output.reshape(-1, self.filters)
        panels = dense.panels_for(ctx.weight("pointwise_kernel").reshape(-1, self.filters), ctx.prepared)

        def slide(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.forward, x, w, None, middle, g, multiplier, False, ctx.scratch("scratch", part), start, stop)

        def mix(start: int, stop: int, part: int) -> None:
            ctx.call(dense.forward, pixels, panels, bias, y, relu, start, stop)

        ctx.split(slide, kernels.units(g, x.shape[0], multiplier), 2.0 * middle.size * g.window_rows * g.window_columns)
        ctx.split(mix, pixels.shape[0], 2.0 * pixels.size * self.filters)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels import dense
        from tinyseq.kernels.convolution import depthwise as kernels

        dy = fused.slope(ctx, self.activation, gradients[0]).reshape(-1, self.filters)
        g, multiplier = depthwise_geometry(self, ctx.inputs[0].shape), self.depth_multiplier
        pixels, middle = ctx.saved("middle").reshape(-1, g.filters), ctx.scratch("middle_gradient")
        first, second, db = (ctx.gradient(name) for name in ("depthwise_kernel", "pointwise_kernel", "bias"))
        dx, scratch = ctx.input_gradient(), ctx.scratch("scratch")
        if second is not None:
            dw = second.reshape(-1, self.filters)
            ctx.call(dense.weight_gradient, pixels, dy, dw, ctx.scratch("panels"), 0, g.filters)
        if db is not None:
            ctx.call(dense.bias_gradient, dy, db)
        if first is None and dx is None:
            return
        ctx.call(dense.input_gradient, dy, ctx.prepared("backward"), middle.reshape(pixels.shape), 0, pixels.shape[0])
        if first is not None:
            ctx.call(kernels.weight_gradient, image(ctx.inputs[0]), middle, window(first), g, multiplier, scratch)
        if dx is not None:
            w = window(ctx.weight("depthwise_kernel"))
            ctx.call(kernels.input_gradient, middle, w, image(dx), g, multiplier, scratch)


class DepthwiseConv1D(rules.DepthwiseConv1D, Depthwise):
    pass


class DepthwiseConv2D(rules.DepthwiseConv2D, Depthwise):
    pass


class SeparableConv1D(rules.SeparableConv1D, Separable):
    pass


class SeparableConv2D(rules.SeparableConv2D, Separable):
    pass
