"""Metrics under Keras's names, and the automatic choice of an accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shapecheck.known_names import METRICS
from tinyseq.argument_types import is_number
from tinyseq.did_you_mean import attributes_of, not_known
from tinyseq.training import formulas, losses
from tinyseq.training.arguments import count
from tinyseq.training.confusion import FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives
from tinyseq.training.formulas import snake_case
from tinyseq.training.metric import Array, Mean, MeanOverRows, Metric, OfLabels, OfNumbers, same_rank

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "CosineSimilarity",
    "FalseNegatives",
    "FalsePositives",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "binary_accuracy",
    "categorical_accuracy",
    "get",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]

def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Array:
    """1 where p > threshold agrees with the target 0 or 1, else 0: y_pred's shape.

    Arguments:
        y_true: targets 0 or 1, shaped like y_pred
        y_pred: predictions
        threshold: predictions above it mean yes
    """
    p = np.asarray(y_pred)
    return (same_rank(np.asarray(y_true), p) == (p > threshold)).astype(np.float32)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Array:
    """1 where the greatest p is at the 1 of the one-hot row, else 0: one number for each row."""
    return sparse_categorical_accuracy(np.argmax(y_true, -1), y_pred)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Array:
    """1 where the greatest p is at the label, else 0: one number for each row."""
    p = np.asarray(y_pred)
    return (_labels(np.asarray(y_true), p) == p.argmax(-1)).astype(np.float32)


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Array:
    """1 where the class of the one-hot row is among the k greatest p, else 0: one number for each row.

    Arguments:
        y_true: one-hot rows
        y_pred: predictions (..., classes)
        k: how many of the greatest predictions of a row count
    """
    return sparse_top_k_categorical_accuracy(np.argmax(y_true, -1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Array:
    """1 where the label is among the k greatest p, else 0: one number for each row.

    Arguments:
        y_true: labels
        y_pred: predictions (..., classes)
        k: how many of the greatest predictions of a row count
    """
    p = np.asarray(y_pred)
    own = np.take_along_axis(p, _labels(np.asarray(y_true), p).astype(np.int64)[..., None], -1)
    return ((p > own).sum(-1) < k).astype(np.float32)


def _labels(y_true: Array, p: Array) -> Array:
    return y_true[..., 0] if y_true.ndim == p.ndim and y_true.shape[-1] == 1 else y_true


_functions = {name: function for name, function in losses.FUNCTIONS.items() if name != "cosine_similarity"}
"""Keras's metrics have them all but the cosine, which as a metric has the other sign."""
globals().update(_functions)
__all__ += [*_functions]


class Accuracy(OfNumbers, MeanOverRows):
    """How often prediction and target are equal."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return (same_rank(y_true, p) == p).mean(-1)


class BinaryAccuracy(OfNumbers, MeanOverRows):
    """How often p > threshold agrees with the target 0 or 1.

    Arguments:
        threshold: predictions above it mean yes
    """

    def __init__(self, name: str | None = None, dtype: Any = None, threshold: float = 0.5) -> None:
        super().__init__(name, dtype)
        if not is_number(threshold):
            raise ValueError(f"threshold={threshold!r}: expected a number, for example threshold=0.5")
        self.threshold = float(threshold)  # logits are compared with 0, so it need not lie between 0 and 1

    def rows(self, y_true: Array, p: Array) -> Array:
        return binary_accuracy(y_true, p, self.threshold).mean(-1, dtype=np.float64)


class CategoricalAccuracy(OfNumbers, MeanOverRows):
    """How often the greatest p is at the 1 of the one-hot row."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return categorical_accuracy(y_true, p)


class SparseCategoricalAccuracy(OfLabels, MeanOverRows):
    """How often the greatest p is at the label."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return sparse_categorical_accuracy(y_true, p)


class TopKCategoricalAccuracy(OfNumbers, MeanOverRows):
    """How often the class of the one-hot row is among the k greatest p.

    Arguments:
        k: how many of the greatest predictions of a row count, at least 1
    """

    def __init__(self, k: int = 5, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.k = count("k", k, 1, "how many of the greatest count", 5)

    def rows(self, y_true: Array, p: Array) -> Array:
        return top_k_categorical_accuracy(y_true, p, self.k)


class SparseTopKCategoricalAccuracy(OfLabels, TopKCategoricalAccuracy):
    """How often the label is among the k greatest p."""

    def rows(self, y_true: Array, p: Array) -> Array:
        return sparse_top_k_categorical_accuracy(y_true, p, self.k)


class LossMetric(MeanOverRows):
    """A loss as a metric: the mean of its rows.

    Arguments:
        loss: the loss that is measured
    """

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


class CosineSimilarity(LossMetric):
    """cos of the angle between t and p: 1 where they point the same way; the loss of this name is -cos"""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(losses.CosineSimilarity(), name)

    def rows(self, y_true: Array, p: Array) -> Array:
        return -super().rows(y_true, p)


class RootMeanSquaredError(MeanSquaredError):
    """sqrt(mean((p - t)^2)) over everything seen"""

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name or "root_mean_squared_error", dtype)

    def result(self) -> float:
        return float(np.sqrt(super().result()))


CLASSES: dict[str, type[Metric]] = {
    cls.__name__: cls
    for cls in (
        Mean, Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, TopKCategoricalAccuracy,
        SparseTopKCategoricalAccuracy, CosineSimilarity, MeanSquaredError, MeanAbsoluteError, RootMeanSquaredError, Precision, Recall,
        TruePositives, FalsePositives, TrueNegatives, FalseNegatives,
    )
}  # fmt: skip

_SNAKE = {snake_case(name): cls for name, cls in CLASSES.items()}

AUTOMATIC = ("accuracy", "acc")
"""Names whose accuracy is chosen by output and targets."""


class Function(MeanOverRows):
    """A metric that is a function (y_true, y_pred) -> numbers of the user's own.

    Arguments:
        function: function(y_true, y_pred) -> one number for each row
    """

    def __init__(self, function: Any) -> None:
        super().__init__(getattr(function, "__name__", "metric"))
        self.function = function

    def rows(self, y_true: Array, p: Array) -> Array:
        return np.atleast_1d(np.asarray(self.function(y_true, p)))


def get(identifier: Any, output: tuple[int, ...] | None = None, target: tuple[int, ...] | None = None) -> Metric:
    """A metric from a name, a class, a function or a metric; "accuracy" by the shapes of output and target.

    Arguments:
        identifier: a name, a class, a function, a loss or a metric
        output: shape of the output, with which "accuracy" is chosen
        target: shape of the targets, likewise
    """
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
            return found(name=identifier)
        if identifier in losses.NAMES:
            return LossMetric(losses.get(identifier), identifier)
    elif callable(identifier):
        return Function(identifier)
    instead = "use for example metrics=['precision', 'recall'], or a tinyseq.metrics.Metric of your own"
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
    __getattr__ = attributes_of(__name__, METRICS)
