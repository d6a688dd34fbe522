"""Max and average pooling, sliding and global: over kernels/pooling/windows.py. Rules: shapecheck.layers.pooling.

A one-dimensional input is an image of height 1, a global pooling one window as large as the image. Volumes: volume_pooling.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import pooling as rules
from shapecheck.shapes import same_padding
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.engine.pooled_gradient import Handed
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

    Window = tuple[int, int, int, int, int, int]

READ = 8
"""Floating point operations that take as long as reading one number: the cost of pooling, for deciding on threads."""


def image_sizes(shape: Sizes) -> Sizes:
    """A shape seen as images: a sequence has height 1, in a volume all columns of a slice are one row."""
    return (*shape[:2], shape[2] * shape[3], shape[4]) if len(shape) == 5 else shape if len(shape) == 4 else (shape[0], 1, *shape[1:])


def image(array: Array) -> Array:
    """As `image_sizes`. A view."""
    return array.reshape(image_sizes(array.shape))


class Pool(Layer):
    """Common code of sliding and global pools: the window over the input seen as images."""

    needs_output = False
    turns = True

    def window(self, height: int, width: int) -> Window:
        """(rows, columns, their strides, padding above and on the left) over images of that size."""
        raise NotImplementedError

    def outputs(self, sizes: Sizes, output: Sizes) -> Sizes:
        """The output's shape seen as images: (n, rows, columns, channels)."""
        raise NotImplementedError


class Sliding(Pool):
    """Pools whose windows slide."""

    pool_size: Any
    strides: Any
    padding: Any

    def window(self, height: int, width: int) -> Window:
        tall, wide = (1, *self.pool_size)[-2:]
        down, right = (1, *self.strides)[-2:]
        if self.padding != "same":
            return tall, wide, down, right, 0, 0
        return tall, wide, down, right, same_padding(height, tall, down)[0], same_padding(width, wide, right)[0]

    def outputs(self, sizes: Sizes, output: Sizes) -> Sizes:
        return image_sizes(output)

    def reads(self, x: Sizes, output: Sizes) -> Sizes:
        if self.padding == "same":
            return x
        axes = zip(output[1:-1], self.pool_size, self.strides, strict=True)
        return x[0], *((count - 1) * step + size for count, size, step in axes), x[-1]


class Global(Pool):
    """Pools over the whole image."""

    def window(self, height: int, width: int) -> Window:
        return height, width, 1, 1, 0, 0

    def outputs(self, sizes: Sizes, output: Sizes) -> Sizes:
        return sizes[0], 1, 1, sizes[3]


class Max(Pool):
    """y = the greatest value of the window; its gradient goes to the first position of it, which forward keeps. Wherever a backward
    pass follows, the plan runs forward as in training."""

    tells = True
    needs_input = False

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        sizes = image_sizes(inputs[0])
        window = self.window(*sizes[1:3])
        kind = np.uint8 if window[0] * window[1] <= 256 else np.int32
        index: dict[str, Place] = {"index": (self.outputs(sizes, output), kind)}
        return Buffers(index if training else {})

    def hands_back(self, x: Sizes, output: Sizes) -> Handed | None:
        window = self.window(*image_sizes(x)[1:3])
        return Handed(window, output) if len(x) == len(output) == 4 and window[0] * window[1] <= 256 else None

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x = image(inputs[0])
        y = ctx.output.reshape(self.outputs(x.shape, ctx.output.shape))
        window = self.window(x.shape[1], x.shape[2])
        index = ctx.saved("index") if ctx.training else kernels.windows.no_index(window)
        run = kernels.windows.max_pool
        ctx.split(lambda start, stop, part: ctx.call(run, x, y, index, window, start, stop), y.shape[0] * y.shape[1], READ * x.size)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is None:
            return
        dx = image(place)
        dy = gradients[0].reshape(self.outputs(dx.shape, gradients[0].shape))
        window, index = self.window(dx.shape[1], dx.shape[2]), ctx.saved("index")
        run, rows = kernels.windows.max_pool_gradient, dx.shape[0] * dx.shape[1]
        ctx.split(lambda start, stop, part: ctx.call(run, dy, index, dx, window, start, stop), rows, READ * dx.size)


class Average(Pool):
    """y = the mean of the window's places inside the image; its gradient is divided equally among them."""

    tells = True
    needs_input = False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x = image(inputs[0])
        y = ctx.output.reshape(self.outputs(x.shape, ctx.output.shape))
        window = self.window(x.shape[1], x.shape[2])
        run = kernels.windows.average_pool
        ctx.split(lambda start, stop, part: ctx.call(run, x, y, window, start, stop), y.shape[0] * y.shape[1], READ * x.size)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is None:
            return
        dx = image(place)
        dy = gradients[0].reshape(self.outputs(dx.shape, gradients[0].shape))
        window = self.window(dx.shape[1], dx.shape[2])
        run, rows = kernels.windows.average_pool_gradient, dx.shape[0] * dx.shape[1]
        ctx.split(lambda start, stop, part: ctx.call(run, dy, dx, window, start, stop), rows, READ * dx.size)


class MaxPooling1D(rules.MaxPooling1D, Max, Sliding):
    pass


class MaxPooling2D(rules.MaxPooling2D, Max, Sliding):
    pass


class AveragePooling1D(rules.AveragePooling1D, Average, Sliding):
    pass


class AveragePooling2D(rules.AveragePooling2D, Average, Sliding):
    pass


class GlobalMaxPooling1D(rules.GlobalMaxPooling1D, Max, Global):
    pass


class GlobalMaxPooling2D(rules.GlobalMaxPooling2D, Max, Global):
    pass


class GlobalAveragePooling1D(rules.GlobalAveragePooling1D, Average, Global):
    tells = True
    takes_mask = True

    def masking(self, masked: tuple[bool, ...], outputs: int) -> tuple[Any, ...]:
        return (None,)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if ctx.mask is None:
            return super().forward(ctx, *inputs)
        x = inputs[0]
        ctx.call(kernels.masks.mean, x, ctx.mask, ctx.output.reshape(len(x), -1))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None or ctx.mask is None:
            super().backward(ctx, *gradients)
        else:
            ctx.call(kernels.masks.mean_gradient, gradients[0].reshape(len(dx), -1), ctx.mask, dx)


class GlobalAveragePooling2D(rules.GlobalAveragePooling2D, Average, Global):
    pass


class GlobalMaxPooling3D(rules.GlobalMaxPooling3D, Max, Global):
    pass


class GlobalAveragePooling3D(rules.GlobalAveragePooling3D, Average, Global):
    pass
