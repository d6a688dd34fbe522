"""Losses under Keras's names. Each works on rows: the last axis is one row, axes before it are samples (and steps).

A loss is one number for each row, the mean (for cross-entropies the sum) over the row. The reduction makes one number of them:
    sum_over_batch_size: sum(weight * loss) / number of rows      sum: sum(weight * loss)
    mean_with_sample_weight: sum(weight * loss) / sum(weight)     none: all of them
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from tinyseq.declared import holds
from tinyseq.did_you_mean import Spelled
from tinyseq.kernels.runtime.calls import AtOnce, Calls
from tinyseq.training import formulas

Array = Any  # a numpy array: its operators have no useful types

REDUCTIONS = ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight")


class Loss(Spelled):
    """A number that training minimises. Subclasses, yours too, define `rows` and `slopes`.

    rows(t, p) -> (n,): the loss of each row of p (n, size), with targets t: (n, size), or labels (n,) int64 if `sparse`.
    slopes(t, p, weight, g): writes the gradient of sum(weight[n] * loss[n]) with respect to p into g.

    Arguments:
        name: its name in messages; None: made from the class's name
        reduction: how the rows become one number: "sum_over_batch_size" (their mean), "sum",
            "mean_with_sample_weight", or "none" (all of them)
        dtype: taken for Keras's sake: losses are float32
    """

    sparse = False
    """Targets are class labels, not rows."""
    fuses: str | None = None
    """The last activation with which it works on logits: "softmax" or "sigmoid"."""

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: Any = None) -> None:
        if reduction == "auto":
            reduction = "sum_over_batch_size"
        if (reduction or "none") not in REDUCTIONS:
            raise ValueError(f"reduction={reduction!r} is not known: use one of {', '.join(REDUCTIONS)}")
        self.name = name or formulas.snake_case(type(self).__name__)
        self.reduction = reduction or "none"

    def rows(self, t: Array, p: Array) -> Array:
        """The loss of each row."""
        raise NotImplementedError(f"{type(self).__name__} has no rows(t, p): write it")

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        """The gradient of the weighted sum of the rows."""
        raise NotImplementedError(f"{type(self).__name__} has no slopes(t, p, weight, g): it can measure but not train")

    def kernels(self) -> tuple[Any, ...] | None:
        """The kernels (and their constants) that compute rows and slopes; None if Python does."""
        return None

    def on_logits(self) -> Loss:
        """The same loss of what comes before the activation that it fuses with."""
        raise NotImplementedError

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        """Targets as rows for predictions of `shape`. ValueError if they do not fit."""
        return formulas.sparse_targets(y_true, shape) if self.sparse else formulas.dense_targets(y_true, shape)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The reduced loss: a float, or an array if reduction is "none"."""
        p = np.ascontiguousarray(y_pred, np.float32)
        shape = p.shape
        p = formulas.as_rows(p)
        t = self.targets(y_true, shape if len(shape) > 1 else (*shape, 1))
        losses = self.rows(t, p).astype(np.float64)
        outer = shape[:-1] if len(shape) > 1 else shape
        weight = formulas.row_weights(sample_weight, outer)
        if self.reduction == "none":
            return (losses * weight).astype(np.float32).reshape(outer)
        total = float((losses * weight).sum())
        return total / self.divisor(weight)

    def divisor(self, weight: Array) -> float:
        """By what the weighted sum of all rows is divided."""
        if self.reduction == "mean_with_sample_weight":
            return float(weight.sum()) or 1.0
        return float(len(weight)) if self.reduction == "sum_over_batch_size" else 1.0

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        return dict(self.__dict__)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class KernelLoss(Loss):
    """A loss whose rows and slopes are kernels of that name."""

    tells = True
    module = "regression"
    kernel: str
    """What rows and slopes compute, unless a subclass writes them anew."""

    def _find(self, suffix: str = "") -> Any:
        return getattr(import_module(f"tinyseq.kernels.losses.{self.module}"), self.kernel + suffix)

    def constants(self) -> tuple[Any, ...]:
        """Between targets and outputs in the kernel's arguments."""
        return ()

    def kernels(self) -> tuple[Any, ...] | None:
        if not holds(type(self), "tells", "rows", "slopes"):
            return None
        return (self._find(), self._find("_gradient"), *self.constants())

    def tell_rows(self, calls: Calls, t: Array, p: Array, losses: Array) -> None:
        """The call that writes the loss of each row."""
        calls.call(self._find(), p, t, *self.constants(), losses, 0, len(p))

    def tell_slopes(self, calls: Calls, t: Array, p: Array, weight: Array, g: Array) -> None:
        """The call that writes the gradient."""
        calls.call(self._find("_gradient"), p, t, *self.constants(), weight, g, 0, len(p))

    def rows(self, t: Array, p: Array) -> Array:
        losses = np.empty(len(p), np.float32)
        self.tell_rows(AtOnce(), t, p, losses)
        return losses

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        self.tell_slopes(AtOnce(), t, p, weight, g)
