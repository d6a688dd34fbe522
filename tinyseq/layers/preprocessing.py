"""Rescaling and Normalization: numbers brought to a handy range. Rules: shapecheck.layers.preprocessing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.layers import preprocessing as rules
from tinyseq.layers.base import Array, Layer

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

LEAST_DEVIATION = 1e-7
"""A feature that never changes is divided by this, not by 0 (Keras's backend.epsilon())."""


class Rescaling(rules.Rescaling, Layer):
    needs_input = False
    needs_output = False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        np.multiply(inputs[0], np.asarray(self.scale, np.float32), out=ctx.output)
        return np.add(ctx.output, np.asarray(self.offset, np.float32), out=ctx.output)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            np.multiply(gradients[0], np.asarray(self.scale, np.float32), out=dx)


class Normalization(rules.Normalization, Layer):
    needs_input = False
    needs_output = False

    def _kept(self, rank: int) -> list[int]:
        """The axes with a mean of their own, counted from 0."""
        axes = () if self.axis is None else self.axis if isinstance(self.axis, (tuple, list)) else (self.axis,)
        return sorted(axis % rank for axis in axes)

    def adapt(self, data: Any) -> None:
        """Takes mean and variance from data: one array, or an iterable of batches. Builds the layer if it is not built.

        Raises ValueError if mean and variance were given as arguments, if there are no data, or if a batch does not fit.
        """
        if self.mean is not None:
            raise ValueError(f"{self.name}: has the mean and variance that it was made with: leave them out to adapt()")
        total: tuple[float, Array, Array] | None = None
        for batch in _batches(data):
            if not batch.size:
                raise ValueError(f"{self.name}: adapt() got an array of shape {batch.shape}: pass at least 1 row")
            if not self.built:
                self.build((None, *batch.shape[1:]))
            kept = self._kept(batch.ndim)
            expected = self.weights[0].shape
            if tuple(batch.shape[axis] for axis in kept) != expected:
                raise ValueError(
                    f"{self.name}: adapt() got data of shape {batch.shape}, but the layer was built for {expected} along "
                    f"axis={self.axis}"
                )
            reduced = tuple(axis for axis in range(batch.ndim) if axis not in kept)
            part = batch.size / math.prod(expected), batch.mean(reduced, np.float64), batch.var(reduced, np.float64)
            total = part if total is None else _joined(total, part)
        if total is None:
            raise ValueError(f"{self.name}: adapt() got no data: pass an array, or a list of arrays")
        mean, variance = self.weights[:2]
        mean.assign(total[1])
        variance.assign(total[2])

    def _mean_and_deviation(self, ctx: Context, rank: int) -> tuple[Array, Array]:
        """Of each feature, shaped so that they broadcast against the input."""
        given = self.mean is not None
        mean = np.asarray(self.mean if given else ctx.weight("mean"), np.float32)
        variance = np.asarray(self.variance if given else ctx.weight("variance"), np.float32)
        kept, sizes = self._kept(rank), [1] * rank
        for i in range(1, mean.ndim + 1):
            sizes[kept[-i]] = mean.shape[-i]
        return mean.reshape(sizes), np.maximum(np.sqrt(variance.reshape(sizes)), np.float32(LEAST_DEVIATION))

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        mean, deviation = self._mean_and_deviation(ctx, inputs[0].ndim)
        if self.invert:
            np.multiply(inputs[0], deviation, out=ctx.output)
            return np.add(ctx.output, mean, out=ctx.output)
        np.subtract(inputs[0], mean, out=ctx.output)
        return np.divide(ctx.output, deviation, out=ctx.output)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            _, deviation = self._mean_and_deviation(ctx, dx.ndim)
            (np.multiply if self.invert else np.divide)(gradients[0], deviation, out=dx)


def _batches(data: Any) -> Iterable[Array]:
    """One array, or the arrays of an iterable."""
    listed = isinstance(data, (list, tuple)) and not (len(data) and hasattr(data[0], "shape") and data[0].shape)
    if hasattr(data, "shape") or listed:
        return [np.asarray(data, np.float32)]
    return (np.asarray(batch, np.float32) for batch in data)


def _joined(one: tuple[float, Array, Array], two: tuple[float, Array, Array]) -> tuple[float, Array, Array]:
    """Count, mean and variance of two sets together (Chan et al. 1983, eq. 2.1)."""
    count = one[0] + two[0]
    share = two[0] / count
    step = two[1] - one[1]
    return count, one[1] + step * share, one[2] * (1 - share) + two[2] * share + step * step * share * (1 - share)
