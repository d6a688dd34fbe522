"""Functions as nodes of a graph: what Keras 3 writes of keras.ops, and tf.keras of tf functions, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tinyseq import ops
from tinyseq.saving.names import short

Json = Any

KERAS_3 = "keras.src.ops."
"""Keras's modules of operations begin so."""
OF_KERAS_2 = ("TFOpLambda", "SlicingOpLambda")

NAMES_OF_KERAS_3 = {"absolute": "abs", "true_divide": "divide", "re_lu": "relu", "true_div": "divide"}
"""Operation classes whose function has another name than the class in small letters."""

NAMES_OF_TENSORFLOW = {
    "__operators__.add": "add", "__operators__.getitem": "getitem", "add": "add", "concat": "concatenate", "expand_dims": "expand_dims",
    "math.abs": "abs", "math.add": "add", "math.divide": "divide", "math.exp": "exp", "math.log": "log", "math.maximum": "maximum",
    "math.minimum": "minimum", "math.multiply": "multiply", "math.negative": "negative", "math.pow": "power",
    "math.reduce_max": "max", "math.reduce_mean": "mean", "math.reduce_min": "min", "math.reduce_sum": "sum", "math.sigmoid": "sigmoid",
    "math.sqrt": "sqrt", "math.square": "square", "math.subtract": "subtract", "math.tanh": "tanh", "math.truediv": "divide",
    "linalg.matmul": "matmul", "nn.relu": "relu", "nn.softmax": "softmax", "reshape": "reshape", "squeeze": "squeeze",
    "transpose": "transpose",
}  # fmt: skip
"""tf functions that a functional model of tf.keras may hold."""
KEYWORDS_OF_TENSORFLOW = {"keepdims": "keepdims", "axis": "axis", "perm": "axes", "shape": "newshape"}

WRITTEN = {
    "abs": "Absolute", "add": "Add", "divide": "Divide", "exp": "Exp", "log": "Log", "matmul": "Matmul", "maximum": "Maximum",
    "minimum": "Minimum", "multiply": "Multiply", "negative": "Negative", "power": "Power", "sqrt": "Sqrt", "square": "Square",
    "subtract": "Subtract", "tanh": "Tanh",
}  # fmt: skip
"""Operations of ours whose arguments are those of Keras's class, in the same order."""


def is_operation(entry: Json) -> bool:
    """True for a node that is a function, not a layer."""
    return str(entry.get("module", "")).startswith(KERAS_3) or entry.get("class_name") in OF_KERAS_2


def function_of(entry: Json) -> Callable[..., Any]:
    """A function of tensors with the arguments of the file. ValueError for one that we do not have."""
    config = entry.get("config") if isinstance(entry.get("config"), dict) else {}
    if entry["class_name"] in OF_KERAS_2:
        return _of_tensorflow(str(config.get("function")))
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", entry["class_name"]).lower()
    name = NAMES_OF_KERAS_3.get(name, name)
    fixed = {key: value for key, value in config.items() if key not in ("name", "dtype", "trainable") and value is not None}
    return _called(name, fixed, f"operation {entry['class_name']}")


def _of_tensorflow(function: str) -> Callable[..., Any]:
    name = NAMES_OF_TENSORFLOW.get(function)
    if name is None:
        raise ValueError(f"tf.{function} in the file is not supported: write that part of the model with layers, and load its weights")
    inner = _called(name, {}, f"tf.{function}")

    def call(*arguments: Any, **keywords: Any) -> Any:
        given = {KEYWORDS_OF_TENSORFLOW.get(key, key): value for key, value in keywords.items() if key not in ("name", "dtype")}
        others = [given.pop(key) for key in ("y", "slice_spec", "b", "exponent") if key in given]
        return inner(*arguments, *others, **given)

    return call


def _called(name: str, fixed: dict[str, Any], where: str) -> Callable[..., Any]:
    if name in ("getitem", "get_item"):
        return lambda x, key: x[_key(key)]
    found = getattr(ops, name) if name in dir(ops) else None
    if found is None:
        raise ValueError(f"{where} in the file is not supported: write that part of the model with layers, and load its weights")
    return lambda *arguments, **keywords: found(*arguments, **fixed, **keywords)


def _key(value: Json) -> Any:
    """An index out of JSON: slices are objects (Keras 3) or dictionaries of start, stop and step (Keras 2)."""
    if isinstance(value, (list, tuple)):
        return tuple(_key(one) for one in value)
    if isinstance(value, dict):
        inner = value.get("config") if value.get("class_name") == "__slice__" else value
        if isinstance(inner, dict) and inner.keys() <= {"start", "stop", "step"}:
            return slice(inner.get("start"), inner.get("stop"), inner.get("step"))
        if value.get("class_name") == "__ellipsis__":
            return Ellipsis
        raise ValueError(f"an index in the file is {short(value)}: it is not supported")
    return value
