"""F scores of classes, and the coefficient of determination."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.arguments import count
from tinyseq.training.formulas import LEAST, same_ranks
from tinyseq.training.metric import Array, Metric, Sizes
from tinyseq.training.user_warning import say

AVERAGES = (None, "micro", "macro", "weighted")
AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class _OfRows(Metric):
    """A metric of targets and predictions (samples, size)."""

    def check(self, target: Sizes, output: Sizes) -> None:
        if len(output) != 2 or ((*target, 1) if len(target) == 1 else target) != output:
            raise ValueError(
                f"metric {self.name!r}: {type(self).__name__} expects 2D inputs with shape (batch_size, output_dim), got targets of shape "
                f"{target} and an output of {output}: reshape both, or make labels one-hot, tinyseq.utils.to_categorical(y)"
            )

    def _weights(self, sample_weight: Any, shape: Sizes) -> Array:
        """(samples, size) from weights (), (samples,) or (samples, size)."""
        weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
        weight = weight[:, None] if weight.ndim == 1 else weight
        try:
            return np.broadcast_to(weight, shape)
        except ValueError:
            raise ValueError(
                f"metric {self.name!r}: sample_weight of shape {weight.shape} does not fit {shape}: pass one weight for each sample"
            ) from None


class FBetaScore(_OfRows):
    """(1 + beta^2) precision recall / (beta^2 precision + recall), for each class or averaged. van Rijsbergen (1979).

    Arguments:
        average: None: a score for each class; "macro": their mean; "weighted": weighted by how often a class is the target;
            "micro": of all classes counted together
        beta: how many times as much recall counts as precision, above 0
        threshold: predictions above it mean yes, above 0 and at most 1; None: the greatest of a row
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        if average not in AVERAGES:
            raise ValueError(f"Invalid `average` argument value: average={average!r}: use one of {', '.join(map(str, AVERAGES))}")
        if not isinstance(beta, float) or not beta > 0:
            raise ValueError(f"Invalid `beta` argument value: beta={beta!r}: it should be a Python float, and > 0, for example beta=1.0")
        if threshold is not None and (not isinstance(threshold, float) or not 0 < threshold <= 1):
            raise ValueError(
                f"Invalid `threshold` argument value: threshold={threshold!r}: it should be a Python float, and verify 0 < threshold <= 1, "
                f"for example threshold=0.5"
            )
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self._counts: list[Any] = []

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        t, p = np.asarray(y_true, np.float64), np.asarray(y_pred, np.float32)
        self.check(t.shape, p.shape)
        t = t.reshape(p.shape)
        if not self._counts:
            names = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")
            shape = () if self.average == "micro" else (p.shape[1],)
            self._counts = [self.add_variable(shape, name=name) for name in names]
        greatest = (p >= p.max(1, keepdims=True)) & (np.abs(p) > 1e-9)
        yes = greatest if self.threshold is None else p > self.threshold
        weight = self._weights(sample_weight, p.shape)
        axis = None if self.average == "micro" else 0
        for kept, what in zip(self._counts, (yes * t, yes * (1 - t), (1 - yes) * t, t), strict=True):
            kept.value[...] += (what * weight).sum(axis)

    def result(self) -> Any:
        if not self._counts:
            return 0.0
        right, wrong, missed, seen = (kept.numpy() for kept in self._counts)
        precision, recall = right / (right + wrong + LEAST), right / (right + missed + LEAST)
        score = (1 + self.beta**2) * precision * recall / (self.beta**2 * precision + recall + LEAST)
        if self.average == "weighted":
            return float((score * seen / (seen.sum() + LEAST)).sum())
        return score if self.average is None else float(np.mean(score))


class F1Score(FBetaScore):
    """2 precision recall / (precision + recall), for each class or averaged."""

    def __init__(
        self, average: str | None = None, threshold: float | None = None, name: str | None = "f1_score", dtype: Any = None
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        return {name: value for name, value in super().get_config().items() if name != "beta"}


class R2Score(_OfRows):
    """1 - sum (t - p)^2 / sum (t - mean t)^2: 1 is perfect, 0 as good as the mean.

    Arguments:
        class_aggregation: of several outputs: "uniform_average", "variance_weighted_average", or None: a score for each
        num_regressors: how many inputs the adjusted score counts; 0: it is not adjusted
    """

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        if class_aggregation not in AGGREGATIONS:
            raise ValueError(
                f"Invalid value for argument `class_aggregation`: {class_aggregation!r}: use one of {', '.join(map(str, AGGREGATIONS))}"
            )
        self.class_aggregation = class_aggregation
        try:
            self.num_regressors = count("num_regressors", num_regressors, 0, "how many inputs there are", 3)
        except ValueError as error:
            raise ValueError(f"Invalid value for argument `num_regressors`: {error}") from None
        self.num_samples = self.add_variable((), name="num_samples")
        self._sums: list[Any] = []

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        t, p = same_ranks(np.asarray(y_true, np.float64), np.asarray(y_pred, np.float64))
        self.check(t.shape, p.shape)
        if not self._sums:
            self._sums = [self.add_variable((p.shape[1],), name=name) for name in ("squared_sum", "sum", "residual", "count")]
        weight = self._weights(sample_weight, p.shape)
        for kept, what in zip(self._sums, (t * t, t, (t - p) ** 2, np.ones_like(t)), strict=True):
            kept.value[...] += (what * weight).sum(0)
        self.num_samples.value[...] += t.size

    def result(self) -> Any:
        if not self._sums:
            return 0.0
        squares, sums, residual, counted = (kept.numpy() for kept in self._sums)
        with np.errstate(divide="ignore", invalid="ignore"):
            total = squares - sums * sums / counted
            raw = 1 - residual / total
            raw = np.where(np.isinf(raw), 0, raw)
            if self.class_aggregation == "uniform_average":
                return self._adjusted(float(raw.mean()))
            if self.class_aggregation == "variance_weighted_average":
                return self._adjusted(float((total * raw).sum() / total.sum()))
        return self._adjusted(raw)

    def _adjusted(self, score: Any) -> Any:
        if not self.num_regressors:
            return score
        n, p = int(self.num_samples), self.num_regressors
        if p >= n - 1:
            why = "More independent predictors than datapoints" if p > n - 1 else "Division by zero"
            say(f"{why} in adjusted R2 score ({p} inputs, {n} numbers): falling back to the plain score")
            return score
        return 1 - (1 - score) * (n - 1) / (n - p - 1)
