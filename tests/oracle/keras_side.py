"""The lines of tests/cases.py as Keras layers. Imported by the recording scripts only, never by a test."""

import os
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras

from tests.cases import Case
from tests.oracle.recorded import HERE, read, write

__all__ = ["HERE", "PUBLIC", "called", "keras", "layer_of", "made", "read", "symbolic_inputs", "write"]

PUBLIC = {"GroupedQueryAttention": "GroupQueryAttention"}
"""Classes that keras.layers has under another name than their own."""


def made(value: Any) -> Any:
    """("Dense", {"units": 3}) -> keras.layers.Dense(units=3), also within a list; anything else as it is."""
    if isinstance(value, list):
        return [made(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        name, arguments = value
        return getattr(keras.layers, PUBLIC.get(name, name))(**{key: made(item) for key, item in arguments.items()})
    return value


def layer_of(case: Case) -> Any:
    """The Keras layer of one line, not yet built."""
    return made((case.layer, case.arguments))


def symbolic_inputs(case: Case) -> Any:
    """Keras inputs of the case's shapes: one tensor, or a list where there are several."""
    tensors = [keras.Input(shape, batch_size=case.batch, dtype=case.dtype) for shape in case.inputs]
    return tensors if len(tensors) > 1 or case.layer in ("Subtract", "Concatenate") else tensors[0]


def called(layer: Any, inputs: Any) -> Any:
    """The layer's output; MultiHeadAttention and its kin take query, value and key as arguments of their own, not as a list."""
    apart = isinstance(layer, (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention))
    return layer(*inputs) if apart else layer(inputs)
