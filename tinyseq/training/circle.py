"""Circle loss: pulls embeddings of one class together and pushes those of different classes apart. Sun et al. (2020)."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyseq.training.loss import ArrayLoss

Array = Any  # a numpy array: its operators have no useful types


class Circle(ArrayLoss):
    """softplus(log sum exp over one class + log sum exp over the others) of each sample, from distances 1 - p p' in the batch.

    Targets are class numbers (n,), predictions rows of length 1 (n, size).

    Arguments:
        gamma: how steep it is
        margin: distances from which on one class is pulled, and below which others are pushed
        remove_diagonal: True: a sample is not compared with itself
    """

    whole = True

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        if reduction == "mean_with_sample_weight":
            raise ValueError(
                f"Circle: reduction={reduction!r} is not computed, as samples without a partner count nothing: write "
                f"reduction='sum_over_batch_size'"
            )
        super().__init__(name, reduction, dtype)
        self.gamma = gamma
        self.margin = margin
        self.remove_diagonal = remove_diagonal

    def prepared(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        labels = np.asarray(y_true)
        if len(shape) != 2 or labels.size != shape[0]:
            raise ValueError(
                f"{self.name}: targets have shape {labels.shape}, predictions {shape}: pass class numbers (n,) and rows (n, size)"
            )
        return labels.reshape(-1).astype(np.int64)

    def values(self, t: Array, p: Array, t_other: Any = None, p_other: Any = None) -> Array:
        """The loss of each sample, compared with the batch itself or with other samples."""
        other = t if t_other is None else np.asarray(t_other).reshape(-1)
        same = t[:, None] == other[None, :]
        near, far, _ = self._parts(same, np.maximum(1 - p @ (p if p_other is None else np.asarray(p_other)).T, 0))
        return np.logaddexp(0, _sums(near)[:, 0] + _sums(far)[:, 0]).astype(np.float32)

    def counts(self, values: Array) -> Array:
        return np.asarray(values > 0)

    def _parts(self, same: Array, distance: Array) -> tuple[Array, Array, Array]:
        """The terms summed over one class and over the others, -inf elsewhere; and where the others count."""
        others = ~same
        if self.remove_diagonal:
            same = same & (np.eye(*same.shape) == 0)
        pushed = np.maximum(1 + self.margin - distance, 0)
        near = np.where(same, -self.gamma * (self.margin + distance) * (self.margin - distance), -np.inf)
        return near, np.where(others, self.gamma * pushed * (1 - self.margin - distance), -np.inf), pushed > 0

    def gradient(self, t: Array, p: Array, weight: Array) -> Array:
        distance = np.maximum(1 - p @ p.T, 0)
        near, far, pushed = self._parts(t[:, None] == t[None, :], distance)
        a, b = _sums(near), _sums(far)
        with np.errstate(invalid="ignore"):
            near_share = np.where(np.isfinite(a), np.exp(near - a), 0)
            far_share = np.where(np.isfinite(b), np.exp(far - b), 0) * pushed
        outer = weight[:, None] / (1 + np.exp(-np.clip(a + b, -80, 80)))
        slope = outer * self.gamma * (near_share * 2 * distance + far_share * (2 * distance - 2)) * (distance > 0)
        return -(slope @ p + slope.T @ p)


def _sums(x: Array) -> Array:
    """log sum exp of each row, (n, 1); -inf for a row of nothing else."""
    most = x.max(1, keepdims=True)
    safe = np.where(np.isfinite(most), most, 0)
    with np.errstate(divide="ignore"):
        return safe + np.log(np.exp(x - safe).sum(1, keepdims=True))
