"""Convolution layers: a window of weights slides over a sequence or an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapecheck.layers.convolution as rules
from shapecheck.shapes import same_padding

from tinyseq.layers import fused
from tinyseq.layers.base import Array, Buffers, Layer, Sizes
from tinyseq.layers.dense import NO_BIAS

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.convolution_plain import Geometry


def image(array: Array) -> Array:
    """A sequence (n, steps, channels) as images of height 1; images as they are."""
    return array if array.ndim == 4 else array[:, None]


def window(array: Array) -> Array:
    """The weights of a sequence's window as those of an image of height 1."""
    return array if array.ndim == 4 else array[None]


def geometry(layer: Any, sizes: Sizes, groups: int) -> Geometry:
    """How the window moves over spatial sizes: strides, padding before, dilation; rows first, a sequence has one row."""
    before = tuple(
        {"valid": 0, "same": same_padding(n, k, s, d)[0], "causal": d * (k - 1)}[layer.padding]
        for n, k, s, d in zip(sizes, layer.kernel_size, layer.strides, layer.dilation_rate, strict=True)
    )
    rows = len(sizes) == 2
    stride = layer.strides if rows else (1, *layer.strides)
    pad = before if rows else (0, *before)
    dilation = layer.dilation_rate if rows else (1, *layer.dilation_rate)
    return (*stride, *pad, *dilation, groups)


class Convolution(Layer):
    """forward and backward of Conv1D and Conv2D."""

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers(saved=fused.saved_for(self.activation, output, training))

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels.convolution_plain import convolve_plain

        x, y, kernel = image(inputs[0]), image(ctx.output), window(ctx.weight("kernel"))
        bias = ctx.weight("bias") if self.use_bias else NO_BIAS
        moves = geometry(self, inputs[0].shape[1:-1], self.groups)
        relu = fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            convolve_plain(x, kernel, bias, y, moves, relu, start, stop)

        ctx.split(run, y.shape[0] * y.shape[1], 2.0 * y.size * kernel[..., 0].size)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels.convolution_plain import input_gradient_plain, weight_gradient_plain
        from tinyseq.kernels.dense_plain import bias_gradient

        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        x, kernel = image(ctx.inputs[0]), window(ctx.weight("kernel"))
        moves = geometry(self, ctx.inputs[0].shape[1:-1], self.groups)
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        if dw is not None:
            weight_gradient_plain(x, dy, window(dw), moves)
        if db is not None:
            bias_gradient(dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            input_gradient_plain(dy, kernel, image(dx), moves, 0, dy.shape[0])


class Conv1D(rules.Conv1D, Convolution):
    __doc__ = rules.Conv1D.__doc__


class Conv2D(rules.Conv2D, Convolution):
    __doc__ = rules.Conv2D.__doc__
