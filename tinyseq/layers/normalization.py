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
    from tinyseq.kernels.runtime.calls import Calls


class BatchNormalization(rules.BatchNormalization, Layer):
    tells = True
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
        coefficients: Place = ((3, channels), np.float32)
        return Buffers(
            partial={"sums": sums, "backward_sums": sums},
            shared={
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
        gamma, beta = weights.get("gamma", _all(1.0, mean.size)), weights.get("beta", _all(0.0, mean.size))
        for name, array in derived.items():
            coefficients = array.reshape(3, -1)
            calls.call(kernels.batch_statistics.moving_coefficients, mean, variance, float(self.epsilon), gamma, beta, coefficients)
            if name == "backward":
                calls.call(kernels.batch_statistics.fixed_slope, coefficients, coefficients)

    def _seen(self, array: Array) -> Array:
        """As (outer, channels, inner)."""
        axis = self.axis % array.ndim
        outer, inner = math.prod(array.shape[:axis]), math.prod(array.shape[axis + 1 :])
        return array.reshape(outer, array.shape[axis], inner)

    def _gamma(self, ctx: Context) -> Array:
        return ctx.weight("gamma") if self.scale else _all(1.0, ctx.weight("moving_mean").size)

    def _count(self, ctx: Context) -> int:
        """How many values each channel has in the whole batch."""
        x = ctx.inputs[0]
        each: int = x.size // (len(x) * x.shape[self.axis])
        return ctx.batch * each

    # Training. Sums are (2, channels): those of this shard, or (shards, 2, channels): those of all.

    def partial(self, ctx: Context, *inputs: Any) -> None:
        ctx.call(kernels.batch_normalization.moments, self._seen(inputs[0]), ctx.partial("sums"))

    def combine(self, ctx: Context) -> None:
        statistics, gamma, run = ctx.shared("statistics"), self._gamma(ctx), kernels.batch_statistics
        beta = ctx.weight("beta") if self.center else _all(0.0, gamma.size)
        ctx.call(run.combine, ctx.partials("sums"), self._count(ctx), float(self.epsilon), statistics, ctx.shared("variance"))
        ctx.call(run.forward_coefficients, statistics, gamma, beta, ctx.shared("coefficients"))

    def apply(self, ctx: Context, *inputs: Any) -> Any:
        return self._normalize(ctx, inputs[0], ctx.output, ctx.shared("coefficients"), ctx.absorbed)

    def update(self, ctx: Context) -> None:
        moving = ctx.weight("moving_mean"), ctx.weight("moving_variance")
        ctx.call(kernels.batch_statistics.move, ctx.shared("statistics"), ctx.shared("variance"), float(self.momentum), *moving)

    def backward_partial(self, ctx: Context, *gradients: Any) -> None:
        coefficients, inverse = ctx.shared("coefficients"), ctx.shared("statistics")[1]
        self._gradient_sums(ctx, gradients[0], coefficients, inverse, ctx.partial("backward_sums"))

    def backward_combine(self, ctx: Context) -> None:
        sums, place = ctx.partials("backward_sums"), ctx.shared("backward_coefficients")
        statistics, gamma = ctx.shared("statistics"), self._gamma(ctx)
        ctx.call(kernels.batch_statistics.backward_coefficients, sums, self._count(ctx), statistics, gamma, place)

    def backward_apply(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is not None:
            x, dy, dx = self._seen(ctx.inputs[0]), self._seen(gradients[0]), self._seen(place)
            mean, coefficients = ctx.shared("coefficients")[0], ctx.shared("backward_coefficients")
            ctx.call(kernels.batch_normalization.normalize_gradient, dy, x, dx, mean, coefficients, 0, len(x))

    def _gradient_sums(self, ctx: Context, gradient: Array, coefficients: Array, inverse: Array, sums: Array) -> None:
        """Sums of dy and dy (x - mean); adds this shard's gradients of beta and gamma. dy becomes the gradient of what an
        absorbed activation saw."""
        dy, x = self._seen(gradient), self._seen(ctx.inputs[0])
        if ctx.absorbed:
            ctx.call(kernels.batch_normalization.bounded_gradient_moments, dy, x, coefficients, *kernels.bounds.BOUNDS[ctx.absorbed], sums)
        else:
            ctx.call(kernels.batch_normalization.gradient_moments, dy, x, coefficients[0], sums)
        dbeta, dgamma = ctx.gradient("beta"), ctx.gradient("gamma")
        if dbeta is not None:
            ctx.call(kernels.batch_statistics.beta_gradient, sums, dbeta)
        if dgamma is not None:
            ctx.call(kernels.batch_statistics.gamma_gradient, sums, inverse, dgamma)

    # Prediction, and frozen: by the moving statistics.

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self._normalize(ctx, inputs[0], ctx.output, ctx.prepared("forward").reshape(3, -1), ctx.absorbed)

    def _normalize(self, ctx: Context, given: Array, place: Array, coefficients: Array, activation: str = "") -> Array:
        x, y = self._seen(given), self._seen(place)
        run, (low, high) = kernels.batch_normalization.normalize, kernels.bounds.BOUNDS[activation]
        ctx.split(lambda start, stop, part: ctx.call(run, x, y, coefficients, low, high, start, stop), len(x), 3 * x.size)
        return place

    def backward(self, ctx: Context, *gradients: Any) -> None:
        """The statistics are given, not of this batch: dx = dy scale."""
        if ctx.absorbed or ctx.gradient("gamma") is not None or ctx.gradient("beta") is not None:
            inverse = ctx.scratch("inverse")
            ctx.call(kernels.batch_statistics.inverse_deviation, ctx.weight("moving_variance"), float(self.epsilon), inverse)
            self._gradient_sums(ctx, gradients[0], ctx.prepared("forward").reshape(3, -1), inverse, ctx.scratch("sums"))
        place = ctx.input_gradient()
        if place is not None:
            self._normalize(ctx, gradients[0], place, ctx.prepared("backward").reshape(3, -1))


@lru_cache(maxsize=64)
def _all(number: float, size: int) -> Array:
    """`size` times the same number: in place of a gamma or beta that there is not. The same array every time: do not write."""
    return np.full(size, number, np.float32)


class LayerNormalization(rules.LayerNormalization, Layer):
    tells = True
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

    def _order(self, rank: int) -> list[int] | None:
        """The order of the axes in which the normalized ones come last; None if it is the order they have."""
        axes = self._axes(rank)
        order = [axis for axis in range(rank) if axis not in axes] + axes
        return None if order == list(range(rank)) else order

    def _rows(self, ctx: Context, array: Array, room: str) -> Array:
        """As (rows, size): a view, or a copy in scratch of that name if other axes follow the normalized ones."""
        order = self._order(array.ndim)
        size = math.prod(array.shape[axis] for axis in self._axes(array.ndim))
        if order is None:
            return array.reshape(-1, size)
        turned, rows = array.transpose(order), ctx.scratch(room)
        ctx.call(kernels.strided_copy.copy, array, turned, rows, rows.reshape(turned.shape))
        return rows

    def _place(self, ctx: Context, target: Array, room: str) -> Array:
        """Where rows for `target` are written: itself, or scratch of that name."""
        size = math.prod(target.shape[axis] for axis in self._axes(target.ndim))
        return target.reshape(-1, size) if self._order(target.ndim) is None else ctx.scratch(room)

    def _back(self, ctx: Context, rows: Array, target: Array) -> None:
        """The opposite of _rows, into `target`."""
        order = self._order(target.ndim)
        if order is not None:
            turned = target.transpose(order)
            ctx.call(kernels.strided_copy.copy, rows, rows.reshape(turned.shape), target, turned)

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        size = math.prod(output[axis] for axis in self._axes(len(output)))
        rows: Place = ((math.prod(output) // size, size), np.float32)
        turned = self._order(len(output)) is not None
        backward: dict[str, Place] = {"changes": ((2, size), np.float32), "dx": rows}
        return Buffers(
            {"kept": ((2, rows[0][0]), np.float32)},
            {"x": rows, "y": rows} if turned else {},
            {**backward, "x": rows, "dy": rows} if turned else backward,
        )

    def _gamma(self, ctx: Context, size: int) -> Array:
        return ctx.weight("gamma").reshape(-1) if self.scale else _all(1.0, size)

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._rows(ctx, inputs[0], "x"), self._place(ctx, ctx.output, "y")
        gamma = self._gamma(ctx, x.shape[1])
        beta = ctx.weight("beta").reshape(-1) if self.center else _all(0.0, x.shape[1])
        epsilon, kept = np.float32(self.epsilon), ctx.saved("kept")
        run = kernels.layer_normalization.layer_normalize
        ctx.split(lambda start, stop, part: ctx.call(run, x, y, gamma, beta, epsilon, kept, start, stop), len(x), 8 * x.size)
        self._back(ctx, y, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dy, place = self._rows(ctx, ctx.inputs[0], "x"), self._rows(ctx, gradients[0], "dy"), ctx.input_gradient()
        dx = ctx.scratch("dx") if place is None else self._place(ctx, place, "dx")
        changes, gamma = ctx.scratch("changes"), self._gamma(ctx, x.shape[1])
        ctx.call(kernels.copying.clear_all, changes)
        run = kernels.layer_normalization.layer_normalize_gradient
        ctx.call(run, dy, x, dx, gamma, ctx.saved("kept"), changes[0], changes[1], 0, len(x))
        for name, value in (("gamma", changes[0]), ("beta", changes[1])):
            change = ctx.gradient(name)
            if change is not None:
                ctx.call(kernels.copying.add_all, value, change)
        if place is not None:
            self._back(ctx, dx, place)
