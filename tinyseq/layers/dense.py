"""Dense: activation(x . kernel + bias) over the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapecheck.layers.dense as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Operator, Sizes
from tinyseq.layers import fused
from tinyseq.layers.base import Layer
from tinyseq.layers.normalized import normalized

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls


class Dense(rules.Dense, Layer):
    tells = True
    leaves_activation = True
    late = True
    """The weight gradient of a large layer is computed once for the whole batch, not for each shard (late_gradients)."""

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The kernel as panels, and transposed ones for the gradient of the input."""
        depth, units = weights["kernel"]
        found: dict[str, int] = kernels.dense.packed_sizes(depth, units, training)
        return found

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        calls.call(kernels.dense.pack_into, weights["kernel"], derived)

    def with_normalization(self, normalization: Operator, activation: str) -> Operator | None:
        return normalized(self, normalization, activation, "kernel") if fused.activation_name(self.activation) == "linear" else None

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        saved = fused.saved_for(self.activation, output, training)
        if not training:
            return Buffers(saved)
        rows = 1
        for size in output[:-1]:
            rows *= size
        return Buffers(saved, backward={"panels": ((kernels.dense.gradient_scratch(rows, output[-1]),), "float32")})

    def forward(self, ctx: Context, *inputs: Array) -> Array:
        kernel = ctx.weight("kernel")
        bias = ctx.weight("bias") if self.use_bias else None
        x = inputs[0].reshape(-1, kernel.shape[0])  # (..., features) -> (rows, features)
        y = ctx.output.reshape(-1, kernel.shape[1])
        panels, relu = kernels.dense.panels_for(kernel, ctx.prepared), fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernels.dense.forward, x, panels, bias, y, relu, start, stop)

        ctx.split(run, x.shape[0], 2 * x.size * kernel.shape[1])
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Array) -> None:
        kernel = ctx.weight("kernel")
        dy = fused.slope(ctx, self.activation, gradients[0]).reshape(-1, kernel.shape[1])
        x = ctx.inputs[0].reshape(-1, kernel.shape[0])
        self._add_weight_gradients(ctx, x, dy)
        dx = ctx.input_gradient()
        if dx is not None:
            panels, rows = ctx.prepared("backward"), dx.reshape(x.shape)

            def run(start: int, stop: int, part: int) -> None:
                ctx.call(kernels.dense.input_gradient, dy, panels, rows, start, stop)

            ctx.split(run, x.shape[0], 2 * x.size * kernel.shape[1])

    def late_gradients(self, ctx: Context, gradient: Array) -> None:
        features, units = ctx.weight("kernel").shape
        self._add_weight_gradients(ctx, ctx.inputs[0].reshape(-1, features), gradient.reshape(-1, units))

    def _add_weight_gradients(self, ctx: Context, x: Array, dy: Array) -> None:
        """dw += x^T dy, over threads by rows of w if the work is large; db += the sum of dy's rows. Fresh ones are written."""
        dw, db = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None
        if dw is not None:
            change = dw

            def run(start: int, stop: int, part: int) -> None:
                panels = ctx.scratch("panels", part)
                ctx.call(kernels.dense.weight_gradient, x, dy, change, panels, start, stop, not ctx.fresh)

            ctx.split(run, x.shape[1], 2 * x.size * dy.shape[1])
        if db is not None:
            if ctx.fresh:
                ctx.call(kernels.copying.clear_all, db)
            ctx.call(kernels.dense.bias_gradient, dy, db)
