"""BatchNormalization and LayerNormalization over kernels/normalization/. Rules: shapecheck.layers.normalization.

In training, batch normalization needs the statistics of the whole batch, while each thread has a shard of it: partial
sums of every shard, added in float64 in the order of the shards, then every shard goes on. Backward the same. In prediction,
and frozen, what follows from the moving statistics is made once for each version of them (`prepare`).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import normalization as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context


class BatchNormalization(rules.BatchNormalization, Layer):
    replayable = True
    needs_output = False
    infers_when_frozen = True

    def absorbs(self, activation: str) -> bool:
        return True

    def check_compute(self) -> None:
        if self.renorm:
            raise NotImplementedError(f"{self.name}: renorm=True is not computed: leave it out")

    def synchronized(self, training: bool) -> bool:
        return training

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        channels = output[self.axis]
        sums: Place = ((2, channels), np.float64)
        if not self.synchronized(training):
            return Buffers(backward={"sums": sums, "inverse": ((channels,), np.float64)})
        own = {"statistics": sums, "forward_coefficients": ((3, channels), np.float32)}
        return Buffers(
            {"sums": sums, **own}, {"variance": ((channels,), np.float64)}, {"coefficients": ((3, channels), np.float32)}
        )

    def derived(self, weights: dict[str, Sizes], training: bool) -> dict[str, int]:
        """The coefficients (3, channels) that follow from the moving statistics, and those of the gradient."""
        size = 3 * math.prod(weights["moving_mean"])
        return {} if self.synchronized(training) else {"forward": size, "backward": size}

    def prepare(self, weights: dict[str, Array], derived: dict[str, Array]) -> None:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
        gamma, beta = weights.get("gamma", _all(1.0, mean.size)), weights.get("beta", _all(0.0, mean.size))
        for name, array in derived.items():
            coefficients = array.reshape(3, -1)
            kernels.batch_statistics.moving_coefficients(mean, variance, float(self.epsilon), gamma, beta, coefficients)
            if name == "backward":
                kernels.batch_statistics.fixed_slope(coefficients, coefficients)

    def _seen(self, array: Array) -> Array:
        """As (outer, channels, inner)."""
        axis = self.axis % array.ndim
        outer, inner = math.prod(array.shape[:axis]), math.prod(array.shape[axis + 1 :])
        return array.reshape(outer, array.shape[axis], inner)

    def _gamma(self, ctx: Context) -> Array:
        return ctx.weight("gamma") if self.scale else _all(1.0, ctx.weight("moving_mean").size)

    # Training. Sums are (2, channels), those of this shard, or `combined`, those of the whole batch.

    def partial(self, ctx: Context, *inputs: Any) -> Array:
        sums = ctx.saved("sums")
        kernels.batch_normalization.moments(self._seen(inputs[0]), sums)
        return sums

    def update(self, ctx: Context, combined: Array) -> None:
        statistics, variance = self._combine(ctx, combined)
        moving = ctx.weight("moving_mean"), ctx.weight("moving_variance")
        kernels.batch_statistics.move(statistics, variance, float(self.momentum), *moving)

    def _combine(self, ctx: Context, combined: Array) -> tuple[Array, Array]:
        statistics, variance = ctx.saved("statistics"), ctx.scratch("variance")
        kernels.batch_statistics.combine(combined[None], self._count(ctx), float(self.epsilon), statistics, variance)
        return statistics, variance

    def _count(self, ctx: Context) -> int:
        """Values in a channel of the whole batch."""
        x = ctx.inputs[0]
        each: int = x.size // (len(x) * x.shape[self.axis])
        return ctx.batch * each

    def apply(self, ctx: Context, combined: Array, *inputs: Any) -> Any:
        statistics, _ = self._combine(ctx, combined)
        coefficients, gamma = ctx.saved("forward_coefficients"), self._gamma(ctx)
        beta = ctx.weight("beta") if self.center else _all(0.0, gamma.size)
        kernels.batch_statistics.forward_coefficients(statistics, gamma, beta, coefficients)
        return self._normalize(ctx, inputs[0], ctx.output, coefficients, ctx.absorbed)

    def backward_partial(self, ctx: Context, *gradients: Any) -> Array:
        sums = ctx.saved("sums")
        self._gradient_sums(ctx, gradients[0], ctx.saved("forward_coefficients"), ctx.saved("statistics")[1], sums)
        return sums

    def backward_apply(self, ctx: Context, combined: Array, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is not None:
            coefficients, statistics, gamma = ctx.scratch("coefficients"), ctx.saved("statistics"), self._gamma(ctx)
            sums, mean = combined[None], ctx.saved("forward_coefficients")[0]
            kernels.batch_statistics.backward_coefficients(sums, self._count(ctx), statistics, gamma, coefficients)
            x, dy, dx = self._seen(ctx.inputs[0]), self._seen(gradients[0]), self._seen(place)
            kernels.batch_normalization.normalize_gradient(dy, x, dx, mean, coefficients, 0, len(x))

    def _gradient_sums(self, ctx: Context, gradient: Array, coefficients: Array, inverse: Array, sums: Array) -> None:
        """Sums of dy and dy (x - mean); adds this shard's gradients of beta and gamma. dy becomes the gradient of what an
        absorbed activation saw."""
        dy, x = self._seen(gradient), self._seen(ctx.inputs[0])
        if ctx.absorbed:
            kernels.batch_normalization.bounded_gradient_moments(dy, x, coefficients, *kernels.bounds.BOUNDS[ctx.absorbed], sums)
        else:
            kernels.batch_normalization.gradient_moments(dy, x, coefficients[0], sums)
        dbeta, dgamma = ctx.gradient("beta"), ctx.gradient("gamma")
        if dbeta is not None:
            kernels.batch_statistics.beta_gradient(sums, dbeta)
        if dgamma is not None:
            kernels.batch_statistics.gamma_gradient(sums, inverse, dgamma)

    # Prediction, and frozen: by the moving statistics.

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self._normalize(ctx, inputs[0], ctx.output, ctx.prepared("forward").reshape(3, -1), ctx.absorbed)

    def _normalize(self, ctx: Context, given: Array, place: Array, coefficients: Array, activation: str = "") -> Array:
        x, y = self._seen(given), self._seen(place)
        run, (low, high) = kernels.batch_normalization.normalize, kernels.bounds.BOUNDS[activation]
        ctx.split(lambda start, stop, part: run(x, y, coefficients, low, high, start, stop), len(x), 3 * x.size)
        return place

    def backward(self, ctx: Context, *gradients: Any) -> None:
        """The statistics are given, not of this batch: dx = dy scale."""
        if ctx.absorbed or ctx.gradient("gamma") is not None or ctx.gradient("beta") is not None:
            inverse = ctx.scratch("inverse")
            kernels.batch_statistics.inverse_deviation(ctx.weight("moving_variance"), float(self.epsilon), inverse)
            self._gradient_sums(ctx, gradients[0], ctx.prepared("forward").reshape(3, -1), inverse, ctx.scratch("sums"))
        place = ctx.input_gradient()
        if place is not None:
            self._normalize(ctx, gradients[0], place, ctx.prepared("backward").reshape(3, -1))


@lru_cache(maxsize=64)
def _all(number: float, size: int) -> Array:
    """`size` times the same number: in place of a gamma or beta that there is not. The same array every time: do not write."""
    return np.full(size, number, np.float32)


class LayerNormalization(rules.LayerNormalization, Layer):
    replayable = True
    needs_output = False

    def check_compute(self) -> None:
        if self.rms_scaling:
            raise NotImplementedError(f"{self.name}: rms_scaling=True has a shape rule but is not computed: leave it out")

    def _axes(self, rank: int) -> list[int]:
        axes = self.axis if isinstance(self.axis, (tuple, list)) else [self.axis]
        places = [axis % rank for axis in axes]
        if places != sorted(places):
            raise NotImplementedError(f"{self.name}: axis={self.axis} is not computed: name the axes in order")
        return places

    def _rows(self, array: Array) -> Array:
        """As (rows, size): the normalized axes last. A view, unless other axes follow them."""
        axes = self._axes(array.ndim)
        others = [axis for axis in range(array.ndim) if axis not in axes]
        turned = np.ascontiguousarray(array.transpose(*others, *axes))
        return turned.reshape(-1, math.prod(array.shape[axis] for axis in axes))

    def _back(self, ctx: Context, rows: Array, target: Array) -> None:
        """The opposite of _rows, into `target`; nothing to do if rows is a view of it."""
        if np.shares_memory(rows, target):
            return
        ctx.unplayable = True
        axes = self._axes(target.ndim)
        turned = target.transpose(*(axis for axis in range(target.ndim) if axis not in axes), *axes)
        turned[...] = rows.reshape(turned.shape)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        size = math.prod(output[axis] for axis in self._axes(len(output)))
        kept, changes = ((2, math.prod(output) // size), np.float32), ((2, size), np.float32)
        return Buffers(saved={"kept": kept}, backward={"changes": changes})

    def _gamma(self, ctx: Context, size: int) -> Array:
        return ctx.weight("gamma").reshape(-1) if self.scale else _all(1.0, size)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._rows(inputs[0]), self._rows(ctx.output)
        gamma = self._gamma(ctx, x.shape[1])
        beta = ctx.weight("beta").reshape(-1) if self.center else _all(0.0, x.shape[1])
        epsilon, kept = np.float32(self.epsilon), ctx.saved("kept")
        run = kernels.layer_normalization.layer_normalize
        ctx.split(lambda start, stop, part: run(x, y, gamma, beta, epsilon, kept, start, stop), len(x), 8 * x.size)
        self._back(ctx, y, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dy, place = self._rows(ctx.inputs[0]), self._rows(gradients[0]), ctx.input_gradient()
        if place is None:
            ctx.unplayable = True  # for dx there is no room
        dx = np.empty_like(x) if place is None else self._rows(place)
        changes, gamma = ctx.scratch("changes"), self._gamma(ctx, x.shape[1])
        kernels.copying.clear_all(changes)
        run = kernels.layer_normalization.layer_normalize_gradient
        run(dy, x, dx, gamma, ctx.saved("kept"), changes[0], changes[1], 0, len(x))
        for name, value in (("gamma", changes[0]), ("beta", changes[1])):
            change = ctx.gradient(name)
            if change is not None:
                kernels.copying.add_all(value, change)
        if place is not None:
            self._back(ctx, dx, place)
