"""CustomScaleLayer and LayerScale, which Keras uses inside InceptionResNetV2 and ConvNeXt. Rules: shapecheck.layers.residual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import residual as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.fused import repeated
from tinyseq.layers.merging import Linear

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class CustomScaleLayer(rules.CustomScaleLayer, Linear):
    tells = True
    shardable = True

    def factors(self, count: int) -> list[float]:
        return [1.0, self.scale]

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        found = super().buffers(inputs, output, training)
        found.forward["scaled"] = (inputs[1], np.float32)
        return found

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        first, second = inputs
        scaled = ctx.scratch("scaled")
        ctx.call(kernels.merging.scale, second.reshape(-1), np.float32(self.scale), scaled.reshape(-1))
        return self.join(ctx, kernels.merging.add, (first, scaled))


class LayerScale(rules.LayerScale, Layer):
    tells = True
    shardable = True
    needs_output = False

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers(backward={"product": (output, np.float32), "change": (output[-1:], np.float32)})

    def _scale(self, ctx: Context, x: Array, y: Array) -> None:
        """y = x gamma, for every position."""
        gamma = ctx.weight("gamma")
        rows = x.reshape(-1, gamma.size), y.reshape(-1, gamma.size)
        run = kernels.preprocessing.unstandardize
        ctx.split(
            lambda start, stop, part: ctx.call(run, rows[0][start:stop], repeated(0.0, gamma.size), gamma, rows[1][start:stop]),
            len(rows[0]),
            x.size,
        )

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        self._scale(ctx, inputs[0], ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dy, x, dx, change = gradients[0], ctx.inputs[0], ctx.input_gradient(), ctx.gradient("gamma")
        if change is not None:
            product = ctx.scratch("product")
            ctx.call(kernels.merging.multiply, dy.reshape(-1), x.reshape(-1), product.reshape(-1))
            ctx.call(kernels.merging.sum_repeated, product.reshape(-1, change.size), ctx.scratch("change").reshape(1, -1))
            ctx.call(kernels.copying.add_all, ctx.scratch("change"), change)
        if dx is not None:
            self._scale(ctx, dy, dx)


MODULES = {LayerScale: "keras.src.applications.convnext", CustomScaleLayer: "keras.src.applications.inception_resnet_v2"}
"""Where Keras has them, and its files say so."""


def find(module: object, name: str) -> type[Layer] | None:
    """The layer that Keras has in that module, or None."""
    return next((kind for kind, home in MODULES.items() if (home, kind.__name__) == (module, name)), None)
