"""Dense: activation(x . kernel + bias) over the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapecheck.layers.dense as rules

from tinyseq.layers import fused
from tinyseq.layers.base import Array, Buffers, Layer, Sizes

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

NO_BIAS = np.empty(0, np.float32)


class Dense(rules.Dense, Layer):
    __doc__ = rules.Dense.__doc__

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers(saved=fused.saved_for(self.activation, output, training))

    def forward(self, ctx: Context, *inputs: Array) -> Array:
        from tinyseq.kernels.dense_plain import dense_plain

        kernel = ctx.weight("kernel")
        bias = ctx.weight("bias") if self.use_bias else NO_BIAS
        x = inputs[0].reshape(-1, kernel.shape[0])  # (..., features) -> (rows, features)
        y = ctx.output.reshape(-1, kernel.shape[1])
        relu = fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            dense_plain(x, kernel, bias, y, relu, start, stop)

        ctx.split(run, x.shape[0], 2 * x.size * kernel.shape[1])
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Array) -> None:
        from tinyseq.kernels import dense_plain as kernels

        kernel = ctx.weight("kernel")
        gradient = fused.slope(ctx, self.activation, gradients[0]).reshape(-1, kernel.shape[1])
        x = ctx.inputs[0].reshape(-1, kernel.shape[0])
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        if dw is not None:
            kernels.dense_weight_gradient_plain(x, gradient, dw, 0, kernel.shape[0])
        if db is not None:
            kernels.bias_gradient(gradient, db)
        if dx is not None:
            kernels.dense_input_gradient_plain(gradient, kernel, dx.reshape(x.shape), 0, x.shape[0])
