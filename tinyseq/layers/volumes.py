"""Conv3D and Conv3DTranspose: the same kernels, with the roles of forward and the gradient of the input exchanged.

3x3x3 windows of stride 1 use Winograd's method where it is faster, everything else is computed directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapecheck.layers.convolution as rules
import shapecheck.layers.transposed as transposed_rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers import fused
from tinyseq.layers.methods import KnownInput
from tinyseq.layers.windows import volume

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.convolution.volume_geometry import Volume
    from tinyseq.kernels.runtime.calls import Calls


class Volumes(KnownInput):
    """forward and backward of both. Weights are packed "straight", as a convolution reads them, and "turned" for its input's gradient."""

    tells = True
    leaves_activation = True
    turns = True
    transposed: bool
    """Forward is the gradient of a convolution's input."""

    def check_compute(self) -> None:
        fused.refuse_not_yet(self)

    def volume(self: Any, x: Sizes, y: Sizes) -> Volume:
        """All sizes of the convolution from x to y, or for a transposed one from y to x."""
        larger, smaller = (y, x) if self.transposed else (x, y)
        groups = 1 if self.transposed else self.groups
        return volume(larger, smaller, self.kernel_size, self.strides, self.padding, self.dilation_rate, groups)

    def method(self: Any) -> Any:
        """The kernels that are the fastest for the known input shape; the direct ones while sizes are unknown."""
        known = self.known_input()
        if known is None:
            return kernels.volume
        v = self.volume(known, self.output_for(known))
        return kernels.volume_winograd if kernels.volume_winograd.fits(v) and kernels.volume_winograd.wins(v) else kernels.volume

    def packs(self: Any, training: bool) -> tuple[str, ...]:
        """How weights are packed for forward, and for the gradient of the input."""
        names = ("turned", "straight") if self.transposed else ("straight", "turned")
        return names if training else names[:1]

    def derived(self: Any, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        shape, groups, method = weights["kernel"], 1 if self.transposed else self.groups, self.method()
        sizes = {
            "straight": method.forward_size(shape, groups),
            "turned": method.backward_size(shape, self.strides, self.dilation_rate, groups),
        }
        return {name: sizes[name] for name in self.packs(training)}

    def prepare(self: Any, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        kernel, groups, method = weights["kernel"], 1 if self.transposed else self.groups, self.method()
        for name, into in derived.items():
            if name == "straight":
                calls.call(method.pack_forward, kernel, groups, into)
            else:
                calls.call(method.pack_backward, kernel, self.strides, self.dilation_rate, groups, into)

    def passes(self) -> tuple[Any, Any]:
        """(kernel, units) of forward, and of the gradient of the input."""
        method = self.method()
        straight = method.forward, method.units
        turned = method.transposed, method.transposed_units
        return (turned, straight) if self.transposed else (straight, turned)

    def buffers(self: Any, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        v, method = self.volume(inputs[0], output), self.method()
        sizes = method.forward_scratch(v), method.input_gradient_scratch(v)
        forward, back = sizes[::-1] if self.transposed else sizes
        backward = max(back, method.weight_gradient_scratch(v)) if training else 1
        saved = fused.saved_for(self.activation, output, training)
        return Buffers(saved, {"scratch": ((forward,), "float32")}, {"scratch": ((backward,), "float32")})

    def forward(self: Any, ctx: Context, *inputs: Array) -> Array:
        x, y, v = inputs[0], ctx.output, self.volume(inputs[0].shape, ctx.output.shape)
        bias, relu = ctx.weight("bias") if self.use_bias else None, fused.fuses_relu(ctx, self.activation)
        packed, (kernel, units) = ctx.prepared(self.packs(False)[0]), self.passes()[0]

        def run(start: int, stop: int, part: int) -> None:
            ctx.call(kernel, x, packed, bias, y, v, relu, ctx.scratch("scratch", part), start, stop)

        smaller = x if self.transposed else y
        ctx.split(run, units(v, x.shape[0]), 2.0 * smaller.size * ctx.weight("kernel").size / smaller.shape[-1])
        fused.activate(ctx, self.activation)
        return ctx.output

    def backward(self: Any, ctx: Context, *gradients: Array) -> None:
        dy, x = fused.slope(ctx, self.activation, gradients[0]), ctx.inputs[0]
        v, scratch = self.volume(x.shape, dy.shape), ctx.scratch("scratch")
        dw, db, dx = ctx.gradient("kernel"), ctx.gradient("bias") if self.use_bias else None, ctx.input_gradient()
        if dw is not None:
            ctx.call(self.method().weight_gradient, *((dy, x) if self.transposed else (x, dy)), dw, v, scratch)
        if db is not None:
            ctx.call(kernels.dense.bias_gradient, dy.reshape(-1, dy.shape[-1]), db)
        if dx is not None:
            packed, (kernel, units) = ctx.prepared(self.packs(True)[1]), self.passes()[1]
            ctx.call(kernel, dy, packed, None, dx, v, False, scratch, 0, units(v, dy.shape[0]))


class Conv3D(rules.Conv3D, Volumes):
    transposed = False


class Conv3DTranspose(transposed_rules.Conv3DTranspose, Volumes):
    transposed = True
