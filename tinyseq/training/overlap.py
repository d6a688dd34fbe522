"""Losses of how far two masks overlap, over the whole batch or over some of its axes: Dice and Tversky."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.formulas import LEAST
from tinyseq.training.loss import ArrayLoss

Array = Any  # a numpy array: its operators have no useful types


class Tversky(ArrayLoss):
    """1 - I/(I + alpha sum((1 - p) t) + beta sum(p (1 - t))), I = sum(p t). Salehi et al. (2017).

    Arguments:
        alpha: the weight of targets that are not predicted
        beta: the weight of predictions that are not targets
        axis: over which the sums go, one axis or several; None: all, with those of the samples
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.alpha = alpha
        self.beta = beta
        self.axis = axis if axis is None or isinstance(axis, int) else tuple(axis)

    @property
    def whole(self) -> bool:  # type: ignore[override]
        """True if the samples are summed too."""
        return self.axis is None or self.axis == 0 or (isinstance(self.axis, tuple) and 0 in self.axis)

    def _terms(self, t: Array, p: Array) -> tuple[Array, Array, Array, Any]:
        """Numerator and denominator with the axes of 1, and the denominator's slope: that of the numerator is t."""
        sums: dict[str, Any] = {"axis": self.axis, "keepdims": True}
        shared = (t * p).sum(**sums)
        denominator = shared + self.alpha * ((1 - p) * t).sum(**sums) + self.beta * (p * (1 - t)).sum(**sums) + LEAST
        return shared, denominator, t, t - self.alpha * t + self.beta * (1 - t)

    def values(self, t: Array, p: Array) -> Array:
        shared, denominator, _, _ = self._terms(t, p)
        return np.squeeze(1 - shared / denominator, self.axis)

    def gradient(self, t: Array, p: Array, weight: Array) -> Array:
        shared, denominator, first, second = self._terms(t, p)
        spread = weight.reshape(denominator.shape)
        return -(first * denominator - shared * second) / denominator**2 * spread


class Dice(Tversky):
    """1 - 2 sum(t p)/(sum t + sum p). Milletari et al. (2016)."""

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(0.5, 0.5, reduction, name, axis, dtype)

    def _terms(self, t: Array, p: Array) -> tuple[Array, Array, Array, Any]:
        sums: dict[str, Any] = {"axis": self.axis, "keepdims": True}
        return 2 * (t * p).sum(**sums), t.sum(**sums) + p.sum(**sums) + LEAST, 2 * t, 1

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name, "reduction": self.reduction, "axis": self.axis}
