"""Noise in training, nothing at inference: Dropout and its relatives. Rules: shapecheck.layers.regularization.

At inference they are views: nothing runs. ctx.drawn selects separate random numbers for each layer, call and shard,
so a mask does not depend on the number of threads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import regularization as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.core import Identity
from tinyseq.weights.regularizers import L1L2

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

STATE: Place = (20,), np.uint64
"""The scratch of the random numbers: kernels/elementwise/philox.py, STATE."""
ALPHA = -1.6732632423543772 * 1.0507009873554805
"""Where a SELU saturates: the value that alpha dropout puts in place of a dropped one."""


def scale_of(rate: float) -> np.float32:
    """The factor of kept values, which preserves the mean."""
    return np.float32(0 if rate == 1 else 1 / (1 - rate))


class Noise(Layer):
    """A layer that draws random numbers in training and otherwise returns its input."""

    tells = True
    needs_input = False
    needs_output = False
    random = True

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return True

    def strength(self) -> float:
        """0: nothing is drawn."""
        raise NotImplementedError

    def view(self, training: bool) -> bool:
        return not training or self.strength() == 0

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if self.view(ctx.training):
            ctx.call(kernels.copying.copy_all, inputs[0], ctx.output)
        else:
            self.disturb(ctx, inputs[0])
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        if self.view(ctx.training):
            ctx.call(kernels.copying.copy_all, gradients[0], dx)
        else:
            self.disturb_gradient(ctx, gradients[0], dx)

    def disturb(self, ctx: Context, x: Array) -> None:
        """ctx.output from x, in training."""
        raise NotImplementedError

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        """dx from dy, in training."""
        raise NotImplementedError


class Dropping(Noise):
    """Noise that is a mask of places to keep."""

    rate: Any

    def strength(self) -> float:
        return float(self.rate)

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return self.mask_sizes(shapes[0]) == shapes[0]

    def mask_sizes(self, shape: Sizes) -> Sizes:
        """The shape in which the mask is drawn; axes of size 1 are dropped together."""
        return shape

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        if self.view(training):
            return Buffers()
        drawn = self.mask_sizes(output)
        spread: dict[str, Place] = {} if drawn == output else {"spread": (output, np.float32)}
        return Buffers({"keep": (output, np.uint8)}, {"uniform": (drawn, np.float32), "state": STATE, **spread})

    def scale(self) -> np.float32:
        """The factor of kept values."""
        return scale_of(self.rate)

    def draw(self, ctx: Context) -> Array:
        """The mask of this call, flat."""
        uniform, keep = ctx.scratch("uniform"), ctx.saved("keep")
        ctx.call(kernels.philox.uniform, kernels.philox.seed_words(ctx.seed), ctx.drawn, ctx.scratch("state"), uniform.reshape(-1))
        if uniform.shape != keep.shape:
            spread = ctx.scratch("spread")
            ctx.call(kernels.strided_copy.copy, uniform, np.broadcast_to(uniform, keep.shape), spread, spread)
            uniform = spread
        ctx.call(kernels.dropout.draw, uniform.reshape(-1), np.float32(self.rate), keep.reshape(-1))
        return keep.reshape(-1)

    def disturb(self, ctx: Context, x: Array) -> None:
        ctx.call(kernels.dropout.drop, x.reshape(-1), self.draw(ctx), self.scale(), ctx.output.reshape(-1))

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        ctx.call(kernels.dropout.drop, dy.reshape(-1), ctx.saved("keep").reshape(-1), self.scale(), dx.reshape(-1))


class WithNoiseShape(Dropping):
    """Dropping with Keras's noise_shape: None for an axis of the input's size, 1 for one that is dropped together."""

    noise_shape: Any

    def check_compute(self) -> None:
        if self.noise_shape is not None and self.noise_shape[0] is not None:
            raise NotImplementedError(
                f"{self.name}: noise_shape={self.noise_shape} is not computed: its first entry is the batch, write None"
            )

    def mask_sizes(self, shape: Sizes) -> Sizes:
        if self.noise_shape is None:
            return shape
        return tuple(size if wish is None else wish for wish, size in zip(self.noise_shape, shape, strict=True))


class Dropout(rules.Dropout, WithNoiseShape):
    pass


class DroppingChannels(Dropping):
    """Whole channels are dropped."""

    def mask_sizes(self, shape: Sizes) -> Sizes:
        return (shape[0], *(1,) * (len(shape) - 2), shape[-1])


class SpatialDropout1D(rules.SpatialDropout1D, DroppingChannels):
    pass


class SpatialDropout2D(rules.SpatialDropout2D, DroppingChannels):
    pass


class SpatialDropout3D(rules.SpatialDropout3D, DroppingChannels):
    pass


class AlphaDropout(rules.AlphaDropout, WithNoiseShape):
    def scale(self) -> np.float32:
        if self.rate == 1:
            return np.float32(0)
        return np.float32(1 / math.sqrt((1 - self.rate) * (1 + self.rate * ALPHA**2)))

    def disturb(self, ctx: Context, x: Array) -> None:
        scale = self.scale()
        numbers = np.float32(ALPHA), scale, np.float32(-scale * ALPHA * self.rate)
        ctx.call(kernels.dropout.drop_to, x.reshape(-1), self.draw(ctx), *numbers, ctx.output.reshape(-1))


class Gaussian(Noise):
    """Noise of normal numbers."""

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers() if self.view(training) else Buffers({"noise": (output, np.float32)}, {"state": STATE})

    def draw(self, ctx: Context, deviation: float, mean: float) -> Array:
        """Normal numbers, flat; they are kept until backward."""
        noise = ctx.saved("noise").reshape(-1)
        ctx.call(kernels.philox.normal, kernels.philox.seed_words(ctx.seed), ctx.drawn, ctx.scratch("state"), noise)
        ctx.call(kernels.preprocessing.rescale, noise, np.float32(deviation), np.float32(mean), noise)
        return noise


class GaussianNoise(rules.GaussianNoise, Gaussian):
    def strength(self) -> float:
        return float(self.stddev)

    def disturb(self, ctx: Context, x: Array) -> None:
        ctx.call(kernels.merging.add, x.reshape(-1), self.draw(ctx, self.stddev, 0), ctx.output.reshape(-1))

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        ctx.call(kernels.copying.copy_all, dy, dx)


class GaussianDropout(rules.GaussianDropout, Gaussian):
    def strength(self) -> float:
        return float(self.rate)

    def check_compute(self) -> None:
        if self.rate == 1:
            raise ValueError(f"{self.name}: rate=1 is noise of infinite deviation: use a rate below 1")

    def disturb(self, ctx: Context, x: Array) -> None:
        factor = self.draw(ctx, math.sqrt(self.rate / (1 - self.rate)), 1)
        ctx.call(kernels.merging.multiply, x.reshape(-1), factor, ctx.output.reshape(-1))

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        ctx.call(kernels.merging.multiply, dy.reshape(-1), ctx.saved("noise").reshape(-1), dx.reshape(-1))


class ActivityRegularization(rules.ActivityRegularization, Identity):
    @property
    def activity_penalty(self) -> Any:
        return L1L2(self.l1, self.l2)
