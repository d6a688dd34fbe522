"""Convolution layers: a window of weights slides over a sequence or an image. See also depthwise.py, transposed.py and volumes.py."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapecheck.layers.convolution as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Operator, Place, Sizes
from tinyseq.engine.pooled_gradient import Handed
from tinyseq.layers import fused
from tinyseq.layers.methods import ALSO_BACK, METHODS, KnownInput, fastest
from tinyseq.layers.normalized import normalized
from tinyseq.layers.windows import geometry, image, moves, window, window_shape

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.convolution.geometry import Geometry
    from tinyseq.kernels.runtime.calls import Calls


LARGE = (402, 402)
"""An image size at which Winograd's method is faster if it ever is."""


class Convolution(KnownInput):
    """forward and backward of Conv1D and Conv2D: directly, or by Winograd's method if that is faster. With

    strides, Winograd's method uses the folded image, and the gradient of the input is computed directly; or, with many channels, the
    phases of the image, all three passes.
    """

    tells = True
    leaves_activation = True
    turns = True
    crops = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def geometry(self: Any, x: Sizes) -> Geometry:
        """All sizes, for an input of shape x."""
        return geometry(
            x, self.filters, self.kernel_size, self.strides, self.padding, self.dilation_rate, self.groups
        )  # fmt: skip

    def cropped(self: Any, x: Sizes, output: Sizes) -> Geometry:
        """The same with the rows and columns that the output has: see Layer.crops."""
        rows, columns = output[1:3] if len(output) == 4 else (1, output[1])
        return self.geometry(x)._replace(rows=rows, columns=columns)  # type: ignore[no-any-return]

    def method(self: Any, x: Sizes) -> str:
        """The method of METHODS for an input of shape x: chosen by the layer's own input shape if that is known."""
        known = self.known_input()
        return fastest(self.geometry(known or x), known is not None)

    def tiles(self: Any) -> tuple[int, int]:
        """The sizes of Winograd's tiles for which weights are packed: forward, and for the gradient of the input."""
        known = self.known_input()
        return winograd_tiles(self.geometry(known)) if known else (4, 4)

    def derived(self: Any, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The kernel in the order in which a convolution reads it, and turned for the gradient of the input.

        While sizes are unknown, for two methods, because the choice depends on the image.
        """
        shape, known = window_shape(weights["kernel"]), self.known_input()
        method = self.method(known or (1, *(LARGE if len(self.strides) == 2 else LARGE[1:]), shape[2] * self.groups))
        found: dict[str, int] = {}
        if method == "winograd":
            tile, tile_back = self.tiles()
            found["winograd"] = kernels.winograd.forward_size(shape, tile)
            if training:
                found["winograd_backward"] = kernels.winograd.backward_size(shape, tile_back)
        elif method == "phases":
            found["phases"] = kernels.phase_winograd.forward_size(shape, self.strides)
            if training:
                found["phases_backward"] = kernels.phase_winograd.backward_size(shape, self.strides)
        elif method == "folded":
            found["folded"] = kernels.strided_winograd.forward_size(shape, self.strides)
        if not known or not found:
            found["direct"] = kernels.direct.forward_size(shape, self.groups)
        if training and ("direct" in found or method == "folded"):
            found["direct_backward"] = kernels.direct.backward_size(shape, *moves(self), self.groups)
        return found

    def prepare(self: Any, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        kernel, (strides, dilation) = window(weights["kernel"]), moves(self)
        for name, into in derived.items():
            if name == "winograd":
                calls.call(kernels.winograd.pack_forward, kernel, into)
            elif name == "winograd_backward":
                calls.call(kernels.winograd.pack_backward, kernel, into)
            elif name == "folded":
                calls.call(kernels.strided_winograd.pack_forward, kernel, strides, into)
            elif name == "phases":
                calls.call(kernels.phase_winograd.pack_forward, kernel, strides, into)
            elif name == "phases_backward":
                calls.call(kernels.phase_winograd.pack_backward, kernel, self.geometry(self.known_input()), into)
            elif name == "direct":
                calls.call(kernels.direct.pack_forward, kernel, self.groups, into)
            else:
                calls.call(kernels.direct.pack_backward, kernel, strides, dilation, self.groups, into)

    def with_normalization(self: Any, normalization: Operator, activation: str) -> Operator | None:
        return normalized(self, normalization, activation, "kernel") if fused.activation_name(self.activation) == "linear" else None

    def gradient_cost(self: Any, x: Sizes) -> int:
        """By Winograd's method a set is 36 / 9 or 64 / 9 as large before it is transformed back, and a multiply-add takes a
        quarter of the time or less: 1.8 ns a number (of 36), where a thread does 220 multiply-adds of the definition in 1 ns (Zen 4).
        """
        return 10 if self.method(x) == "direct" else 400

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        g = self.cropped(inputs[0], output)
        name = self.method(inputs[0])
        method = getattr(kernels, METHODS[name])
        back = method if name in ALSO_BACK else kernels.direct
        forward: dict[str, Place] = {"scratch": ((method.forward_scratch(g),), "float32")}
        backward = max(method.weight_gradient_scratch(g), back.input_gradient_scratch(g)) if training else 1
        saved = fused.saved_for(self.activation, output, training)
        return Buffers(saved, forward, {"scratch": ((backward,), "float32")})

    def handed_buffers(self: Any, x: Sizes, output: Sizes, handed: Handed) -> Buffers | None:
        g = self.geometry(x)
        if not fused.chosen_by_output(self.activation) or not kernels.gradient_before_pooling.fits(g, handed.window, *handed.shape[1:3]):
            return None
        forward = self.buffers((x,), output, False).forward
        backward: dict[str, Place] = {
            "scratch": ((kernels.gradient_before_pooling.scratch_size(g),), "float32"),
            "where": ((kernels.gradient_before_pooling.where_size(g, handed.window),), "int32"),
            "bits": ((kernels.gradient_before_pooling.bits_size(g, handed.window, handed.shape[2]),), "int64"),
        }
        return Buffers({}, forward, backward)

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        x, y, g = image(inputs[0]), image(ctx.output), self.cropped(inputs[0].shape, ctx.output.shape)
        name = self.method(inputs[0].shape)
        method, packed, direct = getattr(kernels, METHODS[name]), ctx.prepared(name), name == "direct"
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)

        def run(start: int, stop: int, part: int) -> None:
            scratch = ctx.scratch("scratch", part)
            if direct:
                ctx.call(method.forward, x, packed, bias, y, g, relu, scratch, start, stop)
            else:
                ctx.call(method.forward, x, packed, window(ctx.weight("kernel")), bias, y, g, relu, scratch, start, stop)

        tile = (kernels.winograd.tile_of(packed.size, g.channels, g.filters),) if name == "winograd" else ()
        ctx.split(run, method.units(g, y.shape[0], *tile), 2.0 * y.size * ctx.weight("kernel")[..., 0].size)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        if ctx.handed is not None:
            self.backward_of_chosen(ctx, ctx.handed, gradients[0])
            return
        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        g, name = self.cropped(ctx.inputs[0].shape, gradients[0].shape), self.method(ctx.inputs[0].shape)
        method = getattr(kernels, METHODS[name])
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        scratch = ctx.scratch("scratch")
        if dw is not None:
            ctx.call(method.weight_gradient, image(ctx.inputs[0]), dy, window(dw), g, scratch)
        if db is not None:
            ctx.call(kernels.dense.bias_gradient, dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            if name in ALSO_BACK:
                ctx.call(method.input_gradient, dy, ctx.prepared(f"{name}_backward"), window(ctx.weight("kernel")), image(dx), g, scratch)
            else:
                ctx.call(kernels.direct.input_gradient, dy, ctx.prepared("direct_backward"), image(dx), g, scratch)

    def backward_of_chosen(self: Any, ctx: Context, handed: Handed, gradient: Array) -> None:
        """backward where the gradient is that of max pooling after this layer: see engine/pooled_gradient.py."""
        dz = fused.slope(ctx, self.activation, gradient, handed.output)
        x, g = ctx.inputs[0], self.geometry(ctx.inputs[0].shape)
        scratch, bits, pooled = ctx.scratch("scratch"), ctx.scratch("bits"), kernels.gradient_before_pooling
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        if dw is not None:
            where = ctx.scratch("where")
            ctx.call(pooled.weight_gradient, x, dz, handed.chosen, dw, g, handed.window, scratch, where, bits)
        if db is not None:
            ctx.call(kernels.dense.bias_gradient, dz.reshape(-1, dz.shape[-1]), db)
        if dx is not None:
            ctx.call(pooled.input_gradient, dz, handed.chosen, ctx.weight("kernel"), dx, g, handed.window, scratch, bits)


@lru_cache(maxsize=512)
def winograd_tiles(g: Geometry) -> tuple[int, int]:
    """The sizes of tiles that suit the output, and the gradient of the input."""
    return kernels.winograd.tile_for(g.channels, g.rows, g.columns), kernels.winograd.tile_for(g.filters, g.height, g.width)


class Conv1D(rules.Conv1D, Convolution):
    pass


class Conv2D(rules.Conv2D, Convolution):
    pass
