"""tinyseq.ops: functions of tensors and arrays, with the names and arguments of keras.ops.

On arrays they compute at once, by NumPy; on tensors of a model each becomes an operation of the graph, with a gradient. Inside call() of
a layer or model of your own they may be given weights, too.

    from tinyseq import ops
    ops.softmax([[1.0, 2.0]])            # an array
    y = ops.mean(x, axis=1) * 2.0        # a tensor of the model that x belongs to
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tinyseq.layers import core  # noqa: F401  tensors get their operators there
from tinyseq.layers.tensor_functions.composed import FUNCTIONS
from tinyseq.ops.absent import not_there

GROUPS = ("image", "linalg", "nn", "numpy")
"""Modules with some of the functions, under Keras's names."""

__all__ = sorted(FUNCTIONS)


def __getattr__(name: str) -> Any:
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in GROUPS:
        return import_module(f"tinyseq.ops.{name}")
    raise not_there(__name__, name)


def __dir__() -> list[str]:
    return [*__all__, *GROUPS]
