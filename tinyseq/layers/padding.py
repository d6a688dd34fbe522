"""Zeros around the spatial axes, and their ends cut off: one copy each; the gradient is the inverse copy. All by kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers import padding as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array
from tinyseq.layers.moving import Moving

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

Ends = tuple[tuple[int, int], ...]
"""(before, after) along each spatial axis."""


def inside(whole: Array, ends: Ends) -> Array:
    """Without these ends of the spatial axes: a view."""
    axes = zip(ends, whole.shape[1:], strict=False)
    return whole[(slice(None), *(slice(before, size - after) for (before, after), size in axes))]


def surround(ctx: Context, x: Array, y: Array, ends: Ends) -> None:
    """y = x with zeros around."""
    source, target = (_lines(array, len(ends)) for array in (x, y))
    front, top, left = [0] * (3 - len(ends)) + [before for before, _ in ends]
    ctx.call(kernels.reshaping.zero_pad, source, target, front, top, left * x.shape[-1])


def _lines(array: Array, axes: int) -> Array:
    """With 1 to 3 spatial axes and channels, as (n, depth, height, width * channels). A view."""
    n, *spatial, channels = array.shape
    *above, width = (1,) * (3 - axes) + tuple(spatial)
    return array.reshape(n, *above, width * channels)


class Padding(Moving):
    """Zeros around the spatial axes."""

    tells = True

    padding: Any

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        surround(ctx, inputs[0], ctx.output, self.padding)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.strided_copy.copy, gradients[0], inside(gradients[0], self.padding), dx, dx)


class ZeroPadding1D(rules.ZeroPadding1D, Padding):
    pass


class ZeroPadding2D(rules.ZeroPadding2D, Padding):
    pass


class ZeroPadding3D(rules.ZeroPadding3D, Padding):
    pass


class Cutting(Moving):
    """The inner part along the spatial axes."""

    tells = True

    cropping: Any

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.strided_copy.copy, inputs[0], inside(inputs[0], self.cropping), ctx.output, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            surround(ctx, gradients[0], dx, self.cropping)


class Cropping1D(rules.Cropping1D, Cutting):
    pass


class Cropping2D(rules.Cropping2D, Cutting):
    pass


class Cropping3D(rules.Cropping3D, Cutting):
    pass
