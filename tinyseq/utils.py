"""Small helpers under Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tinyseq import bounding_boxes, saving
from tinyseq.did_you_mean import ADVICE, no_such_name
from tinyseq.pipelines.folders import image_dataset_from_directory, text_dataset_from_directory
from tinyseq.pipelines.pictures import array_to_img, img_to_array, load_img, save_img
from tinyseq.pipelines.series import split_dataset, timeseries_dataset_from_array
from tinyseq.training.py_dataset import PyDataset
from tinyseq.weights.names import clear_session
from tinyseq.weights.seeds import set_random_seed

OF_SAVING = (
    "CustomObjectScope", "custom_object_scope", "deserialize_keras_object", "get_custom_objects", "get_registered_name",
    "get_registered_object", "register_keras_serializable", "serialize_keras_object",
)  # fmt: skip
"""Names of tinyseq.saving that Keras has here, too."""
__all__ = [
    "PyDataset", "Sequence", "array_to_img", "bounding_boxes", "clear_session", "image_dataset_from_directory", "img_to_array",
    "load_img", "normalize",
    "pad_sequences", "save_img", "set_random_seed", "split_dataset", "text_dataset_from_directory", "timeseries_dataset_from_array",
    "to_categorical", *OF_SAVING,
]  # fmt: skip

NOT_THERE = {
    "FeatureSpace": "it is not computed: write one Input for each column, Normalization, Discretization or CategoryEncoding after it, and "
    "Concatenate",
    "get_file": "it is not there: download the file with Python's urllib.request.urlretrieve(url, path), and check where it is from",
    "Progbar": "it is not there: fit(verbose=1) shows a bar",
    "model_to_dot": "write model.summary(style='wide')",
    "audio_dataset_from_directory": "it is not computed: read the files with the module wave, and pass arrays to fit",
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


def normalize(x: Any, axis: int = -1, order: int = 2) -> NDArray[Any]:
    """x divided by its length along an axis.

    Arguments:
        x: an array
        axis: the axis
        order: of the length, 2: the usual one

    >>> normalize([[3.0, 4.0]])
    array([[0.6, 0.8]])
    """
    array = np.asarray(x)
    lengths = np.atleast_1d(np.linalg.norm(array, order, axis))
    lengths[lengths == 0] = 1
    found: NDArray[Any] = array / np.expand_dims(lengths, axis)
    return found


def pad_sequences(
    sequences: Any, maxlen: int | None = None, dtype: Any = "int32", padding: str = "pre", truncating: str = "pre", value: Any = 0.0
) -> NDArray[Any]:
    """Sequences of different lengths -> one array (sequences, maxlen, ...), as Keras: padded and cut at their beginning by default.

    Arguments:
        sequences: lists or arrays, each (length, ...)
        maxlen: the length of each row; None: that of the longest sequence
        dtype: of the array
        padding: "pre" or "post": where `value` fills a short sequence up
        truncating: "pre" or "post": where a long sequence is cut
        value: what fills up

    >>> pad_sequences([[1, 2, 3], [4]])
    array([[1, 2, 3],
           [0, 0, 4]], dtype=int32)
    """
    for name, given in (("padding", padding), ("truncating", truncating)):
        if given not in ("pre", "post"):
            raise ValueError(f"pad_sequences: {name}={given!r}: expected 'pre' or 'post'")
    for index, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__"):
            raise ValueError(f"pad_sequences: sequence {index} is {sequence!r}, not a list: write [[1, 2], [3]]")
    kind = np.dtype(dtype)
    if isinstance(value, str) and kind.kind not in "OUS":
        raise ValueError(f"pad_sequences: value={value!r} is text, dtype={dtype!r} is not: pass dtype=object")
    length = max((len(sequence) for sequence in sequences), default=0) if maxlen is None else int(maxlen)
    sizes = next((np.shape(sequence)[1:] for sequence in sequences if len(sequence)), ())
    rows = np.full((len(sequences), length, *sizes), value, kind)
    for index, sequence in enumerate(sequences):
        kept = np.asarray(sequence[max(len(sequence) - length, 0) :] if truncating == "pre" else sequence[:length], kind)
        if len(kept) and kept.shape[1:] != sizes:
            raise ValueError(f"pad_sequences: the steps of sequence {index} have the shape {kept.shape[1:]}, those of others {sizes}")
        if len(kept):
            rows[index, slice(len(kept)) if padding == "post" else slice(length - len(kept), length)] = kept
    return rows


if not TYPE_CHECKING:  # so that mypy still reports names that do not exist

    def __getattr__(name: str) -> Any:
        if name in OF_SAVING:
            return getattr(saving, name)
        raise no_such_name(f"module {__name__!r}", name, __all__, {**ADVICE, **NOT_THERE})
