"""Intersection over union of classes, from a confusion matrix over everything seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyseq.training.arguments import count
from tinyseq.training.formulas import LEAST
from tinyseq.training.metric import Array, Metric


class IoU(Metric):
    """The mean over some classes of true / (true + false positive + missed). Everingham et al. (2010).

    Labels outside 0..num_classes-1 are ignored.

    Arguments:
        num_classes: how many classes there are
        target_class_ids: the classes that count
        ignore_class: targets of this class count nothing; None: all count
        sparse_y_true: True: targets are class numbers; False: one-hot
        sparse_y_pred: True: predictions are class numbers; False: a number for each class, of which the greatest counts
        axis: of the classes where they are not sparse
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(dtype, name)
        self.num_classes = count("num_classes", num_classes, 1, "how many classes there are", 2)
        self.target_class_ids = list(target_class_ids)
        if max(self.target_class_ids) >= num_classes:
            raise ValueError(
                f"Target class id {max(self.target_class_ids)} is out of range, which is [0, {num_classes}): leave it out, or write "
                f"num_classes={max(self.target_class_ids) + 1}"
            )
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable((num_classes, num_classes), dtype=self.dtype, name="total_confusion_matrix")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        t, p = np.asarray(y_true), np.asarray(y_pred)
        for array in (t, p):
            if array.dtype.kind not in "fiub":
                raise TypeError(f"metric {self.name!r}: expected numbers, got dtype {array.dtype}: number the classes 0, 1, 2 ...")
        both = not self.sparse_y_true and not self.sparse_y_pred
        if both and t.shape != p.shape:
            raise ValueError(f"metric {self.name!r}: targets of shape {t.shape} and predictions of {p.shape} differ: pass one-hot targets")
        t = (t if self.sparse_y_true else t.argmax(self.axis)).reshape(-1)
        p = (p if self.sparse_y_pred else p.argmax(self.axis)).reshape(-1)
        if t.shape != p.shape:
            raise ValueError(
                f"metric {self.name!r}: {t.size} targets of shape {np.shape(y_true)} cannot be compared with {p.size} predictions of shape "
                f"{np.shape(y_pred)}: pass one target for each, or set sparse_y_pred=False for a number for each class"
            )
        weight = np.broadcast_to(np.asarray(1 if sample_weight is None else sample_weight).reshape(-1), t.shape).astype(self.dtype)
        t, p = t.astype(np.int64), p.astype(np.int64)
        inside = (t >= 0) & (t < self.num_classes) & (p >= 0) & (p < self.num_classes)
        if self.ignore_class is not None:
            inside &= t != self.ignore_class
        np.add.at(self.total_cm.value, (t[inside], p[inside]), weight[inside])

    def _each(self) -> tuple[Array, Array]:
        """For each class that counts: intersection over union, and whether it occurred."""
        matrix = self.total_cm.numpy().astype(np.float64)
        right = np.diag(matrix)[self.target_class_ids]
        union = (matrix.sum(0) + matrix.sum(1))[self.target_class_ids] - right
        seen = union > 1e-9
        return np.where(seen, right / (union + LEAST), 0), seen

    def result(self) -> float:
        each, seen = self._each()
        return float(each.sum() / (seen.sum() + LEAST))


class BinaryIoU(IoU):
    """For 0 and 1: predictions from a threshold on mean 1.

    Arguments:
        target_class_ids: the classes that count, 0 and 1
        threshold: predictions from it on mean 1
    """

    def __init__(
        self, target_class_ids: Sequence[int] = (0, 1), threshold: float = 0.5, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update_state(y_true, np.asarray(y_pred, np.float32) >= self.threshold, sample_weight)


class MeanIoU(IoU):
    """Of all classes."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, range(num_classes), name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)


class OneHotIoU(IoU):
    """Of some classes, from one-hot targets."""

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)


class OneHotMeanIoU(MeanIoU):
    """Of all classes, from one-hot targets."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
