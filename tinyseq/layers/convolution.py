"""Convolution layers: a window of weights slides over a sequence or an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapecheck.layers.convolution as rules
from shapecheck.shapes import same_padding
from tinyseq.layers import fused
from tinyseq.layers.base import Array, Buffers, Layer, Place, Sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.window import Geometry


def image(array: Array) -> Array:
    """A sequence (n, steps, channels) as images of height 1; images as they are."""
    return array if array.ndim == 4 else array[:, None]


def window(array: Array) -> Array:
    """The weights of a sequence's window as those of an image of height 1."""
    return array if array.ndim == 4 else array[None]


def moves(layer: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Strides and dilation, rows first; a sequence has one row."""
    if len(layer.strides) == 2:
        return layer.strides, layer.dilation_rate
    return (1, *layer.strides), (1, *layer.dilation_rate)


def geometry(layer: Any, x: Sizes, filters: int, groups: int) -> Geometry:
    """All sizes of the convolution of an input of shape x (batch axis first)."""
    from tinyseq.kernels.window import Geometry

    axes = list(zip(x[1:-1], layer.kernel_size, layer.strides, layer.dilation_rate, strict=True))
    spans = [(k - 1) * d for _, k, _, d in axes]
    if layer.padding == "same":
        before, outputs = [same_padding(*axis)[0] for axis in axes], [-(-n // s) for n, _, s, _ in axes]
    else:  # causal: the window's last place is the output's own
        before = spans if layer.padding == "causal" else [0 for _ in axes]
        outputs = [(n + b - e - 1) // s + 1 for (n, _, s, _), b, e in zip(axes, before, spans, strict=True)]
    one = len(axes) == 1
    height, width = (1, x[1]) if one else x[1:3]
    window_rows, window_columns = (1, *layer.kernel_size) if one else layer.kernel_size
    rows, columns = (1, *outputs) if one else outputs
    top, left = (0, *before) if one else before
    strides, dilation = moves(layer)
    return Geometry(
        height, width, x[-1], window_rows, window_columns, filters, rows, columns, *strides, top, left, *dilation, groups
    )  # fmt: skip


class Convolution(Layer):
    """forward and backward of Conv1D and Conv2D."""

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def prepare(self: Any, weights: dict[str, Array], training: bool) -> dict[str, Array]:
        """The kernel in the order in which the convolution reads it, and flipped for the gradient of the input."""
        from tinyseq.kernels import convolution as kernels

        kernel = window(weights["kernel"])
        prepared = {"forward": kernels.pack_forward(kernel, self.groups)}
        if training:
            prepared["backward"] = kernels.pack_backward(kernel, *moves(self), self.groups)
        return prepared

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        from tinyseq.kernels import convolution as kernels

        g = geometry(self, inputs[0], self.filters, self.groups)
        forward: dict[str, Place] = {"scratch": ((kernels.forward_scratch(g),), "float32")}
        backward = max(kernels.weight_gradient_scratch(g), kernels.input_gradient_scratch(g)) if training else 1
        saved = fused.saved_for(self.activation, output, training)
        return Buffers(saved, forward, {"scratch": ((backward,), "float32")})

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels import convolution as kernels

        x, y = image(inputs[0]), image(ctx.output)
        g = geometry(self, inputs[0].shape, self.filters, self.groups)
        bias = ctx.weight("bias") if self.use_bias else None
        packed, relu = ctx.prepared("forward"), fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            kernels.forward(x, packed, bias, y, g, relu, ctx.scratch("scratch", part), start, stop)

        ctx.split(run, kernels.units(g, y.shape[0]), 2.0 * y.size * ctx.weight("kernel")[..., 0].size)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels import convolution as kernels
        from tinyseq.kernels.dense import bias_gradient

        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        g = geometry(self, ctx.inputs[0].shape, self.filters, self.groups)
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        scratch = ctx.scratch("scratch")
        if dw is not None:
            kernels.weight_gradient(image(ctx.inputs[0]), dy, window(dw), g, scratch)
        if db is not None:
            bias_gradient(dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            kernels.input_gradient(dy, ctx.prepared("backward"), image(dx), g, scratch)


class Conv1D(rules.Conv1D, Convolution):
    __doc__ = rules.Conv1D.__doc__


class Conv2D(rules.Conv2D, Convolution):
    __doc__ = rules.Conv2D.__doc__
