"""Joining several inputs: Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate.

Element by element with numpy's broadcasting, one pass for each input; the gradient of a repeated input is summed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import merging as rules
from tinyseq import kernels
from tinyseq.layers.base import Array, Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


def with_rank(x: Array, rank: int) -> Array:
    """A view with that many axes: the missing ones come after the batch, with size 1."""
    return x.reshape(x.shape[0], *(1,) * (rank - x.ndim), *x.shape[1:])


def given(inputs: tuple[Any, ...]) -> list[Array]:
    """The inputs, with as many axes as the one that has most."""
    rank = max(x.ndim for x in inputs)
    return [with_rank(x, rank) for x in inputs]


class Linear(Layer):
    """A sum of the inputs, each with its own factor: the gradients are dy with the same factors."""

    needs_input = False
    needs_output = False

    def factors(self, count: int) -> list[float]:
        """What each input is multiplied with."""
        return [1.0] * count

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dy = gradients[0]
        for i, factor in enumerate(self.factors(len(ctx.inputs))):
            dx = ctx.input_gradient(i)
            if dx is not None:
                kernels.merging.unbroadcast(dy, with_rank(dx, dy.ndim))
                if factor != 1.0:
                    dx *= np.float32(factor)


class Add(rules.Add, Linear):
    """Of inputs of one shape (a residual connection) by kernels, so that it can be replayed."""

    replayable = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if any(x.shape != ctx.output.shape for x in inputs):
            ctx.unplayable = True
            kernels.merging.fold(np.add, given(inputs), ctx.output)
            return ctx.output
        kernels.copying.copy_all(inputs[0], ctx.output)
        for x in inputs[1:]:
            kernels.copying.add_all(x, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        if any(x.shape != gradients[0].shape for x in ctx.inputs):
            ctx.unplayable = True
            super().backward(ctx, *gradients)
            return
        for i in range(len(ctx.inputs)):
            dx = ctx.input_gradient(i)
            if dx is not None:
                kernels.copying.copy_all(gradients[0], dx)


class Subtract(rules.Subtract, Linear):
    def factors(self, count: int) -> list[float]:
        return [1.0, -1.0]

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        kernels.merging.fold(np.subtract, given(inputs), ctx.output)
        return ctx.output


class Average(rules.Average, Linear):
    def factors(self, count: int) -> list[float]:
        return [1.0 / count] * count

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        kernels.merging.fold(np.add, given(inputs), ctx.output)
        np.divide(ctx.output, np.float32(len(inputs)), out=ctx.output)
        return ctx.output


class Multiply(rules.Multiply, Layer):
    needs_output = False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        kernels.merging.fold(np.multiply, given(inputs), ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        inputs, product = given(ctx.inputs), np.empty_like(gradients[0])
        for i in range(len(inputs)):
            dx = ctx.input_gradient(i)
            if dx is not None:
                kernels.merging.product_but(inputs, i, gradients[0], product)
                kernels.merging.unbroadcast(product, with_rank(dx, product.ndim))


class Extreme(Layer):
    """The greatest or the least of the inputs; all of the gradient goes to the first that is it."""

    needs_output = False
    largest = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        kernels.merging.fold(np.maximum if self.largest else np.minimum, given(inputs), ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dy, inputs = gradients[0], given(ctx.inputs)
        places = [ctx.input_gradient(i) for i in range(len(inputs))]
        wide = [None if dx is None else with_rank(dx, dy.ndim) for dx in places]
        kernels.merging.chosen_gradients(inputs, self.largest, dy, wide)


class Maximum(rules.Maximum, Extreme):
    pass


class Minimum(rules.Minimum, Extreme):
    largest = False


class Concatenate(rules.Concatenate, Layer):
    needs_input = False
    needs_output = False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        np.concatenate(inputs, axis=self.axis, out=ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        start, dy = 0, np.moveaxis(gradients[0], self.axis, 0)
        for i, x in enumerate(ctx.inputs):
            size, dx = x.shape[self.axis], ctx.input_gradient(i)
            if dx is not None:
                np.copyto(np.moveaxis(dx, self.axis, 0), dy[start : start + size])
            start += size
