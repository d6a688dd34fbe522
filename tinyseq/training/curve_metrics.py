"""Areas under curves of yes and no at many thresholds, and the best of one rate where another is high enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyseq.argument_types import is_number
from tinyseq.training.arguments import count
from tinyseq.training.confusion import Confusion, ratio
from tinyseq.training.formulas import LEAST
from tinyseq.training.metric import Array

CURVES = ("ROC", "PR", "PRGAIN")
SUMMATIONS = ("interpolation", "minoring", "majoring")


def _evenly(number: int) -> list[float]:
    """Thresholds between 0 and 1, without them."""
    return [(i + 1) / (number - 1) for i in range(number - 2)]


class _Best(Confusion):
    """The best of one rate among the thresholds at which another rate is at least `value`.

    Arguments:
        num_thresholds: how many thresholds from 0 to 1 are tried
        class_id: only this class is counted; None: all of them
    """

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def __init__(self, of: str, value: float, num_thresholds: int, class_id: int | None, name: str | None, dtype: Any) -> None:
        """`of`: what the value is called."""
        super().__init__(dtype, name)
        if not is_number(value) or not 0 <= value <= 1:
            raise ValueError(f"{type(self).__name__}: {of}={value!r}: expected a number from 0 to 1, for example {of}=0.9")
        self.num_thresholds = count("num_thresholds", num_thresholds, 1, "how many thresholds to try", 200)
        self.value = float(value)
        setattr(self, of, value)
        self.class_id = None if class_id is None else count("class_id", class_id, 0, "the number of a class", 1)
        self.thresholds = [0.5] if num_thresholds == 1 else [0.0, *_evenly(num_thresholds), 1.0]
        self._begin(self.thresholds)

    @property
    def _recall(self) -> Array:
        return ratio(self.true_positives, self.false_negatives)

    @property
    def _precision(self) -> Array:
        return ratio(self.true_positives, self.false_positives)

    @property
    def _specificity(self) -> Array:
        return ratio(self.true_negatives, self.false_positives)

    def _best(self, held: Array, wanted: Array) -> float:
        """The greatest of `wanted` where `held` is at least the value; 0 if it never is."""
        return float(np.where(held >= self.value, wanted, 0).max(initial=0))


class SensitivityAtSpecificity(_Best):
    """The best sensitivity (recall) among thresholds of at least this specificity.

    Arguments:
        specificity: the least share of negatives that are predicted negative, from 0 to 1
    """

    def __init__(
        self, specificity: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__("specificity", specificity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        return self._best(self._specificity, self._recall)


class SpecificityAtSensitivity(_Best):
    """The best specificity among thresholds of at least this sensitivity (recall).

    Arguments:
        sensitivity: the least share of positives that are predicted positive, from 0 to 1
    """

    def __init__(
        self, sensitivity: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__("sensitivity", sensitivity, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        return self._best(self._recall, self._specificity)


class PrecisionAtRecall(_Best):
    """The best precision among thresholds of at least this recall.

    Arguments:
        recall: the least share of positives that are predicted positive, from 0 to 1
    """

    def __init__(
        self, recall: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__("recall", recall, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        return self._best(self._recall, self._precision)


class RecallAtPrecision(_Best):
    """The best recall among thresholds of at least this precision.

    Arguments:
        precision: the least share of predicted positives that are positive, from 0 to 1
    """

    def __init__(
        self, precision: float, num_thresholds: int = 200, class_id: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__("precision", precision, num_thresholds, class_id, name, dtype)

    def result(self) -> float:
        return self._best(self._precision, self._recall)


class AUC(Confusion):
    """The area under the ROC curve (recall over false yes), or under precision over recall, from counts at thresholds.

    Arguments:
        num_thresholds: how many thresholds from 0 to 1 approximate the curve, at least 2
        curve: "ROC", "PR" (Davis & Goadrich 2006), or "PRGAIN" (Flach & Kull 2015)
        summation_method: of the strips between thresholds: "interpolation", "minoring" (the lower end) or "majoring"
        thresholds: to use in place of num_thresholds
        multi_label: True: an area for each label, whose mean counts
        num_labels: how many labels there are; None: seen in the first batch
        label_weights: of the labels; None: 1 for all
        from_logits: True: predictions are numbers before the sigmoid
    """

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(dtype, name)
        for argument, value, known in (("curve", curve, CURVES), ("summation_method", summation_method, SUMMATIONS)):
            if str(value).lower() not in [one.lower() for one in known]:
                raise ValueError(f"AUC: {argument}={value!r}: use one of {', '.join(known)}")
        if thresholds is None and count("num_thresholds", num_thresholds, 1, "how many thresholds to try", 200) < 2:
            raise ValueError(f"AUC: argument `num_thresholds` must be an integer > 1, got {num_thresholds}: write num_thresholds=200")
        if num_labels and not multi_label:
            raise ValueError("AUC: `num_labels` is needed only when `multi_label` is True: write multi_label=True, or leave it out")
        bad = [one for one in thresholds or () if not is_number(one) or not 0 <= one <= 1]
        if bad:
            raise ValueError(f"AUC: thresholds: {bad[0]!r}: expected numbers from 0 to 1, for example thresholds=[0.3, 0.5]")
        between = _evenly(num_thresholds) if thresholds is None else sorted(thresholds)
        self._own = None if thresholds is None else list(thresholds)
        self.thresholds = [-float(LEAST), *between, 1 + float(LEAST)]
        self.num_thresholds = len(self.thresholds)
        self.curve = str(curve).upper()
        self.summation_method = str(summation_method).lower()
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else np.asarray(label_weights, np.float64)
        self.from_logits = from_logits
        self._built = False
        if num_labels or not multi_label:
            self._open(num_labels)

    def _open(self, labels: int | None) -> None:
        self._begin(self.thresholds, *((labels,) if labels else ()))
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        p: Array = np.asarray(y_pred, np.float32)
        p = 1 / (1 + np.exp(-p)) if self.from_logits else p
        if not self.multi_label:
            self._count(y_true, p, sample_weight, self.label_weights)
            return
        t = np.asarray(y_true)
        if p.ndim != 2:
            raise ValueError(f"metric {self.name!r}: `y_pred` must have rank 2 when `multi_label=True`, got shape {p.shape}")
        self.check(t.shape, p.shape)
        if not self._built:
            self._open(p.shape[1])
        weight = np.ones(p.shape) if sample_weight is None else self._over(np.asarray(sample_weight, np.float64), p)
        for label in range(p.shape[1]):
            self._add(t[:, label].astype(bool), p[:, label], weight[:, label], label)

    def reset_state(self) -> None:
        if self._built:
            super().reset_state()

    def result(self) -> float:
        if not self._built:
            return 0.0
        strips = self._interpolated() if (self.curve, self.summation_method) == ("PR", "interpolation") else self._strips()
        areas = strips.sum(0)
        return float(np.average(areas, weights=self.label_weights) if self.multi_label else areas)

    def interpolate_pr_auc(self) -> float:
        """The area under precision over recall, both counts linear between thresholds."""
        return float(self._interpolated().sum())

    def _interpolated(self) -> Array:
        """Davis & Goadrich (2006), section 4: in each strip precision is (intercept + slope P)/P, P the number predicted positive."""
        tp = self.true_positives.value
        said = tp + self.false_positives.value
        found, step = tp[:-1] - tp[1:], np.maximum(said[:-1] - said[1:], 0)
        slope = np.divide(found, step, out=np.zeros_like(found), where=step != 0)
        intercept = tp[1:] - slope * said[1:]
        both = (said[:-1] > 0) & (said[1:] > 0)
        growth = np.divide(said[:-1], said[1:], out=np.ones_like(found), where=both)
        total = (tp + self.false_negatives.value)[1:]
        return np.divide(slope * (found + intercept * np.log(growth)), total, out=np.zeros_like(found), where=total > 0)

    def _strips(self) -> Array:
        x, y = self._points()
        ends = y[:-1], y[1:]
        heights: dict[str, Any] = {"interpolation": lambda a, b: (a + b) / 2, "minoring": np.minimum, "majoring": np.maximum}
        return np.asarray((x[:-1] - x[1:]) * heights[self.summation_method](*ends))

    def _points(self) -> tuple[Array, Array]:
        """x and y of the curve, from the lowest threshold on."""
        recall = ratio(self.true_positives, self.false_negatives)
        if self.curve == "ROC":
            return ratio(self.false_positives, self.true_negatives), recall
        if self.curve == "PR":
            return recall, ratio(self.true_positives, self.false_positives)
        yes, no = self.true_positives + self.false_negatives, self.true_negatives + self.false_positives
        odds = np.divide(yes, no, out=np.zeros_like(yes), where=no != 0)
        tp = self.true_positives.value

        def gain(wrong: Any, at_zero: float) -> Array:
            found = 1 - odds * np.divide(wrong.value, tp, out=np.zeros_like(tp), where=tp != 0)
            return np.where(tp == 0, at_zero, found)

        return np.maximum(gain(self.false_negatives, 0.0), 0), gain(self.false_positives, 1.0)

    def get_config(self) -> dict[str, Any]:
        weights = None if self.label_weights is None else self.label_weights.tolist()
        config = {**super().get_config(), "label_weights": weights}
        del config["thresholds"]
        return config if self._own is None else {**config, "thresholds": self._own}
