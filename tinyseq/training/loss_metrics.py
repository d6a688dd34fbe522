"""Losses and correlations as metrics: the mean of one number for each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training import losses
from tinyseq.training.formulas import LEAST, same_ranks
from tinyseq.training.metric import Array, Mean, MeanOverRows, OfNumbers


class LossMetric(MeanOverRows):
    """A loss as a metric: the mean of its rows.

    Arguments:
        loss: the loss that is measured
    """

    def __init__(self, loss: losses.Loss, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name or loss.name, dtype)
        self.loss = loss

    def rows(self, y_true: Array, p: Array) -> Array:
        return np.asarray(self.loss.call(y_true, p))


class _Plain(LossMetric):
    """The loss of the same name, of the class itself or of the one that a subclass derives from."""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        kind = next(one.__name__ for one in type(self).__mro__ if one.__module__ == __name__)
        super().__init__(losses.CLASSES[kind](), name, dtype)


class MeanSquaredError(_Plain):
    """mean((p - t)^2)"""


class MeanAbsoluteError(_Plain):
    """mean(|p - t|)"""


class MeanAbsolutePercentageError(_Plain):
    """100 mean(|t - p| / max(|t|, 1e-7))"""


class MeanSquaredLogarithmicError(_Plain):
    """mean((log(1 + t) - log(1 + p))^2), both at least 1e-7"""


class KLDivergence(_Plain):
    """sum(t log(t/p)), both held to [1e-7, 1]"""


class Poisson(_Plain):
    """mean(p - t log p)"""


class Hinge(_Plain):
    """mean(max(1 - t p, 0)) for t in {-1, 1}; targets 0 and 1 are taken as -1 and 1"""


class SquaredHinge(_Plain):
    """mean(max(1 - t p, 0)^2)"""


class CategoricalHinge(_Plain):
    """max(1 + greatest p of the wrong classes - p of the right one, 0)"""


class LogCoshError(LossMetric):
    """mean(log(cosh(p - t)))"""

    def __init__(self, name: str | None = "logcosh", dtype: Any = None) -> None:
        super().__init__(losses.LogCosh(), name, dtype)


class RootMeanSquaredError(OfNumbers, Mean):
    """sqrt(mean((p - t)^2)) over everything seen"""

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        self.check(np.shape(y_true), np.shape(y_pred))
        t, p = same_ranks(np.asarray(y_true, np.float32), np.asarray(y_pred, np.float32))
        super().update_state(np.square(p - t), sample_weight)

    def result(self) -> float:
        return float(np.sqrt(super().result()))


class BinaryCrossentropy(LossMetric):
    """mean(-(t log p + (1 - t) log(1 - p)))

    Arguments:
        from_logits: True: predictions are numbers before the sigmoid
        label_smoothing: from 0 to 1: how far targets are moved towards one half
    """

    def __init__(
        self, name: str | None = "binary_crossentropy", dtype: Any = None, from_logits: bool = False, label_smoothing: float = 0
    ) -> None:
        super().__init__(losses.BinaryCrossentropy(from_logits, label_smoothing), name, dtype)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(LossMetric):
    """-sum(t log p)

    Arguments:
        from_logits: True: predictions are numbers before the softmax
        label_smoothing: from 0 to 1: how far targets are moved towards equal shares of all classes
        axis: of the classes
    """

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(losses.CategoricalCrossentropy(from_logits, label_smoothing, axis), name, dtype)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(LossMetric):
    """-log p[label]

    Arguments:
        from_logits: True: predictions are numbers before the softmax
        axis: of the classes
    """

    def __init__(
        self, name: str | None = "sparse_categorical_crossentropy", dtype: Any = None, from_logits: bool = False, axis: int = -1
    ) -> None:
        super().__init__(losses.SparseCategoricalCrossentropy(from_logits, axis=axis), name, dtype)
        self.from_logits = from_logits
        self.axis = axis


class CosineSimilarity(LossMetric):
    """cos of the angle between t and p: 1 where they point the same way; the loss of this name is -cos

    Arguments:
        axis: of the vectors
    """

    def __init__(self, name: str | None = "cosine_similarity", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(losses.CosineSimilarity(axis), name, dtype)
        self.axis = axis

    def rows(self, y_true: Array, p: Array) -> Array:
        return -super().rows(y_true, p)


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Array:
    """mean of (t - mean t)(p - mean p) / (deviation of t, deviation of p), from -1 to 1. Pearson (1895).

    Arguments:
        y_true: targets
        y_pred: predictions of the same shape
        axis: of the numbers that are correlated
    """
    t, p = same_ranks(np.asarray(y_true, np.float32), np.asarray(y_pred, np.float32))
    t, p = (x - x.mean(axis, keepdims=True) for x in (t, p))
    return np.mean(t / t.std(axis, keepdims=True) * (p / p.std(axis, keepdims=True)), axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Array:
    """2 covariance / (variance of t + variance of p + (mean t - mean p)^2). Lin (1989), with Keras's covariance about the mean of p.

    Arguments:
        y_true: targets
        y_pred: predictions of the same shape
        axis: of the numbers that are correlated
    """
    t, p = same_ranks(np.asarray(y_true, np.float32), np.asarray(y_pred, np.float32))
    t_mean, p_mean = t.mean(axis, keepdims=True), p.mean(axis, keepdims=True)
    spread = t.var(axis, keepdims=True) + p.var(axis, keepdims=True) + (t_mean - p_mean) ** 2
    return np.mean(2 * (t - p_mean) * (p - p_mean) / (spread + LEAST), axis)


class PearsonCorrelation(OfNumbers, MeanOverRows):
    """How far t and p lie on a line, from -1 to 1. Pearson (1895).

    Arguments:
        axis: of the numbers that are correlated
    """

    def __init__(self, name: str | None = "pearson_correlation", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(name, dtype)
        self.axis = axis

    def rows(self, y_true: Array, p: Array) -> Array:
        return pearson_correlation(y_true, p, self.axis)


class ConcordanceCorrelation(PearsonCorrelation):
    """How far t and p agree, from -1 to 1. Lin (1989)."""

    def __init__(self, name: str | None = "concordance_correlation", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(name, dtype, axis)

    def rows(self, y_true: Array, p: Array) -> Array:
        return concordance_correlation(y_true, p, self.axis)
