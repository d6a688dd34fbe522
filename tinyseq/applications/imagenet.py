"""Pictures as the stored weights expect them, and the names of ImageNet's classes.

Source of the three ways: keras 3.15, keras/src/applications/imagenet_utils.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinyseq.datasets.download import get_file
from tinyseq.layers.symbolic import SymbolicTensor

Array = NDArray[Any]

MODES = {
    "vgg16": "caffe", "vgg19": "caffe", "resnet": "caffe", "resnet50": "caffe", "densenet": "torch",
    **dict.fromkeys(
        ("inception_v3", "inception_resnet_v2", "resnet_v2", "xception", "mobilenet", "mobilenet_v2", "nasnet"), "tf"
    ),
}  # fmt: skip
"""What each family does to a picture; those that are missing have it in their first layers."""

BLUE_GREEN_RED = np.array([103.939, 116.779, 123.68], np.float32)
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
CLASSES = "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
CLASSES_HASH = "c2c37ea517e94d9795004a39431a14cb"


def preprocessor(family: str) -> Callable[..., Any]:
    """preprocess_input of a family."""
    mode = MODES.get(family, "as it is")

    def preprocess_input(x: Any, data_format: str | None = None) -> Any:
        """Pictures (..., rows, columns, 3) with numbers from 0 to 255, as the stored weights expect them: a new float32 array.

        Arguments:
            x: an array; or a tensor of a model, whose operations these become
            data_format: "channels_last" or None; others are not supported
        """
        if data_format not in (None, "channels_last"):
            raise ValueError(f"preprocess_input: data_format={data_format!r}: pictures are (rows, columns, channels) here")
        pictures = x if isinstance(x, SymbolicTensor) else np.array(x, np.float32)
        if pictures.ndim < 3 or pictures.shape[-1] != 3:
            raise ValueError(f"preprocess_input: got shape {pictures.shape}, expected pictures of shape (..., rows, columns, 3)")
        return _prepared(pictures, mode)

    return preprocess_input


def _prepared(x: Any, mode: str) -> Any:
    """caffe: blue, green, red, each less its mean; tf: from -1 to 1; torch: each colour less its mean, by its deviation."""
    if mode == "caffe":
        turned = x[..., ::-1]
        return (turned if isinstance(x, SymbolicTensor) else np.ascontiguousarray(turned)) - BLUE_GREEN_RED
    if mode == "tf":
        return x / np.float32(127.5) - np.float32(1)
    if mode == "torch":
        return (x / np.float32(255) - MEAN) / DEVIATION
    return x


def decode_predictions(preds: Any, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """The likeliest classes of each picture: (WordNet number, name, probability), likeliest first.

    Arguments:
        preds: (samples, 1000) probabilities
        top: how many of each
    """
    found = np.asarray(preds)
    if found.ndim != 2 or found.shape[1] != 1000:
        raise ValueError(f"decode_predictions: got shape {found.shape}, expected (samples, 1000), as a model with its top returns")
    names = json.loads(get_file("imagenet_class_index.json", CLASSES, CLASSES_HASH, cache_subdir="models").read_text(encoding="utf-8"))
    best = np.argsort(-found, axis=1, kind="stable")[:, :top]
    return [[(*names[str(index)], float(row[index])) for index in order] for row, order in zip(found, best, strict=True)]
