"""Cross-entropies: of probabilities, or of logits if the last activation is fused with them."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from tinyseq.training import formulas
from tinyseq.training.loss import KernelLoss, Loss

Array = Any  # a numpy array: its operators have no useful types


class Crossentropy(KernelLoss):
    """Cross-entropies: from probabilities, or from logits.

    Arguments:
        from_logits: True: predictions are numbers before the softmax or sigmoid
        label_smoothing: from 0 to 1: how far targets are moved towards equal shares of all classes
        axis: of the classes
    """

    stretches = False

    module = "crossentropy"
    kernel_of_logits: str

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        if not 0 <= label_smoothing <= 1:
            raise ValueError(f"{self.name}: label_smoothing={label_smoothing}: expected a number from 0 to 1")
        if isinstance(axis, bool) or not isinstance(axis, int):
            raise ValueError(f"{self.name}: axis={axis!r}: expected an integer, for example axis=-1")
        self.axis = axis
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing

    def _find(self, suffix: str = "") -> Any:
        from tinyseq.kernels.losses import crossentropy

        return getattr(crossentropy, (self.kernel_of_logits if self.from_logits else self.kernel) + suffix)

    def on_logits(self) -> Loss:
        other = copy.copy(self)
        other.from_logits = True
        return other


class BinaryCrossentropy(Crossentropy):
    """mean(-(t log p + (1 - t) log(1 - p))), p held to [1e-7, 1 - 1e-7]; from logits without that"""

    kernel, kernel_of_logits = "binary_crossentropy", "sigmoid_crossentropy"
    fuses = "sigmoid"

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        t = super().targets(y_true, shape)
        a = np.float32(self.label_smoothing)
        return t * (1 - a) + a / 2 if a else t


class CategoricalCrossentropy(Crossentropy):
    """-sum(t log p), p divided by its sum and held to [1e-7, 1 - 1e-7]; t are one-hot rows or distributions"""

    kernel, kernel_of_logits = "categorical_crossentropy", "softmax_crossentropy"
    fuses = "softmax"

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        t = super().targets(y_true, shape)
        a = np.float32(self.label_smoothing)
        return t * (1 - a) + a / shape[-1] if a else t


class SparseCategoricalCrossentropy(Crossentropy):
    """-log p[label]; labels 0..classes-1, (n,), (n, 1) or (n, steps). Labels equal to ignore_class are ignored.

    Arguments:
        ignore_class: a label whose rows count nothing; None: all rows count
    """

    tells = True
    kernel, kernel_of_logits = "sparse_categorical_crossentropy", "softmax_sparse_crossentropy"
    fuses = "softmax"
    sparse = True

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(from_logits, 0.0, axis, reduction, name, dtype)
        self.ignore_class = ignore_class

    def targets(self, y_true: Any, shape: tuple[int, ...]) -> Array:
        labels = formulas.sparse_targets(y_true, shape, self.ignore_class)
        return labels if self.ignore_class is None else np.where(labels == self.ignore_class, 0, labels)

    def counted(self, y_true: Any, shape: tuple[int, ...]) -> Array | None:
        if self.ignore_class is None:
            return None
        return formulas.sparse_targets(y_true, shape, self.ignore_class) != self.ignore_class
