"""Noise in training, nothing at inference: Dropout and its relatives. Rules: shapecheck.layers.regularization.

At inference they are views: nothing runs. ctx.random gives each layer, call and shard its own numbers, so a mask does
not depend on the number of threads.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import regularization as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Sizes
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

ALPHA = -1.6732632423543772 * 1.0507009873554805
"""Where a SELU saturates: the value that alpha dropout puts in place of a dropped one."""


class Noise(Layer):
    """A layer that draws in training and passes its input on otherwise."""

    needs_input = False
    needs_output = False
    random = True

    def strength(self) -> float:
        """0: nothing is drawn."""
        raise NotImplementedError

    def view(self, training: bool) -> bool:
        return not training or self.strength() == 0

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        if self.view(ctx.training):
            np.copyto(ctx.output, inputs[0])
        else:
            self.disturb(ctx, inputs[0])
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is None:
            return
        if self.view(ctx.training):
            np.copyto(dx, gradients[0])
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

    def mask_sizes(self, shape: Sizes) -> Sizes:
        """The shape in which the mask is drawn; axes of size 1 share their fate."""
        return shape

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        if self.view(training):
            return Buffers()
        return Buffers({"keep": (output, np.uint8)}, {"uniform": (self.mask_sizes(output), np.float32)})

    def scale(self) -> np.float32:
        """What kept values are multiplied with, so that the mean stays."""
        return np.float32(0 if self.rate == 1 else 1 / (1 - self.rate))

    def draw(self, ctx: Context) -> Array:
        """The mask of this call, flat."""
        uniform, keep = ctx.scratch("uniform"), ctx.saved("keep")
        ctx.random.random(out=uniform, dtype=np.float32)
        if uniform.shape == keep.shape:
            kernels.dropout.draw(uniform.reshape(-1), np.float32(self.rate), keep.reshape(-1))
        else:
            keep[...] = uniform >= np.float32(self.rate)
        return keep.reshape(-1)

    def disturb(self, ctx: Context, x: Array) -> None:
        kernels.dropout.drop(x.reshape(-1), self.draw(ctx), self.scale(), ctx.output.reshape(-1))

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        kernels.dropout.drop(dy.reshape(-1), ctx.saved("keep").reshape(-1), self.scale(), dx.reshape(-1))


class WithNoiseShape(Dropping):
    """Dropping with Keras's noise_shape: None for an axis of the input's size, 1 for one that shares its fate."""

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
        kernels.dropout.drop_to(x.reshape(-1), self.draw(ctx), *numbers, ctx.output.reshape(-1))


class GaussianNoise(rules.GaussianNoise, Noise):
    def strength(self) -> float:
        return float(self.stddev)

    def disturb(self, ctx: Context, x: Array) -> None:
        ctx.random.standard_normal(out=ctx.output, dtype=np.float32)
        np.multiply(ctx.output, np.float32(self.stddev), out=ctx.output)
        np.add(ctx.output, x, out=ctx.output)

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        np.copyto(dx, dy)


class GaussianDropout(rules.GaussianDropout, Noise):
    def strength(self) -> float:
        return float(self.rate)

    def check_compute(self) -> None:
        if self.rate == 1:
            raise ValueError(f"{self.name}: rate=1 is noise of infinite deviation: take less than 1")

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        return Buffers() if self.view(training) else Buffers({"factor": (output, np.float32)})

    def disturb(self, ctx: Context, x: Array) -> None:
        factor = ctx.saved("factor")
        ctx.random.standard_normal(out=factor, dtype=np.float32)
        factor *= np.float32(math.sqrt(self.rate / (1 - self.rate)))
        factor += np.float32(1)
        np.multiply(x, factor, out=ctx.output)

    def disturb_gradient(self, ctx: Context, dy: Array, dx: Array) -> None:
        np.multiply(dy, ctx.saved("factor"), out=dx)
