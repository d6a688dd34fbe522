"""Transposed convolutions: forward is the gradient of a convolution's input, and the gradient of the input is that convolution.

So they have the kernels of Conv1D and Conv2D, with the roles exchanged: the larger image, the output, is that convolution's input
x, and the input is its output y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapecheck.layers.transposed as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers import fused
from tinyseq.layers.methods import ALSO_BACK, METHODS, KnownInput, fastest
from tinyseq.layers.windows import geometry, image, moves, window, window_shape

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.convolution.geometry import Geometry
    from tinyseq.kernels.runtime.calls import Calls


class Transposed(KnownInput):
    """forward and backward of Conv1DTranspose and Conv2DTranspose: directly, or by Winograd's method where that is faster: for 3x3
    windows of stride 1, for windows of two to three strides with many channels (phases), with few (folded) for the gradients only."""

    tells = True
    leaves_activation = True
    turns = True

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def geometry(self: Any, x: Sizes, y: Sizes) -> Geometry:
        """All sizes of the convolution from y, the output of this layer, to x, its input."""
        channels = x[-1]
        g = geometry(y, channels, self.kernel_size, self.strides, self.padding, self.dilation_rate, 1)
        rows, columns = x[1:3] if len(x) == 4 else (1, x[1])
        return g._replace(rows=rows, columns=columns)

    def method(self: Any) -> str:
        """Which of METHODS computes the gradients; "direct" while sizes are unknown."""
        known = self.known_input()
        return "direct" if known is None else fastest(self.geometry(known, self.output_for(known)))

    def derived(self: Any, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The kernel turned for the way forward, and as it is for the gradient of the input."""
        shape, method = window_shape(weights["kernel"]), self.method()
        if method == "winograd":
            known = self.known_input()
            tile, tile_back = winograd_tiles(self.geometry(known, self.output_for(known)))
            found = {"winograd": kernels.winograd.backward_size(shape, tile)}
            return found | ({"winograd_backward": kernels.winograd.forward_size(shape, tile_back)} if training else {})
        if method == "phases":
            found = {"phases": kernels.phase_winograd.backward_size(shape, self.strides)}
            return found | ({"phases_backward": kernels.phase_winograd.forward_size(shape, self.strides)} if training else {})
        found = {"direct": kernels.direct.backward_size(shape, *moves(self), 1)}
        if not training:
            return found
        if method == "folded":
            return found | {"folded_backward": kernels.strided_winograd.forward_size(shape, self.strides)}
        return found | {"direct_backward": kernels.direct.forward_size(shape, 1)}

    def prepare(self: Any, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        kernel = window(weights["kernel"])
        for name, into in derived.items():
            if name == "winograd":
                calls.call(kernels.winograd.pack_backward, kernel, into)
            elif name == "winograd_backward":
                calls.call(kernels.winograd.pack_forward, kernel, into)
            elif name == "phases":
                known = self.known_input()
                calls.call(kernels.phase_winograd.pack_backward, kernel, self.geometry(known, self.output_for(known)), into)
            elif name == "phases_backward":
                calls.call(kernels.phase_winograd.pack_forward, kernel, self.strides, into)
            elif name == "direct":
                calls.call(kernels.direct.pack_backward, kernel, *moves(self), 1, into)
            elif name == "folded_backward":
                calls.call(kernels.strided_winograd.pack_forward, kernel, self.strides, into)
            else:
                calls.call(kernels.direct.pack_forward, kernel, 1, into)

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        g, name = self.geometry(inputs[0], output), self.method()
        method = getattr(kernels, METHODS[name])
        forward = method if name in ALSO_BACK else kernels.direct
        backward = max(method.weight_gradient_scratch(g), method.forward_scratch(g)) if training else 1
        return Buffers(
            fused.saved_for(self.activation, output, training),
            {"scratch": ((forward.input_gradient_scratch(g),), "float32")},
            {"scratch": ((backward,), "float32")},
        )

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        x, y, g = image(inputs[0]), image(ctx.output), self.geometry(inputs[0].shape, ctx.output.shape)
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)
        name, batch = self.method(), x.shape[0]
        direct = name not in ALSO_BACK
        method, packed = kernels.direct if direct else getattr(kernels, METHODS[name]), ctx.prepared("direct" if direct else name)

        def run(start: int, stop: int, part: int) -> None:
            scratch = ctx.scratch("scratch", part)
            if direct:
                ctx.call(method.transposed, x, packed, bias, y, g, relu, scratch, start, stop)
            else:
                ctx.call(method.transposed, x, packed, window(ctx.weight("kernel")), bias, y, g, relu, scratch, start, stop)

        tile = (kernels.winograd.backward_tile(packed, g),) if name == "winograd" else ()
        ctx.split(run, method.transposed_units(g, batch, *tile), 2.0 * x.size * ctx.weight("kernel")[..., 0].size)
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        dy = image(fused.slope(ctx, self.activation, gradients[0]))
        x, g, name = image(ctx.inputs[0]), self.geometry(ctx.inputs[0].shape, gradients[0].shape), self.method()
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        scratch, method = ctx.scratch("scratch"), getattr(kernels, METHODS[name])
        if dw is not None:
            ctx.call(method.weight_gradient, dy, x, window(dw), g, scratch)
        if db is not None:
            ctx.call(kernels.dense.bias_gradient, dy.reshape(-1, dy.shape[-1]), db)
        if dx is None:
            return
        packed, batch = ctx.prepared(f"{name}_backward"), x.shape[0]
        if name == "direct":
            ctx.call(method.forward, dy, packed, None, image(dx), g, False, scratch, 0, method.units(g, batch))
            return
        tile = (method.tile_of(packed.size, g.channels, g.filters),) if name == "winograd" else ()
        units, w = method.units(g, batch, *tile), window(ctx.weight("kernel"))
        ctx.call(method.forward, dy, packed, w, None, image(dx), g, False, scratch, 0, units)


def winograd_tiles(g: Geometry) -> tuple[int, int]:
    """The sizes of tiles that suit the output of the layer, and the gradient of its input."""
    return kernels.winograd.tile_for(g.filters, g.height, g.width), kernels.winograd.tile_for(g.channels, g.rows, g.columns)


class Conv1DTranspose(rules.Conv1DTranspose, Transposed):
    pass


class Conv2DTranspose(rules.Conv2DTranspose, Transposed):
    pass
