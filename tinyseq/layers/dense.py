"""Dense: activation(x . kernel + bias) over the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapecheck.layers.dense as rules
from tinyseq.layers import fused
from tinyseq.layers.base import Array, Buffers, Layer, Sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class Dense(rules.Dense, Layer):
    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def prepare(self, weights: dict[str, Array], training: bool) -> dict[str, Array]:
        """The kernel as panels, and transposed ones for the gradient of the input."""
        from tinyseq.kernels import dense as kernels

        forward = {"forward": kernels.pack_forward(weights["kernel"])}
        return {**forward, "backward": kernels.pack_backward(weights["kernel"])} if training else forward

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        saved = fused.saved_for(self.activation, output, training)
        if not training:
            return Buffers(saved)
        from tinyseq.kernels import dense as kernels

        rows = 1
        for size in output[:-1]:
            rows *= size
        return Buffers(saved, backward={"panels": ((kernels.gradient_scratch(rows, output[-1]),), "float32")})

    def forward(self, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels import dense as kernels

        kernel = ctx.weight("kernel")
        bias = ctx.weight("bias") if self.use_bias else None
        x = inputs[0].reshape(-1, kernel.shape[0])  # (..., features) -> (rows, features)
        y = ctx.output.reshape(-1, kernel.shape[1])
        panels, relu = ctx.prepared("forward"), fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            kernels.forward(x, panels, bias, y, relu, start, stop)

        ctx.split(run, x.shape[0], 2 * x.size * kernel.shape[1])
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels import dense as kernels

        kernel = ctx.weight("kernel")
        dy = fused.slope(ctx, self.activation, gradients[0]).reshape(-1, kernel.shape[1])
        x = ctx.inputs[0].reshape(-1, kernel.shape[0])
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        if dw is not None:
            kernels.weight_gradient(x, dy, dw, ctx.scratch("panels"), 0, kernel.shape[0])
        if db is not None:
            kernels.bias_gradient(dy, db)
        if dx is not None:
            kernels.input_gradient(dy, ctx.prepared("backward"), dx.reshape(x.shape), 0, x.shape[0])
