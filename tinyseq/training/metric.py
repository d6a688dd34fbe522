"""What all metrics share: running means over the samples of an epoch, and which targets fit which output."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.did_you_mean import Spelled
from tinyseq.training import formulas
from tinyseq.training.formulas import snake_case

Array = Any  # a numpy array: its operators have no useful types
Sizes = tuple[int, ...]


class Metric(Spelled):
    """update_state(y_true, y_pred, sample_weight) for each batch, result() at any time, reset_state() before an epoch.

    Arguments:
        name: its key in the logs; None: made from the class's name
        dtype: taken for Keras's sake: metrics are float64
    """

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        self.name = name or snake_case(type(self).__name__)
        self.reset_state()

    def reset_state(self) -> None:
        """Forgets everything seen."""
        raise NotImplementedError(f"{type(self).__name__} has no reset_state(): write it")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Adds one batch."""
        raise NotImplementedError(f"{type(self).__name__} has no update_state(y_true, y_pred, sample_weight): write it")

    def result(self) -> float:
        """The value over everything seen since the last reset."""
        raise NotImplementedError(f"{type(self).__name__} has no result(): write it")

    def check(self, target: Sizes, output: Sizes) -> None:
        """Raises ValueError if targets of that shape cannot be compared with an output of that one."""

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
        """Adds one batch and returns the result so far."""
        self.update_state(y_true, y_pred, sample_weight)
        return self.result()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Mean(Metric):
    """The weighted mean of the values given."""

    def reset_state(self) -> None:
        self._total = 0.0
        self._count = 0.0

    def add(self, value: float, weight: float = 1.0) -> None:
        """Adds one value."""
        self._total += value * weight
        self._count += weight

    def update_state(self, y_true: Any, y_pred: Any = None, sample_weight: Any = None) -> None:
        """`y_true` holds the values; there is nothing to compare them with."""
        array = np.asarray(y_true, np.float64)
        weight = np.ones_like(array) if sample_weight is None else np.broadcast_to(sample_weight, array.shape)
        self._total += float((array * weight).sum())
        self._count += float(weight.sum())

    def result(self) -> float:
        return self._total / self._count if self._count else 0.0


class MeanOverRows(Mean):
    """The mean of one number for each row; subclasses define `rows(y_true, p)`, with p of shape (..., size)."""

    def rows(self, y_true: Array, p: Array) -> Array:
        """One number for each row: shape p.shape[:-1], or fewer axes."""
        raise NotImplementedError

    def update_state(self, y_true: Any, y_pred: Any = None, sample_weight: Any = None) -> None:
        p = np.asarray(y_pred, np.float32)
        p = p if p.ndim > 1 else p[:, None]
        self.check(np.shape(y_true), p.shape)
        values = np.asarray(self.rows(np.asarray(y_true), p), np.float64)
        if sample_weight is None:
            self._total += float(values.sum())
            self._count += values.size
            return
        weight = formulas.row_weights(sample_weight, values.shape).reshape(values.shape)
        self._total += float((values * weight).sum())
        self._count += float(weight.sum())


class OfNumbers(Metric):
    """A metric of targets that are shaped like the output: 0 or 1, or one-hot."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if target == output or (*target, 1) == output:
            return
        edit = f"pass targets of shape {output}"
        if target in (output[:-1], (*output[:-1], 1)):
            edit = f"make them one-hot, tinyseq.utils.to_categorical(y, {output[-1]}), or write metrics=['sparse_categorical_accuracy']"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} cannot be compared with the output {output}: {edit}")


class OfLabels(Metric):
    """A metric of targets that are numbers of classes."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if target in (output[:-1], (*output[:-1], 1)):
            return
        edit = "write metrics=['categorical_accuracy']" if target == output else f"pass class numbers, of shape {output[:-1]}"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} are not classes of the output {output}: {edit}")


def same_rank(y_true: Array, p: Array) -> Array:
    return y_true[..., None] if y_true.ndim == p.ndim - 1 else y_true
