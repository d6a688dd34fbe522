"""Small helpers under Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq import saving
from tinyseq.did_you_mean import ADVICE, no_such_name
from tinyseq.training.py_dataset import PyDataset
from tinyseq.weights.seeds import set_random_seed

OF_SAVING = (
    "CustomObjectScope", "custom_object_scope", "deserialize_keras_object", "get_custom_objects", "get_registered_name",
    "get_registered_object", "register_keras_serializable", "serialize_keras_object",
)  # fmt: skip
"""Names of tinyseq.saving that Keras has here, too."""
__all__ = ["PyDataset", "Sequence", "set_random_seed", "to_categorical", *OF_SAVING]

NOT_THERE = {
    "FeatureSpace": "it is not computed: write one Input for each column, Normalization, Discretization or CategoryEncoding after it, and "
    "Concatenate",
}
"""Names of Keras that are not here, each with the reason."""
Sequence = PyDataset
"""Keras 2's name."""


def to_categorical(x: Any, num_classes: int | None = None) -> NDArray[np.float32]:
    """Labels (...) or (..., 1) to one-hot rows (..., num_classes), float32.

    Arguments:
        x: integers from 0 on; ValueError for one outside 0..num_classes-1
        num_classes: the number of classes; None: the greatest label + 1

    >>> to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    labels = np.asarray(x)
    if labels.dtype.kind not in "iub" and not np.array_equal(labels, labels.astype(np.int64)):
        raise TypeError(f"to_categorical: expected integer labels, got dtype {labels.dtype}: round them first")
    labels = labels.astype(np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if not labels.size:
        raise ValueError("to_categorical: got no labels: pass at least 1")
    classes = int(labels.max()) + 1 if num_classes is None else int(num_classes)
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"to_categorical: labels go from {labels.min()} to {labels.max()}, num_classes is {classes}")
    rows: NDArray[np.float32] = np.eye(classes, dtype=np.float32)[labels]
    return rows


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist

    def __getattr__(name: str) -> Any:
        if name in OF_SAVING:
            return getattr(saving, name)
        raise no_such_name(f"module {__name__!r}", name, __all__, {**ADVICE, **NOT_THERE})
