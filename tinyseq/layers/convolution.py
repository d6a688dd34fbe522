"""Convolution layers: a window of weights slides over a sequence or an image. Depthwise ones stand in depthwise.py."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapecheck.layers.convolution as rules
from tinyseq import kernels
from tinyseq.layers import fused
from tinyseq.layers.base import Array, Buffers, Layer, Place, Sizes
from tinyseq.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from tinyseq.layers.windows import geometry, image, moves, window, window_shape

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.window import Geometry


__all__ = ["Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"]

LARGE = (402, 402)
"""An image on which Winograd's method wins if it ever does."""


class Convolution(Layer):
    """forward and backward of Conv1D and Conv2D: directly, or by Winograd's method where that is faster."""

    _known: Any = (None, None)
    """(the places where the layer stands, its input shape), found at the first call."""

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def geometry(self: Any, x: Sizes) -> Geometry:
        """All sizes, for an input of shape x."""
        return geometry(
            x, self.filters, self.kernel_size, self.strides, self.padding, self.dilation_rate, self.groups
        )  # fmt: skip

    def winograd(self: Any, x: Sizes) -> bool:
        """Whether Winograd's method is used for an input of shape x: decided by the layer's own input shape if that is known."""
        return self.kernel_size == (3, 3) and winograd_wins(self.geometry(self.known_input() or x))

    def known_input(self: Any) -> Sizes | None:
        """The input shape of the layer, if it stands in one place and all sizes but the batch's are known there."""
        if self._known[0] != self._nodes:
            self._known = list(self._nodes), self._find_known_input()
        found: Sizes | None = self._known[1]
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_known": (None, None)}  # a copy stands at no place yet

    def _find_known_input(self: Any) -> Sizes | None:
        shapes = {tensor.shape_accepted.dims for node in self._nodes for tensor in node.inputs}
        dims = shapes.pop() if len(shapes) == 1 else None
        return (1, *dims[1:]) if dims and all(isinstance(size, int) for size in dims[1:]) else None

    def derived(self: Any, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The kernel in the order in which a convolution reads it, and turned for the gradient of the input.

        While sizes are unknown, for both methods: which one is used depends on the image.
        """
        shape, known = window_shape(weights["kernel"]), self.known_input()
        found: dict[str, int] = {}
        if self.winograd(known or (1, *LARGE, shape[2])):
            found["winograd"] = kernels.winograd.forward_size(shape)
            if training:
                found["winograd_backward"] = kernels.winograd.backward_size(shape)
        if not known or not found:
            found["direct"] = kernels.convolution.forward_size(shape, self.groups)
            if training:
                found["direct_backward"] = kernels.convolution.backward_size(shape, *moves(self), self.groups)
        return found

    def prepare(self: Any, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        kernel, (strides, dilation) = window(weights["kernel"]), moves(self)
        for name, into in derived.items():
            if name == "winograd":
                kernels.winograd.pack_forward(kernel, into)
            elif name == "winograd_backward":
                kernels.winograd.pack_backward(kernel, into)
            elif name == "direct":
                kernels.convolution.pack_forward(kernel, self.groups, into)
            else:
                kernels.convolution.pack_backward(kernel, strides, dilation, self.groups, into)

    def gradient_cost(self: Any, x: Sizes) -> int:
        """By Winograd's method a set is 36 / 9 as large before it is transformed back, and a multiply-add takes a quarter
        of the time: 1.8 ns a number, where a thread does 220 multiply-adds of the definition in 1 ns (Zen 4)."""
        return 400 if self.winograd(x) else 10

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        g = self.geometry(inputs[0])
        method = kernels.winograd if self.winograd(inputs[0]) else kernels.convolution
        forward: dict[str, Place] = {"scratch": ((method.forward_scratch(g),), "float32")}
        backward = max(method.weight_gradient_scratch(g), method.input_gradient_scratch(g)) if training else 1
        saved = fused.saved_for(self.activation, output, training)
        return Buffers(saved, forward, {"scratch": ((backward,), "float32")})

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        x, y, g = image(inputs[0]), image(ctx.output), self.geometry(inputs[0].shape)
        by_winograd = self.winograd(inputs[0].shape)
        method = kernels.winograd if by_winograd else kernels.convolution
        packed = ctx.prepared("winograd" if by_winograd else "direct")
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            scratch = ctx.scratch("scratch", part)
            if by_winograd:
                kernels.winograd.forward(x, packed, window(ctx.weight("kernel")), bias, y, g, relu, scratch, start, stop)
            else:
                kernels.convolution.forward(x, packed, bias, y, g, relu, scratch, start, stop)

        ctx.split(run, method.units(g, y.shape[0]), 2.0 * y.size * ctx.weight("kernel")[..., 0].size)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        g, by_winograd = self.geometry(ctx.inputs[0].shape), self.winograd(ctx.inputs[0].shape)
        method = kernels.winograd if by_winograd else kernels.convolution
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        scratch = ctx.scratch("scratch")
        if dw is not None:
            method.weight_gradient(image(ctx.inputs[0]), dy, window(dw), g, scratch)
        if db is not None:
            kernels.dense.bias_gradient(dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            if by_winograd:
                kernels.winograd.input_gradient(dy, ctx.prepared("winograd_backward"), window(ctx.weight("kernel")), image(dx), g, scratch)
            else:
                kernels.convolution.input_gradient(dy, ctx.prepared("direct_backward"), image(dx), g, scratch)


@lru_cache(maxsize=512)
def winograd_wins(g: Geometry) -> bool:
    """Whether Winograd's method computes a convolution of these sizes, and is faster."""
    return bool(kernels.winograd.fits(g) and kernels.winograd.wins(g.channels, g.filters, g.rows, g.columns))


class Conv1D(rules.Conv1D, Convolution):
    pass


class Conv2D(rules.Conv2D, Convolution):
    pass
