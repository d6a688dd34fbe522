"""Losses under Keras's names. Each works on rows: the last axis is one row, axes before it are samples (and steps).

A loss is one number for each row, the mean (for cross-entropies the sum) over the row. The reduction combines them to one number:
    sum_over_batch_size: sum(weight * loss) / number of rows      sum: sum(weight * loss)
    mean_with_sample_weight: sum(weight * loss) / sum(weight)     none: all of them
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from tinyseq.declared import holds
from tinyseq.did_you_mean import Spelled
from tinyseq.documented import arguments
from tinyseq.kernels.runtime.calls import AtOnce, Calls
from tinyseq.layers.symbolic import SymbolicTensor
from tinyseq.training import formulas
from tinyseq.training.loss_tensors import reduced_tensor
from tinyseq.training.user_warning import say

Array = Any  # a numpy array: its operators have no useful types

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "none", "mean_with_sample_weight")


class Loss(Spelled):
    """A number that training minimises. Subclasses, yours too, define `rows` and `slopes`, or, as in Keras, `call`.

    rows(t, p) -> (n,): the loss of each row of p (n, size), with targets t: (n, size), or labels (n,) int64 if `sparse`.
    slopes(t, p, weight, g): writes the gradient of sum(weight[n] * loss[n]) with respect to p into g.
    call(y_true, y_pred) -> a number for each sample, from arrays of any shape; its gradient is taken by differences.

    Arguments:
        name: its name in messages; None: derived from the class name
        reduction: how the rows become one number: "sum_over_batch_size" or "mean" (their mean), "sum",
            "mean_with_sample_weight", or "none" (all of them)
        dtype: "float32" or None; another one has no effect, and a warning says so
    """

    sparse = False
    """Targets are class labels, not rows."""
    stretches = True
    """One target for a whole row will do."""
    fuses: str | None = None
    """The last activation with which it works on logits: "softmax" or "sigmoid"."""
    axis: Any = -1
    """Of the rows. Another one is moved to the end, by Python."""

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: Any = None) -> None:
        if reduction == "auto":
            reduction = "sum_over_batch_size"
        if reduction is not None and (not isinstance(reduction, str) or reduction not in REDUCTIONS):
            raise ValueError(f"reduction={reduction!r} is not known: use one of {', '.join(REDUCTIONS)}")
        self.name = name or formulas.snake_case(type(self).__name__)
        if dtype is not None and (dtype if isinstance(dtype, str) else np.dtype(dtype).name) != "float32":
            say(f"{self.name}: dtype={dtype!r} has no effect: losses are computed in float32")
        self.reduction = reduction or "none"

    @property
    def dtype(self) -> str:
        """Always float32."""
        return "float32"

    def rows(self, t: Array, p: Array) -> Array:
        """The loss of each row."""
        raise NotImplementedError(f"{type(self).__name__} has no rows(t, p), and no call(y_true, y_pred): write one of them")

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        """The gradient of the weighted sum of the rows."""
        raise NotImplementedError(f"{type(self).__name__} has no slopes(t, p, weight, g): it can be measured but not trained with")

    def kernels(self) -> tuple[Any, ...] | None:
        """The kernels (and their constants) that compute rows and slopes; None if Python does."""
        return None

    def on_logits(self) -> Loss:
        """The same loss of the input of the activation that it fuses with."""
        raise NotImplementedError

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        """Targets as rows for predictions of `shape`. ValueError if they do not fit."""
        return formulas.sparse_targets(y_true, shape) if self.sparse else formulas.dense_targets(y_true, shape, self.stretches)

    def counted(self, y_true: Any, shape: tuple[int, ...]) -> Array | None:
        """Whether each row counts; None: all of them do."""
        return None

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each row, not reduced: an array without the last axis."""
        t, p, outer = self.arranged(y_true, y_pred)
        losses = self.rows(self.targets(t, p.shape), formulas.as_rows(p))
        counted = self.counted(t, p.shape)
        return (losses if counted is None else losses * counted).reshape(outer)

    def arranged(self, y_true: Any, y_pred: Any) -> tuple[Array, Array, tuple[int, ...]]:
        """Targets, predictions (n, size) or (..., size) with the rows' axis last, and the shape of the losses."""
        p = np.asarray(y_pred, np.float32)
        t = np.asarray(y_true)
        if not p.ndim:
            raise ValueError(f"{self.name}: y_pred={p} is one number: pass an array, for example y_pred=[{p}]")
        if not self.sparse:
            t, p = formulas.same_ranks(t, p)
        t, p = self.rows_last(t, p.ndim), self.rows_last(p, p.ndim)
        if p.ndim == 1:
            return t.reshape(1, *(() if self.sparse else t.shape)), np.ascontiguousarray(p[None]), ()
        return t, np.ascontiguousarray(p), p.shape[:-1]

    def rows_last(self, array: Array, rank: int) -> Array:
        """The array with the rows' axis last, if it has it."""
        return array if self.axis in (-1, rank - 1) or array.ndim != rank else np.moveaxis(array, self.axis, -1)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The reduced loss: a float, or an array if reduction is "none"."""
        if isinstance(y_pred, SymbolicTensor):
            return reduced_tensor(self, y_true, y_pred, sample_weight)
        if type(self).call is not Loss.call:
            return self.reduced(np.asarray(self.call(np.asarray(y_true), np.asarray(y_pred, np.float32))), None, sample_weight)
        t, p, outer = self.arranged(y_true, y_pred)
        losses = self.rows(self.targets(t, p.shape), formulas.as_rows(p)).reshape(outer)
        counted = self.counted(t, p.shape)
        return self.reduced(losses, None if counted is None else counted.reshape(outer), sample_weight)

    def reduced(self, losses: Array, counted: Array | None, sample_weight: Any) -> Any:
        """One number, or all of them, of losses of any shape."""
        weight = np.ones(losses.shape, np.float32) if counted is None else counted.astype(np.float32)
        if sample_weight is not None and losses.ndim == 0:
            weight = np.asarray(sample_weight, np.float32)
        elif sample_weight is not None:
            weight = weight * formulas.row_weights(sample_weight, losses.shape).reshape(losses.shape)
        scaled = losses.astype(np.float64) * weight
        if self.reduction == "none" or scaled.ndim == 0:
            return scaled.astype(np.float32) if scaled.ndim else float(scaled)
        return float(scaled.sum()) / self.divisor(weight, counted)

    def divisor(self, weight: Array, counted: Array | None = None) -> float:
        """The divisor of the weighted sum of all rows."""
        if self.reduction == "mean_with_sample_weight":
            return float(weight.sum()) or 1.0
        if self.reduction in ("sum", "none"):
            return 1.0
        return float(weight.size if counted is None else counted.sum()) or 1.0

    def get_config(self) -> dict[str, Any]:
        """The arguments that create it again."""
        return {name: getattr(self, name) for name in arguments(type(self)) if name != "dtype" and hasattr(self, name)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A new loss with these arguments.

        Arguments:
            config: what get_config returned
        """
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class KernelLoss(Loss):
    """A loss whose rows and slopes are kernels of that name."""

    tells = True
    module = "regression"
    kernel: str
    """What rows and slopes compute, unless a subclass overrides them."""

    def _find(self, suffix: str = "") -> Any:
        return getattr(import_module(f"tinyseq.kernels.losses.{self.module}"), self.kernel + suffix)

    def constants(self) -> tuple[Any, ...]:
        """Between targets and outputs in the kernel's arguments."""
        return ()

    def kernels(self) -> tuple[Any, ...] | None:
        if not holds(type(self), "tells", "rows", "slopes") or self.axis != -1:
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


class ArrayLoss(Loss):
    """A loss of whole arrays: `values(t, p)`, and `gradient(t, p, weight)` of sum(weight * values) with respect to p.

    t and p are as the caller has them, with the samples first; values have the samples first too, or are one number if `whole`.
    """

    whole = False
    """It needs all samples of a batch at once."""

    def values(self, t: Array, p: Array) -> Array:
        """The losses, not reduced."""
        raise NotImplementedError

    def gradient(self, t: Array, p: Array, weight: Array) -> Array:
        """Shaped like p; `weight` is shaped like the values."""
        raise NotImplementedError

    def prepared(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        """Targets as `values` takes them. ValueError if they do not fit predictions of that shape."""
        t, _ = formulas.same_ranks(np.asarray(y_true, np.float32), np.empty(shape, np.bool_))
        if t.shape != shape:
            raise ValueError(f"targets have shape {t.shape}, predictions {shape}: pass targets of shape {shape}")
        return t

    def counts(self, values: Array) -> Array | None:
        """Which values count; None: all of them."""
        return None

    def call(self, y_true: Any, y_pred: Any) -> Any:
        p = np.asarray(y_pred, np.float32)
        return self.values(self.prepared(y_true, p.shape), p)

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        values = np.asarray(self.call(y_true, y_pred))
        return self.reduced(values, self.counts(values), sample_weight)
