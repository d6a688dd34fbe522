"""Rescaling and Normalization: values scaled to a small range. Rules: shapecheck.layers.preprocessing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck import layers as rules
from tinyseq import kernels
from tinyseq.engine.operator import Array, Buffers, Place, Sizes
from tinyseq.layers.base import Layer
from tinyseq.layers.images import (
    CenterCrop,
    RandomBrightness,
    RandomContrast,
    RandomCrop,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Resizing,
)
from tinyseq.layers.text_preprocessing import CategoryEncoding, Discretization, Hashing, IntegerLookup, StringLookup
from tinyseq.layers.text_vectorization import TextVectorization

__all__ = [
    "CategoryEncoding", "CenterCrop", "Discretization", "Hashing", "IntegerLookup", "Normalization", "RandomBrightness", "RandomContrast",
    "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "Rescaling", "Resizing", "StringLookup",
    "TextVectorization",
]  # fmt: skip

if TYPE_CHECKING:
    from tinyseq.engine.context import Context

LEAST_DEVIATION = 1e-7
"""A feature that never changes is divided by this, not by 0 (Keras's backend.epsilon())."""


class Rescaling(rules.Rescaling, Layer):
    tells = True
    needs_input = False
    needs_output = False

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self._rescale(ctx, inputs[0], self.offset, ctx.output)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            self._rescale(ctx, gradients[0], 0, dx)

    def _rescale(self, ctx: Context, x: Array, offset: Any, y: Array) -> Array:
        scale, shift = np.asarray(self.scale, np.float32), np.asarray(offset, np.float32)
        if scale.size == shift.size == 1:
            factors = np.float32(scale.item()), np.float32(shift.item())
            ctx.call(kernels.preprocessing.rescale, x.reshape(-1), *factors, y.reshape(-1))
        else:
            ctx.python(_rescale_forward if y is ctx.output else _rescale_backward, scale, shift)
        return y


def _rescale_forward(ctx: Context, scale: Array, shift: Array) -> None:
    """By arrays, with numpy's broadcasting."""
    np.add(np.multiply(ctx.inputs[0], scale, out=ctx.output), shift, out=ctx.output)


def _rescale_backward(ctx: Context, scale: Array, shift: Array) -> None:
    np.multiply(ctx.output_gradients[0], scale, out=ctx.input_gradient())


class Normalization(rules.Normalization, Layer):
    tells = True
    needs_input = False
    needs_output = False

    def buffers(self, inputs: tuple[Sizes, ...], output: Sizes, training: bool) -> Buffers:
        """Mean and deviation of every number of a sample."""
        places: dict[str, Place] = {"mean": (output[1:], np.float32), "deviation": (output[1:], np.float32)}
        return Buffers(forward=places, backward=places)

    def _kept(self, rank: int) -> list[int]:
        """The axes with a mean of their own, counted from 0."""
        axes = () if self.axis is None else self.axis if isinstance(self.axis, (tuple, list)) else (self.axis,)
        return sorted(axis % rank for axis in axes)

    def adapt(self, data: Any) -> None:
        """Takes mean and variance from data: one array, or an iterable of batches. Builds the layer if it is not built.

        Raises ValueError if mean and variance were passed as arguments, if there is no data, or if a batch does not fit.
        """
        if self.given_mean is not None:
            raise ValueError(f"{self.name}: already has the mean and variance from its arguments: remove them to use adapt()")
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

    @cached_property
    def _given(self) -> tuple[Array, Array]:
        """Mean and variance as arguments."""
        return np.array(self.given_mean, np.float32), np.array(self.given_variance, np.float32)

    @property
    def mean(self) -> Any:
        """The mean that was passed, or that adapt() found, with an axis for each of the input's, as in Keras; None before."""
        return self._shown(0)

    @property
    def variance(self) -> Any:
        """The variance, likewise."""
        return self._shown(1)

    def _shown(self, place: int) -> Any:
        if self._weights_for is None or self._weights_for[0].dims is None:
            return (self.given_mean, self.given_variance)[place]
        values = self._given[place] if self.given_mean is not None else self.weights[place].value
        shape = self._weights_for[0].dims
        kept = self._kept(len(shape))
        sizes: list[Any] = [size if axis in kept else 1 for axis, size in enumerate(shape)]
        spread = [1] * len(shape)
        for i in range(1, values.ndim + 1):
            spread[kept[-i]] = values.shape[-i]
        return np.broadcast_to(values.reshape(spread), sizes)

    def _spread(self, ctx: Context, known: Array, place: Array) -> None:
        """One number for each feature -> for each position of a sample."""
        kept, sizes = self._kept(place.ndim + 1), [1] * (place.ndim + 1)
        for i in range(1, known.ndim + 1):
            sizes[kept[-i]] = known.shape[-i]
        ctx.call(kernels.strided_copy.copy, known, np.broadcast_to(known.reshape(sizes[1:]), place.shape), place, place)

    def _mean_and_deviation(self, ctx: Context) -> tuple[Array, Array]:
        given = (ctx.weight("mean"), ctx.weight("variance")) if self.given_mean is None else self._given
        mean, deviation = ctx.scratch("mean"), ctx.scratch("deviation")
        self._spread(ctx, given[0], mean)
        self._spread(ctx, given[1], deviation)
        ctx.call(kernels.preprocessing.deviations, deviation.reshape(-1), np.float32(LEAST_DEVIATION))
        return mean.reshape(-1), deviation.reshape(-1)

    def _standardize(self, ctx: Context, x: Array, mean: Array, deviation: Array, y: Array) -> Array:
        run = kernels.preprocessing.unstandardize if self.invert else kernels.preprocessing.standardize
        ctx.call(run, x.reshape(-1, mean.size), mean, deviation, y.reshape(-1, mean.size))
        return y

    def forward(self, ctx: Context, *inputs: Any) -> Any:
        return self._standardize(ctx, inputs[0], *self._mean_and_deviation(ctx), ctx.output)

    def backward(self, ctx: Context, *gradients: Any) -> None:
        dx = ctx.input_gradient()
        if dx is not None:
            mean, deviation = self._mean_and_deviation(ctx)
            ctx.call(kernels.copying.clear_all, mean)
            self._standardize(ctx, gradients[0], mean, deviation, dx)


def _batches(data: Any) -> Iterable[Array]:
    """One array, or the arrays of an iterable."""
    listed = isinstance(data, (list, tuple)) and not (len(data) and hasattr(data[0], "shape") and data[0].shape)
    if hasattr(data, "shape") or listed:
        return [np.asarray(data, np.float32)]
    return (np.asarray(batch, np.float32) for batch in data)


def _joined(one: tuple[float, Array, Array], two: tuple[float, Array, Array]) -> tuple[float, Array, Array]:
    """Count, mean and variance of two sets combined (Chan et al. 1983, eq. 2.1)."""
    count = one[0] + two[0]
    share = two[0] / count
    step = two[1] - one[1]
    return count, one[1] + step * share, one[2] * (1 - share) + two[2] * share + step * step * share * (1 - share)
