"""Terms that layers add to the loss besides the loss function: penalties on their outputs.

The planner puts a Penalty after a layer whose `activity_penalty` is one: it passes numbers on, and leaves each shard's share of the
penalty, divided by the samples of the batch as in Keras, in ctx.partial("loss"), where the engine adds the shares up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.context import Context
from tinyseq.engine.operator import Array, Buffers, Operator, Place, Sizes
from tinyseq.weights.regularizers import L1L2

SHARE: dict[str, Place] = {"loss": ((1,), np.float64)}
"""One shard's share of a loss."""


class Penalty(Operator):
    """(...) -> (...): the same numbers; a regularizer of them is added to the loss."""

    tells = True
    shardable = True
    needs_input = False

    def __init__(self, of: Operator, regularizer: Any) -> None:
        super().__init__(name=f"{of.name}_penalty")
        self.of = of
        self.regularizer = regularizer

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers(partial=SHARE)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        if type(self.regularizer).add_gradient is L1L2.add_gradient:
            l1, l2 = self.regularizer.l1 / ctx.batch, self.regularizer.l2 / ctx.batch
            ctx.call(kernels.penalty.penalize, ctx.output.reshape(-1), l1, l2, ctx.partial("loss"))
        else:
            ctx.python(_by_python, self.regularizer)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        if type(self.regularizer).add_gradient is L1L2.add_gradient:
            l1, l2 = np.float32(self.regularizer.l1 / ctx.batch), np.float32(self.regularizer.l2 / ctx.batch)
            flat = gradients[0].reshape(-1), ctx.output.reshape(-1), dx.reshape(-1)
            ctx.call(kernels.penalty.penalize_gradient, *flat, l1, l2)
        else:
            ctx.python(_gradient_by_python, self.regularizer)


def _by_python(ctx: Context, regularizer: Any) -> None:
    """A regularizer of the user's own."""
    ctx.partial("loss")[0] = regularizer.penalty(ctx.output) / ctx.batch


def _gradient_by_python(ctx: Context, regularizer: Any) -> None:
    change: Array = np.zeros_like(ctx.output)
    regularizer.add_gradient(ctx.output, change)
    np.add(ctx.output_gradients[0], change / np.float32(ctx.batch), out=ctx.input_gradient())
