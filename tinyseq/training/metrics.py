"""Metrics under Keras's names: running means over the samples of an epoch, and the automatic choice of an accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinyseq.nearest import Spelled, attributes_of, not_known
from tinyseq.training import formulas, losses
from tinyseq.training.formulas import snake_case

Array = Any  # a numpy array: its operators have no useful types
Sizes = tuple[int, ...]


class Metric(Spelled):
    """update_state(y_true, y_pred, sample_weight) for each batch, result() at any time, reset_state() before an epoch."""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        self.name = name or snake_case(type(self).__name__)
        self.reset_state()

    def reset_state(self) -> None:
        """Forget everything seen."""
        raise NotImplementedError(f"{type(self).__name__} has no reset_state(): write it")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """See one batch."""
        raise NotImplementedError(f"{type(self).__name__} has no update_state(y_true, y_pred, sample_weight): write it")

    def result(self) -> float:
        """The value over everything seen since the last reset."""
        raise NotImplementedError(f"{type(self).__name__} has no result(): write it")

    def check(self, target: Sizes, output: Sizes) -> None:
        """Raises ValueError if targets of that shape cannot be compared with an output of that one."""

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
        """Sees one batch and gives the result so far."""
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
        """One value."""
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
    """The mean of one number a row; subclasses say `rows(y_true, p)`, p as it is predicted (..., size)."""

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
        edit = f"give targets of shape {output}"
        if target in (output[:-1], (*output[:-1], 1)):
            edit = f"make them one-hot, tinyseq.utils.to_categorical(y, {output[-1]}), or write metrics=['sparse_categorical_accuracy']"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} cannot be compared with the output {output}: {edit}")


class OfLabels(Metric):
    """A metric of targets that are numbers of classes."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if target in (output[:-1], (*output[:-1], 1)):
            return
        edit = "write metrics=['categorical_accuracy']" if target == output else f"give numbers of classes, of shape {output[:-1]}"
        raise ValueError(f"metric {self.name!r}: targets of shape {target} are no classes of the output {output}: {edit}")


class Accuracy(OfNumbers, MeanOverRows):
    """How often prediction and target are equal."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return (_same_rank(y_true, p) == p).mean(-1)


class BinaryAccuracy(OfNumbers, MeanOverRows):
    """How often p > threshold says what the target 0 or 1 says."""

    def __init__(self, name: str | None = None, dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(name, dtype)
        self.threshold = threshold

    def rows(self, y_true: Array, p: Array) -> Array:
        return (_same_rank(y_true, p) == (p > self.threshold)).mean(-1)


class CategoricalAccuracy(OfNumbers, MeanOverRows):
    """How often the greatest p stands where the one-hot row has its greatest."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return y_true.argmax(-1) == p.argmax(-1)


class SparseCategoricalAccuracy(OfLabels, MeanOverRows):
    """How often the greatest p stands at the label."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return _labels(y_true, p) == p.argmax(-1)


class TopKCategoricalAccuracy(OfNumbers, MeanOverRows):
    """How often the class of the one-hot row is among the k greatest p."""

    def __init__(self, k: int = 5, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.k = k

    def rows(self, y_true: Array, p: Array) -> Array:
        return _in_top(y_true.argmax(-1), p, self.k)


class SparseTopKCategoricalAccuracy(OfLabels, TopKCategoricalAccuracy):
    """How often the label is among the k greatest p."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return _in_top(_labels(y_true, p), p, self.k)


def _same_rank(y_true: Array, p: Array) -> Array:
    return y_true[..., None] if y_true.ndim == p.ndim - 1 else y_true


def _labels(y_true: Array, p: Array) -> Array:
    return y_true[..., 0] if y_true.ndim == p.ndim and y_true.shape[-1] == 1 else y_true


def _in_top(labels: Array, p: Array, k: int) -> Array:
    own = np.take_along_axis(p, labels.astype(np.int64)[..., None], -1)
    return (p > own).sum(-1) < k


class LossMetric(MeanOverRows):
    """A loss as a metric: the mean of its rows."""

    def __init__(self, loss: losses.Loss, name: str | None = None) -> None:
        super().__init__(name or loss.name)
        self.loss = loss

    def rows(self, y_true: Array, p: Array) -> Array:
        return self.loss.rows(self.loss.targets(y_true, p.shape), formulas.as_rows(np.ascontiguousarray(p))).reshape(p.shape[:-1])


class MeanSquaredError(LossMetric):
    """mean((p - t)^2)"""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(losses.MeanSquaredError(), name)


class MeanAbsoluteError(LossMetric):
    """mean(|p - t|)"""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(losses.MeanAbsoluteError(), name)


class RootMeanSquaredError(MeanSquaredError):
    """sqrt(mean((p - t)^2)) over everything seen"""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name or "root_mean_squared_error", dtype)

    def result(self) -> float:
        return float(np.sqrt(super().result()))


class _Confusion(OfNumbers):
    """Counts of right and wrong yes and no at a threshold."""

    def __init__(self, thresholds: float | None = None, name: str | None = None, dtype: Any = None) -> None:
        self.threshold = 0.5 if thresholds is None else float(thresholds)
        super().__init__(name, dtype)

    def reset_state(self) -> None:
        self.true_yes = self.false_yes = self.true_no = self.false_no = 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        p = np.asarray(y_pred, np.float32)
        p = p if p.ndim > 1 else p[:, None]
        self.check(np.shape(y_true), p.shape)
        t = _same_rank(np.asarray(y_true), p).astype(bool)
        yes = p > self.threshold
        weight = np.ones(p.shape) if sample_weight is None else _over(np.asarray(sample_weight, np.float64), p)
        self.true_yes += float(weight[yes & t].sum())
        self.false_yes += float(weight[yes & ~t].sum())
        self.true_no += float(weight[~yes & ~t].sum())
        self.false_no += float(weight[~yes & t].sum())


def _over(weight: Array, p: Array) -> Array:
    return np.broadcast_to(weight.reshape(weight.shape + (1,) * (p.ndim - weight.ndim)), p.shape)


class Precision(_Confusion):
    """Of those said yes, how many are"""

    def result(self) -> float:
        return self.true_yes / (self.true_yes + self.false_yes) if self.true_yes else 0.0


class Recall(_Confusion):
    """Of those that are, how many were said yes"""

    def result(self) -> float:
        return self.true_yes / (self.true_yes + self.false_no) if self.true_yes else 0.0


class TruePositives(_Confusion):
    """How many were rightly said yes"""

    def result(self) -> float:
        return self.true_yes


class FalsePositives(_Confusion):
    """How many were wrongly said yes"""

    def result(self) -> float:
        return self.false_yes


class TrueNegatives(_Confusion):
    """How many were rightly said no"""

    def result(self) -> float:
        return self.true_no


class FalseNegatives(_Confusion):
    """How many were wrongly said no"""

    def result(self) -> float:
        return self.false_no


CLASSES: dict[str, type[Metric]] = {
    cls.__name__: cls
    for cls in (
        Mean, Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, TopKCategoricalAccuracy,
        SparseTopKCategoricalAccuracy, MeanSquaredError, MeanAbsoluteError, RootMeanSquaredError, Precision, Recall,
        TruePositives, FalsePositives, TrueNegatives, FalseNegatives,
    )
}  # fmt: skip

_SNAKE = {snake_case(name): cls for name, cls in CLASSES.items()}

AUTOMATIC = ("accuracy", "acc")
"""Names whose accuracy is chosen by output and targets."""


class Function(MeanOverRows):
    """A metric that is a function (y_true, y_pred) -> numbers of the user's own."""

    def __init__(self, function: Any) -> None:
        super().__init__(getattr(function, "__name__", "metric"))
        self.function = function

    def rows(self, y_true: Array, p: Array) -> Array:
        return np.atleast_1d(np.asarray(self.function(y_true, p)))


def get(identifier: Any, output: tuple[int, ...] | None = None, target: tuple[int, ...] | None = None) -> Metric:
    """A metric from a name, a class, a function or a metric; "accuracy" by the shapes of output and target."""
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Metric):
        return identifier()
    if isinstance(identifier, losses.Loss):
        return LossMetric(identifier)
    if isinstance(identifier, str):
        if identifier in AUTOMATIC:
            assert output is not None and target is not None
            return accuracy_for(output, target)(identifier)
        found = _SNAKE.get(identifier) or CLASSES.get(identifier)
        if found is not None:
            return found(name=identifier) if identifier.islower() else found()
        if identifier in losses.NAMES:
            return LossMetric(losses.get(identifier), identifier)
    elif callable(identifier):
        return Function(identifier)
    from shapecheck.compiled_words import METRICS

    instead = "write metrics=['precision', 'recall'], say, or a tinyseq.metrics.Metric of your own"
    raise not_known("metric", identifier, known_names(), METRICS - known_names(), instead)


def known_names() -> set[str]:
    """Every string that names a metric."""
    return {*AUTOMATIC, *_SNAKE, *CLASSES, *losses.NAMES}


def accuracy_for(output: tuple[Any, ...], target: tuple[Any, ...]) -> type[Metric]:
    """Keras's choice: last axis 1 -> binary; target like the output -> categorical; else sparse categorical."""
    if output[-1] == 1:
        return BinaryAccuracy
    one_hot = len(target) == len(output) and target[-1] == output[-1]
    return CategoricalAccuracy if one_hot else SparseCategoricalAccuracy


if not TYPE_CHECKING:  # so that mypy goes on to see names that are not there
    __getattr__ = attributes_of(__name__)
