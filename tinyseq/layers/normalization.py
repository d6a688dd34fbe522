"""BatchNormalization over kernels/normalization/; those of each sample are in sample_normalization.py.
Rules: shapecheck.layers.normalization.

In training, batch normalization needs the statistics of the whole batch, while each thread has a shard of it: partial
sums of every shard are added in float64 in the order of the shards, then every shard continues. Backward the same. In prediction,
and if frozen, the coefficients from the moving statistics are computed once for each version of them (`prepare`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import normalization as rules
from shapecheck.layers.base import WeightSpec
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.fused import repeated
from tinyseq.layers.sample_normalization import (
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from tinyseq.weights import initializers
from tinyseq.weights.weight import Weight

if TYPE_CHECKING:
    from tinyseq.engine.context import Context
    from tinyseq.kernels.runtime.calls import Calls

__all__ = ["BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization", "UnitNormalization"]


class BatchNormalization(rules.BatchNormalization, Layer):
    tells = True
    needs_output = False
    infers_when_frozen = True
    takes_mask = True

    def absorbs(self, activation: str) -> bool:
        return True

    def _add(self, spec: WeightSpec) -> Weight:
        """The moving deviations of renorm start with the square root of the start value of the variance."""
        if spec.name.endswith("stddev"):
            spec = WeightSpec(spec.name, spec.shape, Root(spec.initializer), spec.trainable)
        return super()._add(spec)

    def synchronized(self, training: bool) -> bool:
        return training

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        channels = self.moving_mean.shape[0] if self.built else output[self.axis]
        sums: Place = ((2, channels), np.float64)
        if not self.synchronized(training):
            return Buffers(backward={"sums": sums, "inverse": ((channels,), np.float64)})
        coefficients: Place = ((3, channels), np.float32)
        corrected: dict[str, Place] = {"corrected": ((4, channels), np.float32)} if self.renorm else {}
        return Buffers(
            partial={"sums": sums, "backward_sums": sums},
            shared={
                **corrected,
                "statistics": sums, "variance": ((channels,), np.float64), "coefficients": coefficients,
                "backward_coefficients": coefficients,
            },
        )  # fmt: skip

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The coefficients (3, channels) that follow from the moving statistics, and those of the gradient."""
        size = 3 * math.prod(weights["moving_mean"])
        return {} if self.synchronized(training) else {"forward": size, "backward": size}

    def prepare(self, calls: Calls, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
        gamma, beta = weights.get("gamma", repeated(1.0, mean.size)), weights.get("beta", repeated(0.0, mean.size))
        for name, array in derived.items():
            coefficients = array.reshape(3, -1)
            calls.call(kernels.batch_statistics.moving_coefficients, mean, variance, float(self.epsilon), gamma, beta, coefficients)
            if name == "backward":
                calls.call(kernels.batch_statistics.fixed_slope, coefficients, coefficients)

    def turnable(self, shapes: tuple[Sizes, ...]) -> bool:
        return self.axis == 1 and len(shapes[0]) > 2

    def normalizes_channels(self, axes: int, turned: bool) -> bool:
        return turned or self.axis % axes == axes - 1

    def _seen(self, ctx: Context, array: Array) -> Array:
        """As (outer, channels, inner)."""
        axis = (-1 if ctx.turned else self.axis) % array.ndim
        outer, inner = math.prod(array.shape[:axis]), math.prod(array.shape[axis + 1 :])
        return array.reshape(outer, array.shape[axis], inner)

    def _gamma(self, ctx: Context) -> Array:
        return ctx.weight("gamma") if self.scale else repeated(1.0, ctx.weight("moving_mean").size)

    def _bounds(self) -> tuple[float, float, float]:
        """Of renorm: the least and the greatest r, and the greatest |d|."""
        given = self.renorm_clipping or {}
        found = (("rmin", -np.inf), ("rmax", np.inf), ("dmax", np.inf))
        least, most, farthest = (float(otherwise if given.get(name) is None else given[name]) for name, otherwise in found)
        return least, most, farthest

    def _count(self, ctx: Context) -> int:
        """How many values each channel has in the whole batch."""
        x = ctx.inputs[0]
        each: int = x.size // (len(x) * ctx.weight("moving_mean").size)
        return ctx.batch * each

    # Training. Sums are (2, channels): those of this shard, or (shards, 2, channels): those of all.

    def partial(self, ctx: Context, *inputs: Any) -> None:
        if ctx.mask is not None:
            raise NotImplementedError(
                f"{self.name}: batch statistics of an input with a mask are not computed: put it before the layer that makes the mask"
            )
        ctx.call(kernels.batch_normalization.moments, self._seen(ctx, inputs[0]), ctx.partial("sums"))

    def combine(self, ctx: Context) -> None:
        statistics, gamma, run = ctx.shared("statistics"), self._gamma(ctx), kernels.batch_statistics
        beta = ctx.weight("beta") if self.center else repeated(0.0, gamma.size)
        ctx.call(run.combine, ctx.partials("sums"), self._count(ctx), float(self.epsilon), statistics, ctx.shared("variance"))
        if self.renorm:
            moving, corrected = (ctx.weight("renorm_mean"), ctx.weight("renorm_stddev")), ctx.shared("corrected")
            correct = kernels.batch_renormalization.correct
            ctx.call(correct, statistics, *moving, float(self.epsilon), self._bounds(), gamma, beta, corrected)
            gamma, beta = corrected[0], corrected[1]
        ctx.call(run.forward_coefficients, statistics, gamma, beta, ctx.shared("coefficients"))

    def apply(self, ctx: Context, *inputs: Any) -> Any:
        return self._normalize(ctx, inputs[0], ctx.output, ctx.shared("coefficients"), ctx.absorbed)

    def update(self, ctx: Context) -> None:
        moving = ctx.weight("moving_mean"), ctx.weight("moving_variance")
        if self.renorm:
            more = ctx.weight("moving_stddev"), ctx.weight("renorm_mean"), ctx.weight("renorm_stddev")
            numbers = float(self.epsilon), float(self.momentum), float(self.renorm_momentum)
            ctx.call(kernels.batch_renormalization.move, ctx.shared("statistics"), *numbers, *moving, *more)
            return
        ctx.call(kernels.batch_statistics.move, ctx.shared("statistics"), ctx.shared("variance"), float(self.momentum), *moving)

    def backward_partial(self, ctx: Context, *gradients: Any) -> None:
        coefficients, inverse = ctx.shared("coefficients"), ctx.shared("statistics")[1]
        self._gradient_sums(ctx, gradients[0], coefficients, inverse, ctx.partial("backward_sums"))

    def backward_combine(self, ctx: Context) -> None:
        sums, place = ctx.partials("backward_sums"), ctx.shared("backward_coefficients")
        statistics, gamma = ctx.shared("statistics"), ctx.shared("corrected")[0] if self.renorm else self._gamma(ctx)
        ctx.call(kernels.batch_statistics.backward_coefficients, sums, self._count(ctx), statistics, gamma, place)

    def backward_apply(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is not None:
            x, dy, dx = self._seen(ctx, ctx.inputs[0]), self._seen(ctx, gradients[0]), self._seen(ctx, place)
            mean, coefficients = ctx.shared("coefficients")[0], ctx.shared("backward_coefficients")
            ctx.call(kernels.batch_normalization.normalize_gradient, dy, x, dx, mean, coefficients, 0, len(x))

    def _gradient_sums(self, ctx: Context, gradient: Array, coefficients: Array, inverse: Array, sums: Array) -> None:
        """Sums of dy and dy (x - mean); adds this shard's gradients of beta and gamma. dy becomes the gradient of what an
        absorbed activation saw."""
        dy, x = self._seen(ctx, gradient), self._seen(ctx, ctx.inputs[0])
        if ctx.absorbed:
            ctx.call(kernels.batch_normalization.bounded_gradient_moments, dy, x, coefficients, *kernels.bounds.BOUNDS[ctx.absorbed], sums)
        else:
            ctx.call(kernels.batch_normalization.gradient_moments, dy, x, coefficients[0], sums)
        dbeta, dgamma = ctx.gradient("beta"), ctx.gradient("gamma")
        if dbeta is not None:
            ctx.call(kernels.batch_statistics.beta_gradient, sums, dbeta)
        if dgamma is not None and self.renorm and ctx.training:
            ctx.call(kernels.batch_renormalization.gamma_gradient, sums, inverse, ctx.shared("corrected"), dgamma)
        elif dgamma is not None:
            ctx.call(kernels.batch_statistics.gamma_gradient, sums, inverse, dgamma)

    # Prediction, and frozen: by the moving statistics.

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self._normalize(ctx, inputs[0], ctx.output, ctx.prepared("forward").reshape(3, -1), ctx.absorbed)

    def _normalize(self, ctx: Context, given: Array, place: Array, coefficients: Array, activation: str = "") -> Array:
        x, y = self._seen(ctx, given), self._seen(ctx, place)
        run, (low, high) = kernels.batch_normalization.normalize, kernels.bounds.BOUNDS[activation]
        ctx.split(lambda start, stop, part: ctx.call(run, x, y, coefficients, low, high, start, stop), len(x), 3 * x.size)
        return place

    def backward(self, ctx: Context, *gradients: Any) -> None:
        """The statistics are constants, not of this batch: dx = dy scale."""
        if ctx.absorbed or ctx.gradient("gamma") is not None or ctx.gradient("beta") is not None:
            inverse = ctx.scratch("inverse")
            ctx.call(kernels.batch_statistics.inverse_deviation, ctx.weight("moving_variance"), float(self.epsilon), inverse)
            self._gradient_sums(ctx, gradients[0], ctx.prepared("forward").reshape(3, -1), inverse, ctx.scratch("sums"))
        place = ctx.input_gradient()
        if place is not None:
            self._normalize(ctx, gradients[0], place, ctx.prepared("backward").reshape(3, -1))


class Root:
    """An initializer: the square root of what another one makes."""

    def __init__(self, initializer: Any) -> None:
        self.initializer = initializer

    def __call__(self, shape: Any, dtype: Any = None) -> Array:
        found: Array = np.sqrt(initializers.get(self.initializer)(shape))
        return found
