"""Accuracies: how often a prediction is right."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.argument_types import is_number
from tinyseq.training.arguments import count
from tinyseq.training.formulas import same_ranks
from tinyseq.training.metric import Array, MeanOverRows, OfLabels, OfNumbers


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Array:
    """1 where p > threshold agrees with the target 0 or 1, else 0: y_pred's shape.

    Arguments:
        y_true: targets 0 or 1, shaped like y_pred
        y_pred: predictions
        threshold: predictions above it mean yes
    """
    t, p = same_ranks(np.asarray(y_true), np.asarray(y_pred))
    return (t == (p > threshold)).astype(np.float32)


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


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False) -> Array:
    """1 where the label is among the k greatest p, else 0: one number for each row.

    Arguments:
        y_true: labels
        y_pred: predictions (..., classes)
        k: how many of the greatest predictions of a row count
        from_sorted_ids: True: y_pred holds classes, the likeliest first, in place of predictions
    """
    p = np.asarray(y_pred)
    labels = _labels(np.asarray(y_true), p)
    if from_sorted_ids:
        return (p[..., :k] == labels[..., None]).any(-1).astype(np.float32)
    own = np.take_along_axis(p, labels.astype(np.int64)[..., None], -1)
    return ((p > own).sum(-1) < k).astype(np.float32)


def _labels(y_true: Array, p: Array) -> Array:
    return y_true[..., 0] if y_true.ndim == p.ndim and y_true.shape[-1] == 1 else y_true


class Accuracy(OfNumbers, MeanOverRows):
    """How often prediction and target are equal."""

    def rows(self, y_true: Array, p: Array) -> Array:
        t, p = same_ranks(y_true, p)
        return np.asarray(t == p)


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
        return binary_accuracy(y_true, p, self.threshold)


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


class SparseTopKCategoricalAccuracy(OfLabels, MeanOverRows):
    """How often the label is among the k greatest p.

    Arguments:
        k: how many of the greatest predictions of a row count, at least 1
        from_sorted_ids: True: predictions are classes, the likeliest first
    """

    def __init__(self, k: int = 5, name: str | None = None, dtype: Any = None, from_sorted_ids: bool = False) -> None:
        super().__init__(name, dtype)
        self.k = count("k", k, 1, "how many of the greatest count", 5)
        self.from_sorted_ids = from_sorted_ids

    def rows(self, y_true: Array, p: Array) -> Array:
        return sparse_top_k_categorical_accuracy(y_true, p, self.k, self.from_sorted_ids)
