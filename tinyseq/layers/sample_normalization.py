"""Normalizations of each sample separately, over kernels/normalization/: LayerNormalization, RMSNormalization, UnitNormalization,
GroupNormalization. Rules: shapecheck.layers.normalization.

Where the normalized axes are not the last ones, they are turned to the end first, and back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import normalization as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.fused import repeated

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

MOST = 1e12
"""The greatest factor of UnitNormalization: Keras's epsilon of 1e-12."""


class OverAxes(Layer):
    """Normalizations over rows: the named axes of each sample, seen as one last axis."""

    axis: Any
    tells = True
    needs_output = False

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
        """The values as (rows, size): a view, or a copy in scratch of that name if other axes follow the normalized ones."""
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
        """The inverse of _rows, into `target`."""
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


    def _weight(self, ctx: Context, name: str, used: bool, otherwise: float, size: int) -> Array:
        """A weight as one row, or a row of the same number."""
        return ctx.weight(name).reshape(-1) if used else repeated(otherwise, size)

    def _changed(self, ctx: Context, name: str, value: Array) -> None:
        """Adds to the gradient of a weight, if it trains."""
        change = ctx.gradient(name)
        if change is not None:
            ctx.call(kernels.copying.add_all, value, change)


class LayerNormalization(rules.LayerNormalization, OverAxes):
    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._rows(ctx, inputs[0], "x"), self._place(ctx, ctx.output, "y")
        if self.rms_scaling:
            scale_rows(ctx, x, y, self._weight(ctx, "gamma", True, 1.0, x.shape[1]), self.epsilon, x.shape[1], centred=True)
        else:
            gamma = self._weight(ctx, "gamma", self.scale, 1.0, x.shape[1])
            beta = self._weight(ctx, "beta", self.center, 0.0, x.shape[1])
            epsilon, kept = np.float32(self.epsilon), ctx.saved("kept")
            run = kernels.layer_normalization.layer_normalize
            ctx.split(lambda start, stop, part: ctx.call(run, x, y, gamma, beta, epsilon, kept, start, stop), len(x), 8 * x.size)
        self._back(ctx, y, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dy, place = self._rows(ctx, ctx.inputs[0], "x"), self._rows(ctx, gradients[0], "dy"), ctx.input_gradient()
        dx = ctx.scratch("dx") if place is None else self._place(ctx, place, "dx")
        changes = ctx.scratch("changes")
        gamma = self._weight(ctx, "gamma", self.scale or self.rms_scaling, 1.0, x.shape[1])
        ctx.call(kernels.copying.clear_all, changes)
        if self.rms_scaling:
            scale_rows_gradient(ctx, dy, x, dx, gamma, x.shape[1], changes[0])
        else:
            run = kernels.layer_normalization.layer_normalize_gradient
            ctx.call(run, dy, x, dx, gamma, ctx.saved("kept"), changes[0], changes[1], 0, len(x))
            self._changed(ctx, "beta", changes[1])
        self._changed(ctx, "gamma", changes[0])
        if place is not None:
            self._back(ctx, dx, place)


def scale_rows(
    ctx: Context, x: Array, y: Array, gamma: Array, epsilon: float, count: float, most: float = np.inf, centred: bool = False
) -> None:  # fmt: skip
    """Rows divided by their size: see kernels/normalization/row_scaling.py."""
    run, kept = kernels.row_scaling.scale_rows, ctx.saved("kept")
    numbers = np.float32(epsilon), np.float32(count), np.float32(most), centred
    ctx.split(lambda start, stop, part: ctx.call(run, x, y, gamma, *numbers, kept, start, stop), len(x), 6 * x.size)


def scale_rows_gradient(
    ctx: Context, dy: Array, x: Array, dx: Array, gamma: Array, count: float, dgamma: Array, most: float = np.inf
) -> None:  # fmt: skip
    """Its gradient; dgamma, which gets that of gamma, begins with zeros."""
    numbers = np.float32(count), np.float32(most)
    ctx.call(kernels.row_scaling.scale_rows_gradient, dy, x, dx, gamma, *numbers, ctx.saved("kept"), dgamma, 0, len(x))


class RMSNormalization(rules.RMSNormalization, OverAxes):
    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._rows(ctx, inputs[0], "x"), self._place(ctx, ctx.output, "y")
        scale_rows(ctx, x, y, ctx.weight("scale").reshape(-1), self.epsilon, x.shape[1])
        self._back(ctx, y, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dy, place = self._rows(ctx, ctx.inputs[0], "x"), self._rows(ctx, gradients[0], "dy"), ctx.input_gradient()
        dx = ctx.scratch("dx") if place is None else self._place(ctx, place, "dx")
        changes = ctx.scratch("changes")
        ctx.call(kernels.copying.clear_all, changes)
        scale_rows_gradient(ctx, dy, x, dx, ctx.weight("scale").reshape(-1), x.shape[1], changes[0])
        self._changed(ctx, "scale", changes[0])
        if place is not None:
            self._back(ctx, dx, place)


class UnitNormalization(rules.UnitNormalization, OverAxes):
    tells = True

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._rows(ctx, inputs[0], "x"), self._place(ctx, ctx.output, "y")
        scale_rows(ctx, x, y, repeated(1.0, x.shape[1]), 0.0, 1.0, MOST)
        self._back(ctx, y, ctx.output)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        place = ctx.input_gradient()
        if place is not None:
            x, dy, dx = self._rows(ctx, ctx.inputs[0], "x"), self._rows(ctx, gradients[0], "dy"), self._place(ctx, place, "dx")
            unused = ctx.scratch("changes")[0]
            ctx.call(kernels.copying.clear_all, unused)
            scale_rows_gradient(ctx, dy, x, dx, repeated(1.0, x.shape[1]), 1.0, unused, MOST)
            self._back(ctx, dx, place)


class GroupNormalization(rules.GroupNormalization, Layer):
    tells = True
    needs_output = False

    def _seen(self, array: Array) -> Array:
        """The values as (samples, before, channels, inner)."""
        axis = self.axis % array.ndim
        before, inner = math.prod(array.shape[1:axis]), math.prod(array.shape[axis + 1 :])
        return array.reshape(len(array), before, array.shape[axis], inner)

    def check_compute(self) -> None:
        if self.axis == 0:
            raise ValueError(f"{self.name}: axis=0 is the batch: name the axis of the channels, for example axis=-1")

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        channels = output[self.axis]
        groups = channels if self.groups == -1 else self.groups
        return Buffers(
            {"kept": ((2, output[0], groups), np.float64)},
            {"sums": ((2, channels), np.float64)},
            {"sums": ((4, channels), np.float64), "changes": ((2, channels), np.float32), "dx": (output, np.float32)},
        )

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        x, y = self._seen(inputs[0]), self._seen(ctx.output)
        gamma = ctx.weight("gamma") if self.scale else repeated(1.0, x.shape[2])
        beta = ctx.weight("beta") if self.center else repeated(0.0, x.shape[2])
        run, kept, epsilon = kernels.group_normalization.group_normalize, ctx.saved("kept"), float(self.epsilon)

        def each(start: int, stop: int, part: int) -> None:
            ctx.call(run, x, y, gamma, beta, epsilon, kept, ctx.scratch("sums", part), start, stop)

        ctx.split(each, len(x), 8 * x.size)
        return ctx.output

    def backward(self, ctx: Context, *gradients: Any) -> None:
        x, dy, place = self._seen(ctx.inputs[0]), self._seen(gradients[0]), ctx.input_gradient()
        dx = self._seen(ctx.scratch("dx") if place is None else place)
        gamma, changes = ctx.weight("gamma") if self.scale else repeated(1.0, x.shape[2]), ctx.scratch("changes")
        ctx.call(kernels.copying.clear_all, changes)
        run = kernels.group_normalization.group_normalize_gradient
        ctx.call(run, dy, x, dx, gamma, ctx.saved("kept"), ctx.scratch("sums"), changes[0], changes[1], 0, len(x))
        for name, value in (("gamma", changes[0]), ("beta", changes[1])):
            change = ctx.gradient(name)
            if change is not None:
                ctx.call(kernels.copying.add_all, value, change)
