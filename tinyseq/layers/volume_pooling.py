"""MaxPooling3D and AveragePooling3D: first inside each slice of a volume, then across slices, by the kernels of images.

    max over (l, i, j) = max over l of max over (i, j)           mean over (l, i, j) = mean over l of the mean over (i, j)

Both hold with padding too: it takes whole slices, rows and columns out of a window. The first of equal values is the same one, because
its place is first by slice, then by row and column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.layers import pooling as rules
from shapecheck.shapes import same_padding
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

    Window = tuple[int, int, int, int, int, int]


class Volumes(Layer):
    """What both share. Between the two steps are all slices, each as large as an output slice: the array "middle"."""

    needs_input = False
    needs_output = False
    turns = True
    pool_size: Any
    strides: Any
    padding: Any

    def windows(self, x: Sizes) -> tuple[Window, Window]:
        """The window inside a slice; and the one across slices, over images whose height is the depth, (rows * columns) wide."""
        before = [0, 0, 0]
        if self.padding == "same":
            before = [same_padding(*axis)[0] for axis in zip(x[1:4], self.pool_size, self.strides, strict=True)]
        (deep, tall, wide), (back, down, right) = self.pool_size, self.strides
        return (tall, wide, down, right, before[1], before[2]), (deep, 1, back, 1, before[0], 0)

    def middle(self, x: Sizes, output: Sizes) -> Sizes:
        """The shape between the two steps, as images of the slices."""
        return x[0] * x[1], *output[2:]


def slices(array: Array) -> Array:
    """(n, depth, height, width, channels) -> (n * depth, height, width, channels). A view."""
    return array.reshape(-1, *array.shape[2:])


def across(array: Array, samples: int) -> Array:
    """Slices (n, depth, ...) or (n * depth, ...) as images (n, depth, rows * columns, channels). A view."""
    *_, rows, columns, channels = array.shape
    return array.reshape(samples, -1, rows * columns, channels)


class MaxVolumes(Volumes):
    """The places of both steps are kept for backward."""

    tells = True

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        middle = self.middle(inputs[0], output)
        inside, through = (kernels.windows.index_dtype(window) for window in self.windows(inputs[0]))
        scratch: dict[str, Place] = {"middle": (middle, "float32")}
        return Buffers({"inside": (middle, inside), "across": (output, through)} if training else {}, scratch, scratch if training else {})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, samples, middle = inputs[0], inputs[0].shape[0], ctx.scratch("middle")
        inside, through = self.windows(x.shape)
        first = ctx.saved("inside") if ctx.training else kernels.windows.no_index(inside)
        second = across(ctx.saved("across"), samples) if ctx.training else kernels.windows.no_index(through)
        run, y = kernels.windows.max_pool, across(ctx.output, samples)
        rows = middle.shape[0] * middle.shape[1]
        ctx.split(lambda start, stop, part: ctx.call(run, slices(x), middle, first, inside, start, stop), rows, 8 * x.size)
        ctx.call(run, across(middle, samples), y, second, through, 0, samples * y.shape[1])
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        samples, middle, run = dx.shape[0], ctx.scratch("middle"), kernels.windows.max_pool_gradient
        inside, through = self.windows(dx.shape)
        dy, second = across(gradients[0], samples), across(ctx.saved("across"), samples)
        ctx.call(run, dy, second, across(middle, samples), through, 0, middle.shape[0])
        first, rows = ctx.saved("inside"), dx.shape[0] * dx.shape[1] * dx.shape[2]
        ctx.split(lambda start, stop, part: ctx.call(run, middle, first, slices(dx), inside, start, stop), rows, 8 * dx.size)


class AverageVolumes(Volumes):
    """The gradient is shared out across slices first, then inside each."""

    tells = True

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        scratch: dict[str, Place] = {"middle": (self.middle(inputs[0], output), "float32")}
        return Buffers({}, scratch, scratch if training else {})

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, samples, middle = inputs[0], inputs[0].shape[0], ctx.scratch("middle")
        inside, through = self.windows(x.shape)
        run, y = kernels.windows.average_pool, across(ctx.output, samples)
        rows = middle.shape[0] * middle.shape[1]
        ctx.split(lambda start, stop, part: ctx.call(run, slices(x), middle, inside, start, stop), rows, 8 * x.size)
        ctx.call(run, across(middle, samples), y, through, 0, samples * y.shape[1])
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        samples, middle, run = dx.shape[0], ctx.scratch("middle"), kernels.windows.average_pool_gradient
        inside, through = self.windows(dx.shape)
        ctx.call(run, across(gradients[0], samples), across(middle, samples), through, 0, middle.shape[0])
        rows = dx.shape[0] * dx.shape[1] * dx.shape[2]
        ctx.split(lambda start, stop, part: ctx.call(run, middle, slices(dx), inside, start, stop), rows, 8 * dx.size)


class MaxPooling3D(rules.MaxPooling3D, MaxVolumes):
    pass


class AveragePooling3D(rules.AveragePooling3D, AverageVolumes):
    pass
