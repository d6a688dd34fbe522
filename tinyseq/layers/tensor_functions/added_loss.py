"""AddedLoss: where add_loss() of a followed call() leaves its tensor: the output passes through, the tensor's sum is added to the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq import kernels
from tinyseq.engine.operator import Buffers, Sizes
from tinyseq.engine.penalty import SHARE
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class AddedLoss(Layer):
    """(output, loss) -> the output. A loss without a batch axis counts once for the batch: each shard adds its share of samples."""

    operation = True
    several_inputs = True
    tells = True
    shardable = True
    needs_input = False
    needs_output = False

    def __init__(self, of: Any, **options: Any) -> None:
        super().__init__(**options)
        self.of = of

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError(f"{self.of.name}: a model with add_loss() is saved by its class, not as a graph")

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        return Inference(inputs[0])

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers(partial=SHARE)

    def _share(self, ctx: Context) -> float:
        return len(ctx.inputs[0]) / ctx.batch if ctx.inputs[1].ndim == 0 else 1.0

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        ctx.call(kernels.penalty.add_up, inputs[1].reshape(-1), self._share(ctx), ctx.partial("loss"))
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx, dloss = ctx.input_gradient(0), ctx.input_gradient(1)
        if dx is not None:
            ctx.call(kernels.copying.copy_all, gradients[0], dx)
        if dloss is not None:
            ctx.call(kernels.penalty.fill, dloss.reshape(-1), np.float32(self._share(ctx)))
