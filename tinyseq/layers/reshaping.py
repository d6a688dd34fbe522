"""Layers that move values: Flatten, Reshape, Permute, RepeatVector. Others: padding.py, upsampling.py.

Flatten and Reshape are views: the planner gives the same memory another shape, and nothing runs. The others are one
copy each, and their gradient is the inverse copy (summed if a value was repeated). All by kernels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck import layers as rules
from tinyseq import kernels
from tinyseq.layers.moving import Moving, Unchanged

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Flatten(rules.Flatten, Unchanged, Moving):
    pass


class Reshape(rules.Reshape, Unchanged, Moving):
    pass


class Permute(rules.Permute, Moving):
    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.strided_copy.copy, inputs[0], inputs[0].transpose(0, *self.dims), ctx.output, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.strided_copy.copy, gradients[0], gradients[0], dx, dx.transpose(0, *self.dims))


class RepeatVector(rules.RepeatVector, Moving):
    """An image of height 1, stretched."""

    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.reshaping.upsample_nearest, inputs[0][:, None, None], ctx.output[:, :, None], self.n, 1)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.reshaping.upsample_nearest_gradient, gradients[0][:, :, None], dx[:, None, None], self.n, 1)
