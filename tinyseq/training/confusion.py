"""Metrics that count right and wrong yes and no at thresholds: precision, recall and the four counts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyseq.argument_types import is_number
from tinyseq.training.arguments import count
from tinyseq.training.formulas import same_ranks
from tinyseq.training.metric import Array, Metric, OfNumbers, Sizes

NEVER = -1e10
"""Replaces a p that is not among the k greatest, and the threshold that all others exceed (both as in Keras)."""
COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


class Confusion(OfNumbers):
    """Counts of right and wrong yes and no at each of some thresholds."""

    top_k: int | None = None
    class_id: int | None = None
    kept: Sequence[str] = COUNTS
    """Which counts are state."""

    def _begin(self, thresholds: Sequence[float], *more: int) -> None:
        """`more`: the axes after that of the thresholds."""
        self._limits = np.asarray(thresholds, np.float32)
        for name in self.kept:
            setattr(self, name, self.add_variable((len(self._limits), *more), name=name))

    def check(self, target: Sizes, output: Sizes) -> None:
        super().check(target, output)
        size = output[-1] if output else 1
        if self.class_id is not None and len(output) < 2:
            raise ValueError(f"metric {self.name!r}: class_id={self.class_id}: expected an output (samples, classes), got {output}")
        if self.class_id is not None and self.class_id >= size:
            raise ValueError(f"metric {self.name!r}: class_id={self.class_id}: the output {output} has the classes 0 to {size - 1}")
        if self.top_k is not None and self.top_k > size:
            raise ValueError(f"metric {self.name!r}: top_k={self.top_k}: rows of {output} hold {size}: write top_k={size}, or less")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        self._count(y_true, np.asarray(y_pred, np.float32), sample_weight)

    def _count(self, y_true: Any, p: Array, sample_weight: Any, of_labels: Any = None) -> None:
        t = np.asarray(y_true)
        self.check(t.shape, p.shape)
        t, p = same_ranks(t, p)
        weight = np.ones(p.shape) if sample_weight is None else self._over(np.asarray(sample_weight, np.float64), p)
        if self.top_k is not None:
            p = _greatest(p, self.top_k)
        if of_labels is not None:
            weight = weight * np.asarray(of_labels)
        if self.class_id is not None:
            t, p, weight = (x[..., self.class_id] for x in (t, p, weight))
        self._add(t.astype(bool).reshape(-1), p.reshape(-1), weight.reshape(-1), np.s_[:])

    def _add(self, t: Array, p: Array, weight: Array, where: Any) -> None:
        """Adds flat arrays to the counts; `where`: the label's column."""
        passed: Array = np.searchsorted(np.sort(self._limits), p, side="left")  # how many thresholds lie below p
        passed[np.isnan(p)] = 0
        order: Array = np.argsort(np.argsort(self._limits, kind="stable"), kind="stable")
        for name, chosen, above in (
            ("true_positives", t, True), ("false_positives", ~t, True), ("true_negatives", ~t, False), ("false_negatives", t, False),
        ):  # fmt: skip
            if name in self.kept:
                found = np.bincount(passed[chosen], weight[chosen], len(self._limits) + 1)
                sums = found[::-1].cumsum()[::-1][1:] if above else found.cumsum()[:-1]
                place = getattr(self, name).value
                place[(slice(None), where) if place.ndim > 1 else where] += sums[order]

    def _over(self, weight: Array, p: Array) -> Array:
        wide = weight.reshape(weight.shape + (1,) * (p.ndim - weight.ndim))
        try:
            return np.broadcast_to(wide, p.shape)
        except ValueError:
            raise ValueError(
                f"metric {self.name!r}: sample_weight of shape {weight.shape} does not fit the output {p.shape}: pass one weight for each "
                f"sample, shape {p.shape[:1]}"
            ) from None


def _thresholds(value: Any, otherwise: float = 0.5) -> list[float]:
    """Numbers from 0 to 1."""
    given = list(value) if isinstance(value, (list, tuple, np.ndarray)) else [otherwise if value is None else value]
    bad = [one for one in given if not is_number(one) or not 0 <= float(one) <= 1]
    if value is not None and (bad or not given):
        raise ValueError(f"thresholds={value!r}: expected numbers from 0 to 1, for example thresholds=0.5")
    return [float(one) for one in given]


def _greatest(p: Array, k: int) -> Array:
    """The k greatest of each row, of equals the first; NEVER elsewhere."""
    places = np.argsort(-p, axis=-1, kind="stable")[..., :k]
    kept = np.full_like(p, NEVER)
    np.put_along_axis(kept, places, np.take_along_axis(p, places, -1), -1)
    return kept


def ratio(part: Any, rest: Any) -> Array:
    """part / (part + rest), 0 where nothing was counted."""
    part, whole = np.asarray(part), np.asarray(part) + np.asarray(rest)
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole != 0)


def _shown(values: Array) -> Any:
    return float(values[0]) if len(values) == 1 else values


class _OfClasses(Confusion):
    """Precision and recall: of all classes, of the one that is `class_id`, or where the p is among the `top_k` of its row.

    Arguments:
        thresholds: predictions above it mean yes: a number from 0 to 1, or a list of them for one result each; None: 0.5, or with
            top_k no threshold
        top_k: the top_k greatest predictions of a row are positive; None: those above the threshold
        class_id: only this class is counted; None: all of them
    """

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        self.init_thresholds = thresholds
        self.top_k = None if top_k is None else count("top_k", top_k, 1, "how many of the greatest mean yes", 2)
        self.class_id = None if class_id is None else count("class_id", class_id, 0, "the number of a class", 1)
        self.thresholds = _thresholds(thresholds, 0.5 if top_k is None else NEVER)
        self._begin(self.thresholds)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "thresholds": self.init_thresholds}


class Precision(_OfClasses):
    """The share of predicted positives that are positive"""

    kept = ("true_positives", "false_positives")
    true_positives: Any
    false_positives: Any

    def result(self) -> Any:
        return _shown(ratio(self.true_positives, self.false_positives))


class Recall(_OfClasses):
    """The share of positives that are predicted positive"""

    kept = ("true_positives", "false_negatives")
    true_positives: Any
    false_negatives: Any

    def result(self) -> Any:
        return _shown(ratio(self.true_positives, self.false_negatives))


class _Count(Confusion):
    """One of the four counts.

    Arguments:
        thresholds: predictions above it mean yes: a number from 0 to 1, or a list of them for one result each; None: 0.5
    """

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.init_thresholds = thresholds
        self.thresholds = _thresholds(thresholds)
        self._begin(self.thresholds)

    @property
    def accumulator(self) -> Any:
        """The counts, one for each threshold."""
        return getattr(self, self.kept[0])

    def result(self) -> Any:
        return _shown(self.accumulator.numpy())

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """The number of true positives"""

    kept = ("true_positives",)


class FalsePositives(_Count):
    """The number of false positives"""

    kept = ("false_positives",)


class TrueNegatives(_Count):
    """The number of true negatives"""

    kept = ("true_negatives",)


class FalseNegatives(_Count):
    """The number of false negatives"""

    kept = ("false_negatives",)


__all__ = [
    "Confusion", "FalseNegatives", "FalsePositives", "Metric", "Precision", "Recall", "TrueNegatives", "TruePositives", "ratio",
]  # fmt: skip
