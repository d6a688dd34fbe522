"""Metrics that count right and wrong yes and no: precision, recall and the four counts themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.argument_types import is_number
from tinyseq.training.arguments import count
from tinyseq.training.metric import Array, OfNumbers, Sizes, same_rank

NEVER = -1e10
"""In place of a p that is not among the k greatest, and the threshold that all others pass (both as in Keras)."""


class _Confusion(OfNumbers):
    """Counts of right and wrong yes and no at a threshold.

    Arguments:
        thresholds: predictions above it mean yes: one number from 0 to 1; None: 0.5
    """

    top_k: int | None = None
    class_id: int | None = None

    def __init__(self, thresholds: float | None = None, name: str | None = None, dtype: Any = None) -> None:
        self.threshold = 0.5 if thresholds is None else _threshold(thresholds)
        super().__init__(name, dtype)

    def reset_state(self) -> None:
        self.true_yes = self.false_yes = self.true_no = self.false_no = 0.0

    def check(self, target: Sizes, output: Sizes) -> None:
        super().check(target, output)
        size = output[-1]
        if self.class_id is not None and self.class_id >= size:
            raise ValueError(f"metric {self.name!r}: class_id={self.class_id}: the output {output} has the classes 0 to {size - 1}")
        if self.top_k is not None and self.top_k > size:
            raise ValueError(f"metric {self.name!r}: top_k={self.top_k}: rows of {output} hold {size}: write top_k={size}, or less")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        p = np.asarray(y_pred, np.float32)
        p = p if p.ndim > 1 else p[:, None]
        self.check(np.shape(y_true), p.shape)
        t = same_rank(np.asarray(y_true), p).astype(bool)
        if self.top_k is not None:
            p = _greatest(p, self.top_k)
        if self.class_id is not None:
            t, p = t[..., self.class_id, None], p[..., self.class_id, None]
        yes = p > self.threshold
        weight = np.ones(p.shape) if sample_weight is None else _over(np.asarray(sample_weight, np.float64), p)
        self.true_yes += float(weight[yes & t].sum())
        self.false_yes += float(weight[yes & ~t].sum())
        self.true_no += float(weight[~yes & ~t].sum())
        self.false_no += float(weight[~yes & t].sum())


def _threshold(value: Any) -> float:
    """One number from 0 to 1; Keras also takes a list and returns one number for each."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if isinstance(value, (list, tuple)):
        raise ValueError(f"thresholds={value!r}: expected one number: write a metric for each, with names of their own")
    if not is_number(value) or not 0 <= float(value) <= 1:
        raise ValueError(f"thresholds={value!r}: expected a number from 0 to 1, for example thresholds=0.5")
    return float(value)


def _greatest(p: Array, k: int) -> Array:
    """The k greatest of each row, of equals the first; NEVER elsewhere."""
    places = np.argsort(-p, axis=-1, kind="stable")[..., :k]
    kept = np.full_like(p, NEVER)
    np.put_along_axis(kept, places, np.take_along_axis(p, places, -1), -1)
    return kept


def _over(weight: Array, p: Array) -> Array:
    return np.broadcast_to(weight.reshape(weight.shape + (1,) * (p.ndim - weight.ndim)), p.shape)


class _OfClasses(_Confusion):
    """Precision and recall: of all classes, of the one that is `class_id`, or where the p is among the `top_k` of its row.

    Arguments:
        thresholds: predictions above it mean yes: one number from 0 to 1; None: 0.5, or with top_k no threshold
        top_k: yes are the so many greatest predictions of a row; None: those above the threshold
        class_id: only this class is counted; None: all of them
    """

    def __init__(
        self,
        thresholds: float | None = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(thresholds, name, dtype)
        self.top_k = None if top_k is None else count("top_k", top_k, 1, "how many of the greatest mean yes", 2)
        self.class_id = None if class_id is None else count("class_id", class_id, 0, "the number of a class", 1)
        if top_k is not None and thresholds is None:
            self.threshold = NEVER


class Precision(_OfClasses):
    """Of those said yes, how many are"""

    def result(self) -> float:
        return self.true_yes / (self.true_yes + self.false_yes) if self.true_yes else 0.0


class Recall(_OfClasses):
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
