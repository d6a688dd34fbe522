"""UpSampling: every value repeated, or values in between. The gradient is the adjoint: it adds up where values were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers import padding as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.moving import Moving

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Stretching(Moving):
    """Every pixel repeated (nearest); one-dimensional inputs are images of width 1."""

    tells = True

    size: Any

    def _factors(self) -> tuple[int, int]:
        tall, wide = (*self.size, 1)[:2]
        return tall, wide

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.reshaping.upsample_nearest, _image(inputs[0]), _image(ctx.output), *self._factors())
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            ctx.call(kernels.reshaping.upsample_nearest_gradient, _image(gradients[0]), _image(dx), *self._factors())


def _image(array: Array) -> Array:
    """(n, steps, c) -> (n, steps, 1, c); images as they are. A view."""
    return array if array.ndim == 4 else array[:, :, None]


class UpSampling1D(rules.UpSampling1D, Stretching):
    pass


class UpSampling2D(rules.UpSampling2D, Stretching):
    """Stretched by a whole number, "area" is "nearest": every output pixel lies inside one pixel of the input."""

    tells = True

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        if self.interpolation not in kernels.resampling.REACH:
            return Buffers()
        n, height, _, channels = inputs[0]
        middle: dict[str, Place] = {"middle": ((n, height, output[2], channels), "float32")}
        return Buffers({}, middle, middle if training else {})

    def _taps(self, small: Array) -> tuple[Array, ...]:
        down, across = (kernels.reshaping.taps(small.shape[1 + i], self.size[i]) for i in (0, 1))
        return (*down, *across)

    def _steps(self, small: Array) -> list[tuple[Array, Array]]:
        """Along columns, then along rows: where to read, and by which weights."""
        return [kernels.resampling.taps(small.shape[axis], self.size[axis - 1], self.interpolation) for axis in (2, 1)]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if self.interpolation in ("nearest", "area"):
            return super().forward(ctx, *inputs)
        if self.interpolation == "bilinear":
            ctx.call(kernels.reshaping.upsample_bilinear, inputs[0], ctx.output, *self._taps(inputs[0]))
            return ctx.output
        (n, height, width, channels), (across, down) = inputs[0].shape, self._steps(inputs[0])
        middle, run = ctx.scratch("middle"), kernels.resampling.resample
        ctx.call(run, inputs[0].reshape(n * height, width, channels), middle.reshape(n * height, -1, channels), *across)
        ctx.call(run, middle.reshape(n, height, -1), ctx.output.reshape(n, ctx.output.shape[1], -1), *down)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if self.interpolation in ("nearest", "area"):
            super().backward(ctx, *gradients)
        elif dx is not None and self.interpolation == "bilinear":
            ctx.call(kernels.reshaping.upsample_bilinear_gradient, gradients[0], dx, *self._taps(dx))
        elif dx is not None:
            (n, height, width, channels), (across, down) = dx.shape, self._steps(dx)
            middle, dy, run = ctx.scratch("middle"), gradients[0], kernels.resampling.resample_gradient
            ctx.call(run, dy.reshape(n, dy.shape[1], -1), middle.reshape(n, height, -1), *down)
            ctx.call(run, middle.reshape(n * height, -1, channels), dx.reshape(n * height, width, channels), *across)


class UpSampling3D(rules.UpSampling3D, Moving):
    """Stretched inside each slice, then slice by slice; "middle": the stretched slices, as many as went in."""

    tells = True

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        middle: dict[str, Place] = {"middle": ((inputs[0][0] * inputs[0][1], *output[2:]), "float32")}
        return Buffers({}, middle, middle if training else {})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        middle, run, (deep, tall, wide) = ctx.scratch("middle"), kernels.reshaping.upsample_nearest, self.size
        ctx.call(run, inputs[0].reshape(-1, *inputs[0].shape[2:]), middle, tall, wide)
        ctx.call(run, _lines(middle, inputs[0]), _lines(ctx.output, ctx.output), deep, 1)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            middle, run, (deep, tall, wide) = ctx.scratch("middle"), kernels.reshaping.upsample_nearest_gradient, self.size
            ctx.call(run, _lines(gradients[0], gradients[0]), _lines(middle, dx), deep, 1)
            ctx.call(run, middle, dx.reshape(-1, *dx.shape[2:]), tall, wide)


def _lines(array: Array, volume: Array) -> Array:
    """As many samples and slices as the volume has, each slice one line: (n, depth, 1, numbers). A view."""
    return array.reshape(*volume.shape[:2], 1, -1)
