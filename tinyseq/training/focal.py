"""Focal losses: cross-entropies in which what is right already counts less. Lin et al. (2018)."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.formulas import LEAST
from tinyseq.training.loss import Loss

Array = Any  # a numpy array: its operators have no useful types


class _Focal(Loss):
    """Common base of focal losses.

    Arguments:
        alpha: the weight of the class 1, and 1 - alpha that of 0; for categories the weight of each class, a number or one for each
        gamma: how much less right answers count, from 0 on; 0: as much
        from_logits: True: predictions are numbers before the softmax or sigmoid
        label_smoothing: from 0 to 1: how far targets are moved towards equal shares of all classes
        axis: of the classes
    """

    stretches = False

    def __init__(
        self,
        alpha: Any,
        gamma: float,
        from_logits: bool,
        label_smoothing: float,
        axis: int,
        reduction: str | None,
        name: str | None,
        dtype: Any,
    ) -> None:
        super().__init__(name, reduction, dtype)
        if not 0 <= label_smoothing <= 1:
            raise ValueError(f"{self.name}: label_smoothing={label_smoothing}: expected a number from 0 to 1")
        self.alpha = alpha
        self.gamma = gamma
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis

    def _far(self, away: Array) -> tuple[Array, Array]:
        """away^gamma, and its slope."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = self.gamma * away ** (self.gamma - 1)
        return away**self.gamma, np.where(np.isfinite(slope), slope, 0)


class BinaryFocalCrossentropy(_Focal):
    """(1 - p_t)^gamma times the binary cross-entropy, p_t = p where t = 1, else 1 - p; its mean. Lin et al. (2018).

    Arguments:
        apply_class_balancing: True: the class 1 weighs alpha, the class 0 1 - alpha
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(alpha, gamma, from_logits, label_smoothing, axis, reduction, name, dtype)
        self.apply_class_balancing = apply_class_balancing

    def _each(self, t: Array, p: Array) -> tuple[Array, Array]:
        """Loss and slope of each number."""
        a = np.float32(self.label_smoothing)
        t = t * (1 - a) + a / 2
        p = 1 / (1 + np.exp(-p)) if self.from_logits else p
        q = np.clip(p, LEAST, 1 - LEAST)
        entropy = -(t * np.log(q) + (1 - t) * np.log1p(-q))
        far, far_slope = self._far(1 - (t * q + (1 - t) * (1 - q)))
        balance = t * self.alpha + (1 - t) * (1 - self.alpha) if self.apply_class_balancing else 1
        slope = -far_slope * (2 * t - 1) * entropy + far * (q - t) / (q * (1 - q))
        slope = np.where((p >= LEAST) & (p <= 1 - LEAST), slope, 0) * balance
        return balance * far * entropy, slope * p * (1 - p) if self.from_logits else slope

    def rows(self, t: Array, p: Array) -> Array:
        return np.mean(self._each(t, p)[0], 1).astype(np.float32)

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        g[...] = self._each(t, p)[1] / p.shape[1] * weight[:, None]


class CategoricalFocalCrossentropy(_Focal):
    """sum(-alpha (1 - q)^gamma t log q), q = p divided by its sum. Lin et al. (2018)."""

    stretches = True

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(alpha, gamma, from_logits, label_smoothing, axis, reduction, name, dtype)

    def _each(self, t: Array, p: Array) -> tuple[Array, Array]:
        """The loss of each class, and the gradient."""
        a = np.float32(self.label_smoothing)
        t = t * (1 - a) + a / t.shape[1]
        exp = np.exp(p - p.max(1, keepdims=True)) if self.from_logits else p
        whole = exp.sum(1, keepdims=True)
        q = exp / whole
        held = np.clip(q, LEAST, 1 - LEAST)
        far, far_slope = self._far(1 - held)
        alpha = np.asarray(self.alpha, np.float32)
        slope = np.where(q == held, alpha * t * (far_slope * np.log(held) - far / held), 0)
        centred = slope - (slope * q).sum(1, keepdims=True)
        return -alpha * far * t * np.log(held), centred * (q if self.from_logits else 1 / whole)

    def rows(self, t: Array, p: Array) -> Array:
        return self._each(t, p)[0].sum(1).astype(np.float32)

    def slopes(self, t: Array, p: Array, weight: Array, g: Array) -> None:
        g[...] = self._each(t, p)[1] * weight[:, None]
