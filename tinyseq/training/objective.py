"""The loss of one batch, as the engine computes it: shards of the batch in any order, from any thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyseq.engine.partition import Shard
from tinyseq.kernels.runtime.calls import Calls
from tinyseq.training import formulas
from tinyseq.training.loss import ArrayLoss, KernelLoss, Loss

Array = Any  # a numpy array: its operators have no useful types


class Part:
    """The loss of one output: its targets, weights and losses row by row.

    Arguments:
        loss: of this output
        scale: its factor in the sum of all outputs' losses
        shape: of the output, the batch axis the batch's size
        target: the targets as the caller gave them
        weight: sample weights as the caller gave them, or None
    """

    def __init__(self, loss: Loss, scale: float, shape: tuple[int, ...], target: Any, weight: Any) -> None:
        self.loss = loss
        self.scale = scale
        self.size = shape[0]
        target = np.asarray(target)
        rank = len(shape)
        target = loss.rows_last(target, rank)
        full = np.moveaxis(np.empty(shape, np.bool_), loss.axis, -1).shape if loss.axis not in (-1, rank - 1) else shape
        full = full if rank > 1 else (*shape, 1)
        weights = formulas.row_weights(weight, full[:-1])
        counted = loss.counted(target, full)
        self.weights = weights if counted is None else weights * counted
        self.divisor = loss.divisor(self.weights, counted)
        self.reported = self.divisor if loss.reduction != "none" else float(len(weights))
        self.scaled = self.weights * np.float32(scale / self.divisor)
        """The sample weights of the gradient."""
        self.targets = loss.targets(target, full)
        self.rows: Array = np.zeros(len(weights), np.float32)

    def compute(self, shard: Shard, output: Array, gradient: Array | None) -> None:
        """Loss and gradient of one shard, by Python."""
        each = len(self.rows) // self.size
        rows = slice(shard.start * each, shard.stop * each)
        moved = self.loss.rows_last(output, output.ndim)
        p, t = formulas.as_rows(np.ascontiguousarray(moved)), self.targets[rows]
        self.rows[rows] = self.loss.rows(t, p)
        if gradient is None:
            return
        place = self.loss.rows_last(gradient, gradient.ndim)
        slopes = formulas.as_rows(gradient) if place is gradient else np.empty_like(p)
        self.loss.slopes(t, p, self.scaled[rows], slopes)
        if place is not gradient:
            place[...] = slopes.reshape(place.shape)

    def value(self) -> float:
        """The reduced loss, after all shards."""
        return float(np.dot(self.rows.astype(np.float64), self.weights)) / self.reported


class ArrayPart(Part):
    """Like Part, for a loss of whole arrays."""

    def __init__(self, loss: ArrayLoss, scale: float, shape: tuple[int, ...], target: Any, weight: Any) -> None:
        self.loss: ArrayLoss = loss
        self.scale = scale
        self.size = shape[0]
        self.targets = loss.prepared(target, shape)
        self.weight = None if weight is None else np.asarray(weight, np.float32)
        self.rows = np.zeros(shape[0])
        self.scaled = np.zeros(0, np.float32)

    def compute(self, shard: Shard, output: Array, gradient: Array | None) -> None:
        samples = slice(shard.start, shard.stop)
        values = np.asarray(self.loss.values(self.targets[samples], output))
        weights, divisor, reported = self._weights(samples, values)
        scaled = values * weights
        self.rows[samples] = scaled.reshape(len(output), -1).sum(1) / reported if scaled.ndim else scaled / len(output)
        if gradient is not None:
            gradient[...] = self.loss.gradient(self.targets[samples], output, weights * np.float32(self.scale / divisor))

    def _weights(self, samples: slice, values: Array) -> tuple[Array, float, float]:
        """A weight for each value, by what their sum is divided, and by what it is divided in logs."""
        if not values.ndim:  # one number for the whole batch
            reduced = np.mean if self.loss.reduction in ("sum_over_batch_size", "mean") else np.sum
            return np.float32(1.0 if self.weight is None else reduced(self.weight)), 1.0, 1.0
        counted = self.loss.counts(values)
        weights = formulas.row_weights(None if self.weight is None else self.weight[samples], values.shape).reshape(values.shape)
        weights = weights if counted is None else weights * counted
        share = self.size / len(values)
        divisor = self.loss.divisor(weights, counted)
        divisor *= 1.0 if self.loss.reduction in ("sum", "none") else share
        return weights, divisor, divisor if self.loss.reduction != "none" else values.size * share

    def value(self) -> float:
        return float(self.rows.sum())


class Objective:
    """The losses of all outputs on one batch."""

    def __init__(
        self, chosen: Sequence[Loss | None], scales: Sequence[float], outputs: Sequence[tuple[int, ...]], batch: Any
    ) -> None:
        self.chosen = chosen
        self.parts: list[Part | None] = []
        for loss, scale, shape, target, weight in zip(chosen, scales, outputs, batch.targets, batch.weights, strict=True):
            full = (batch.size, *shape[1:])
            kind: Any = ArrayPart if isinstance(loss, ArrayLoss) else Part
            self.parts.append(None if loss is None else kind(loss, scale, full, target, weight))
        kernels = [None if part is None else part.loss.kernels() for part in self.parts]
        self.kernels = tuple(kernels) if None not in kernels else None
        """The kernels for a shard's loss and gradient, if Python is not needed (engine/program.py)."""

    @property
    def rows(self) -> list[Array]:
        """The loss of each row, one array for each output that has a loss, once the step is computed."""
        return [part.rows for part in self.parts if part is not None]

    @property
    def arrays(self) -> list[Array]:
        """The arrays of a shard's loss besides outputs and gradients: whole batches, of which it uses its rows."""
        parts = [part for part in self.parts if part is not None]
        return [array for name in ("targets", "scaled", "rows") for array in (getattr(part, name) for part in parts)]

    def tell(self, calls: Calls, arrays: Sequence[Array], outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        """The calls for one shard, which has its rows of `arrays`."""
        count = len(self.chosen)
        for index, loss in enumerate(self.chosen):
            assert isinstance(loss, KernelLoss)
            targets, scaled, rows = (arrays[index + part * count] for part in range(3))
            p, gradient = formulas.as_rows(outputs[index]), formulas.as_rows(gradients[index])
            loss.tell_rows(calls, targets, p, rows)
            loss.tell_slopes(calls, targets, p, scaled, gradient)

    def __call__(self, shard: Shard, outputs: Sequence[Array], gradients: Sequence[Array]) -> None:
        """Loss and gradient of one shard."""
        for index, part in enumerate(self.parts):
            if part is not None:
                part.compute(shard, outputs[index], gradients[index] if gradients else None)
            elif gradients:
                gradients[index].fill(0)

    def values(self) -> list[float]:
        """The reduced loss of each output, after all shards."""
        return [0.0 if part is None else part.value() for part in self.parts]
