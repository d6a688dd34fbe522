"""Layers that move values: Flatten, Reshape, Permute, RepeatVector, padding, cropping, upsampling.

Flatten and Reshape are views: the planner gives the same memory another shape, and nothing runs. The others are one
copy each, and their gradient is the copy the other way round (summed, where a value was repeated).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import reshaping as rules
from tinyseq import kernels
from tinyseq.layers.base import Array, Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Moving(Layer):
    """A layer that keeps nothing for backward."""

    needs_input = False
    needs_output = False


class Relabelling(Moving):
    """The same values in the same order under another shape."""

    def view(self, training: bool) -> bool:
        return True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        np.copyto(ctx.output, inputs[0].reshape(ctx.output.shape))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            np.copyto(dx, gradients[0].reshape(dx.shape))


class Flatten(rules.Flatten, Relabelling):
    pass


class Reshape(rules.Reshape, Relabelling):
    pass


class Permute(rules.Permute, Moving):
    def forward(self, ctx: Context, *inputs: Any) -> Any:
        np.copyto(ctx.output, inputs[0].transpose(0, *self.dims))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            np.copyto(dx.transpose(0, *self.dims), gradients[0])


class RepeatVector(rules.RepeatVector, Moving):
    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output[...] = inputs[0][:, None, :]
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            np.sum(gradients[0], axis=1, out=dx)


class Padding(Moving):
    """Zeros around the spatial axes."""

    padding: Any

    def _inside(self, padded: Array) -> Array:
        """The part of a padded array that the input fills."""
        ends = zip(self.padding, padded.shape[1:], strict=False)
        return padded[(slice(None), *(slice(before, size - after) for (before, after), size in ends))]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.output.fill(0)
        self._inside(ctx.output)[...] = inputs[0]
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            np.copyto(dx, self._inside(gradients[0]))


class ZeroPadding1D(rules.ZeroPadding1D, Padding):
    pass


class ZeroPadding2D(rules.ZeroPadding2D, Padding):
    pass


class ZeroPadding3D(rules.ZeroPadding3D, Padding):
    pass


class Cutting(Moving):
    """The inner part along the spatial axes."""

    cropping: Any

    def _inside(self, whole: Array) -> Array:
        """The part of an input that is kept."""
        ends = zip(self.cropping, whole.shape[1:], strict=False)
        return whole[(slice(None), *(slice(before, size - after) for (before, after), size in ends))]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        np.copyto(ctx.output, self._inside(inputs[0]))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            dx.fill(0)
            self._inside(dx)[...] = gradients[0]


class Cropping1D(rules.Cropping1D, Cutting):
    pass


class Cropping2D(rules.Cropping2D, Cutting):
    pass


class Cropping3D(rules.Cropping3D, Cutting):
    pass


class Stretching(Moving):
    """Every pixel repeated (nearest); one-dimensional inputs are images of width 1."""

    size: Any

    def _factors(self) -> tuple[int, int]:
        tall, wide = (*self.size, 1)[:2]
        return tall, wide

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        kernels.reshaping.upsample_nearest(_image(inputs[0]), _image(ctx.output), *self._factors())
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            kernels.reshaping.upsample_nearest_gradient(_image(gradients[0]), _image(dx), *self._factors())


def _image(array: Array) -> Array:
    """(n, steps, c) -> (n, steps, 1, c); images as they are. A view."""
    return array if array.ndim == 4 else array[:, :, None]


class UpSampling1D(rules.UpSampling1D, Stretching):
    pass


class UpSampling2D(rules.UpSampling2D, Stretching):
    def check_compute(self) -> None:
        if self.interpolation not in ("nearest", "bilinear"):
            raise NotImplementedError(
                f"{self.name}: interpolation={self.interpolation!r} is not computed yet: use 'nearest' or 'bilinear'"
            )

    def _taps(self, small: Array) -> tuple[Array, ...]:
        down, across = (kernels.reshaping.taps(small.shape[1 + i], self.size[i]) for i in (0, 1))
        return (*down, *across)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if self.interpolation == "nearest":
            return super().forward(ctx, *inputs)
        kernels.reshaping.upsample_bilinear(inputs[0], ctx.output, *self._taps(inputs[0]))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if self.interpolation == "nearest":
            super().backward(ctx, *gradients)
        elif dx is not None:
            kernels.reshaping.upsample_bilinear_gradient(gradients[0], dx, *self._taps(dx))
